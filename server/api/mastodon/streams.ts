/** The names of streams, what each needs, and what is told there as frames: one text for all who hear the same. */

import { bareTag } from "../../lib/hashtag.ts";
import { rowOf } from "../../lib/row-of.ts";
import type { Channel, LiveEvent } from "../../live/channels.ts";
import type { FeedItem, NoticeView } from "../../queries/view.ts";
import type { Site } from "./entities/account.ts";
import { shareOf, statusOf } from "./entities/status.ts";
import { idOf } from "./ids.ts";

/** What one subscription asks for; `tag` and `list` as the client wrote them. */
export interface Asked {
  readonly stream: string;
  readonly tag: string | null;
  readonly list: string | null;
}

export interface Stream {
  /** As it stands in each frame: `["hashtag","maths"]`. */
  readonly label: readonly string[];
  readonly scope: string;
  readonly channels: readonly Channel[];
}

/** Frames of one stream carry its name; kept as JSON, so that it is written once. */
export type Label = string;

export type Heard = LiveEvent<FeedItem, NoticeView>;

/** The event of a frame, and its payload as text: JSON for entities, an id, or nothing. */
export interface Told {
  readonly event: string;
  readonly payload: string | null;
}

/** `list` is the key of a list of the viewer's own. */
type Build = (viewer: number, asked: { readonly tag: string; readonly list: number }) => readonly Channel[];

const STATUSES = "read:statuses";
const NOTICES = "read:notifications";

const open = (place: "everywhere" | "here" | "elsewhere", onlyMedia: boolean): Build => {
  const channels: readonly Channel[] = [{ of: "public", place, onlyMedia }];
  return () => channels;
};

const STREAMS: Readonly<Record<string, { readonly scope: string; readonly build: Build }>> = {
  // What happened to the person comes with it where the token may read that: `mayHear`.
  user: {
    scope: STATUSES,
    build: (actor) => [
      { of: "home", actor },
      { of: "notices", actor },
      { of: "self", actor },
    ],
  },
  "user:notification": { scope: NOTICES, build: (actor) => [{ of: "notices", actor }] },
  public: { scope: STATUSES, build: open("everywhere", false) },
  "public:media": { scope: STATUSES, build: open("everywhere", true) },
  "public:local": { scope: STATUSES, build: open("here", false) },
  "public:local:media": { scope: STATUSES, build: open("here", true) },
  "public:remote": { scope: STATUSES, build: open("elsewhere", false) },
  "public:remote:media": { scope: STATUSES, build: open("elsewhere", true) },
  hashtag: { scope: STATUSES, build: (_, { tag }) => [{ of: "tag", tag, place: "everywhere" }] },
  "hashtag:local": { scope: STATUSES, build: (_, { tag }) => [{ of: "tag", tag, place: "here" }] },
  list: { scope: STATUSES, build: (_, { list }) => [{ of: "list", list }] },
  direct: { scope: STATUSES, build: (actor) => [{ of: "talks", actor }] },
};

/** What is wrong with a subscription, as the status and sentence of Mastodon's streaming. */
export interface Refusal {
  readonly status: 400 | 401 | 404;
  readonly error: string;
}

const refused = (status: Refusal["status"], error: string): Refusal => ({ status, error });

/** `ownList` gives the key of a list that the viewer keeps, by its id; null where there is none. */
export async function streamOf(
  asked: Asked,
  viewer: {
    readonly actor: number;
    readonly allows: (scope: string) => boolean;
    readonly ownList: (id: string) => Promise<number | null>;
  },
): Promise<Stream | Refusal> {
  const { stream, tag, list } = asked;
  const known = rowOf(STREAMS, stream);
  if (known === undefined) return refused(400, "Unknown channel requested");
  if (!viewer.allows(known.scope)) return refused(401, "Access token does not have the required scopes");
  const isTag = stream.startsWith("hashtag");
  const bare = bareTag(tag ?? "");
  if (isTag && bare === "") return refused(400, "Missing tag name parameter");
  const isList = stream === "list";
  const listKey = isList ? await viewer.ownList(list ?? "") : null;
  if (isList && listKey === null) return refused(404, "Not authorized to stream this list");
  const channels = known
    .build(viewer.actor, { tag: bare, list: listKey ?? 0 })
    .filter(({ of }) => of !== "notices" || viewer.allows(NOTICES));
  const label = isTag ? [stream, tag ?? ""] : isList ? [stream, list ?? ""] : [stream];
  return { label, scope: known.scope, channels };
}

export const isRefusal = (given: Stream | Refusal): given is Refusal => "error" in given;

/** An event in this API's words, where nothing more need be known; null for what has to be looked up. */
export function toldOf(event: Heard, site: Site): Told | null {
  switch (event.what) {
    case "made":
    case "changed": {
      const status = statusOfItem(event.item, site);
      const name = event.what === "made" ? "update" : "status.update";
      return status && { event: name, payload: JSON.stringify(status) };
    }
    case "deleted":
      return { event: "delete", payload: idOf(event.key) };
    case "notice":
      return null;
    case "told":
      return newsOf(event.news);
    default:
      return event satisfies never;
  }
}

function statusOfItem({ key, object, sharedBy }: FeedItem, site: Site) {
  const status = statusOf(object, site);
  return status === null || sharedBy === null ? status : shareOf(status, key, sharedBy, site);
}

function newsOf({ name, about }: Extract<Heard, { what: "told" }>["news"]): Told | null {
  switch (name) {
    case "filters-changed":
      return { event: "filters_changed", payload: null };
    case "notices-merged":
      return { event: "notifications_merged", payload: "1" };
    case "announcement-deleted":
      return { event: "announcement.delete", payload: idOf(about ?? 0) };
    default:
      return null;
  }
}

/** The text of a frame over a WebSocket. */
export const frameOf = (label: Label, { event, payload }: Told): string =>
  `{"stream":${label},"event":"${event}"${payload === null ? "" : `,"payload":${JSON.stringify(payload)}`}}`;

/** The same as a server-sent event; one without data would never be told to anybody. */
export const sseOf = ({ event, payload }: Told): string => `event: ${event}\ndata: ${payload ?? "{}"}\n\n`;
