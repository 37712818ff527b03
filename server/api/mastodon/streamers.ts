/** Who streams, what they may hear, and how events become words of this API. */
import type { Viewer } from "../../http/viewer.ts";
import { parseKey } from "../../lib/id.ts";
import { isProblem } from "../../lib/problem.ts";
import type { Access, Ear, Listening } from "../../live/hub.ts";
import { allows } from "../../oauth/provider/scopes.ts";
import type { FeedItem, NoticeView } from "../../queries/view.ts";
import type { AnnouncementFor } from "../../site/announcements.ts";
import { notificationOf } from "./entities/notification.ts";
import type { Face } from "./face.ts";
import { idOf } from "./ids.ts";
import { extrasOf } from "./notices.ts";
import { type Asked, type Heard, type Refusal, type Stream, streamOf, type Told, toldOf } from "./streams.ts";
import { announcementOf } from "./v1/announcements.ts";
import { conversationOf } from "./v1/conversations.ts";

/** What of a viewer is kept as long as the stream is open. */
export interface Streamer {
  readonly actor: number;
  readonly access: Access;
  readonly scopes: Viewer["scopes"];
}

export const streamerOf = (viewer: Viewer): Streamer => ({
  actor: viewer.actorKey,
  access: { account: viewer.accountKey, session: viewer.sessionKey, consent: viewer.consent },
  scopes: viewer.scopes,
});

/** What a timer can wait for; no stream lasts that long. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends what is open when the token ends by itself, or had ended before anybody listened for it. Gives how to stop. */
export function watch(
  face: Face,
  token: string,
  endsMs: number | null,
  end: () => void,
): (() => void) | null {
  face.viewers.fromToken(token).catch((error) => {
    if (!isProblem(error)) face.log.error("Whether a token is still good could not be asked", error);
    end();
  });
  const leftMs = endsMs === null ? Number.POSITIVE_INFINITY : endsMs - face.now();
  if (leftMs > MAX_TIMER_MS) return null;
  const timer = setTimeout(end, Math.max(0, leftMs));
  return () => clearTimeout(timer);
}

export const streamFor = (face: Face, { actor, scopes }: Streamer, asked: Asked): Promise<Stream | Refusal> =>
  streamOf(asked, {
    actor,
    allows: (scope) => scopes === "session" || allows(scopes, scope),
    ownList: async (id) => {
      const key = parseKey(id);
      return key === null ? null : ((await face.queries.list(key, actor))?.key ?? null);
    },
  });

export const earOf = (
  { actor, access }: Streamer,
  end: Ear<FeedItem, NoticeView>["end"],
  hear: Ear<FeedItem, NoticeView>["hear"],
): Ear<FeedItem, NoticeView> => ({ viewer: actor, access, hear, end });

export function subscribe(listening: Listening, { label, channels }: Stream): void {
  const text = JSON.stringify(label);
  for (const channel of channels) listening.add(channel, text);
}

export type Tell = (viewer: number, event: Heard, told: (told: Told) => void) => void;

/** Events in this API's words; each is put into words once, however many hear it. */
export function createTeller(face: Face): Tell {
  const known = new WeakMap<Heard, Told | Promise<Told | null>>();
  return (viewer, event, told) => {
    const words = known.get(event) ?? toldOf(event, face) ?? lookedUp(face, viewer, event);
    known.set(event, words);
    if (!(words instanceof Promise)) return told(words);
    words.then(
      (found) => found && told(found),
      (error) => face.log.error("An event could not be put into words", error, { event: event.what }),
    );
  };
}

/** One text goes to everybody: what one of them has read and said is not in it. */
const forAll = (given: AnnouncementFor): AnnouncementFor => ({
  ...given,
  isRead: false,
  reactions: given.reactions.map((reaction) => ({ ...reaction, isMine: false })),
});

/** What is for one person alone, or rare. */
async function lookedUp(face: Face, viewer: number, event: Heard): Promise<Told | null> {
  if (event.what === "notice") {
    const extras = await extrasOf(face, viewer, [event.notice]);
    const entity = notificationOf(event.notice, face, extras.get(event.notice.key));
    return entity && { event: "notification", payload: JSON.stringify(entity) };
  }
  if (event.what !== "told") return null;
  const { name, about, detail } = event.news;
  if (name === "announcement" || name === "announcement-reaction") {
    const all = await face.announcements.for(viewer, true);
    const found = all.find(({ key }) => key === about);
    if (found === undefined) return null;
    if (name === "announcement")
      return { event: "announcement", payload: JSON.stringify(await announcementOf(forAll(found), face)) };
    const count = found.reactions.find(({ emoji }) => emoji === detail)?.count ?? 0;
    const reaction = { name: detail, count, announcement_id: idOf(found.key) };
    return { event: "announcement.reaction", payload: JSON.stringify(reaction) };
  }
  if (name !== "talk" || about === null) return null;
  const talk = await face.queries.talk(viewer, { key: about });
  return talk && { event: "conversation", payload: JSON.stringify(conversationOf(talk, face)) };
}
