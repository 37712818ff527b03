/** What happens while a page is open: which page hears what, and the stream that it hears it by. */
import { eventResponse } from "../server/http/events.ts";
import { parseKey } from "../server/lib/id.ts";
import { isProblem } from "../server/lib/problem.ts";
import { rowOf } from "../server/lib/row-of.ts";
import type { Channel, LiveEvent } from "../server/live/channels.ts";
import type { FeedItem, NoticeView } from "../server/queries/view.ts";
import type { WebDeps } from "./face.ts";
import { preferredLanguage, words } from "./words/index.ts";

/** Lines that a page may have missed while it was away; more are a new page. */
const MAX_MISSED = 20;

/** Nobody but one of our own pages is told: scripts of other sites could not read it, and have no reason to ask. */
const isOwnPage = (request: Request): boolean =>
  ["same-origin", null].includes(request.headers.get("sec-fetch-site"));

/** Answers `GET /live`: events `line` (a key), `gone` (a key) and `unread` (a number, and in words). */
export async function liveStream(deps: WebDeps, request: Request): Promise<Response> {
  const viewer = await deps.viewers.inBrowser(request);
  if (viewer === null || viewer.mustSetUp === true || !isOwnPage(request))
    return new Response("Sign in first.\n", { status: 401 });
  const { actorKey, accountKey, sessionKey, consent } = viewer;
  const query = new URL(request.url).searchParams;
  const language = viewer.locale ?? preferredLanguage(request.headers.get("accept-language"));
  const channel = await channelOf(deps, query, actorKey);
  try {
    return eventResponse(request, ({ send, end }) => {
      const say = (name: string, data: object): void =>
        send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      const orLog = (work: Promise<void>): void => {
        work.catch((error) => deps.log.error("A page could not be told what happened", error));
      };
      const listening = deps.live.listen({
        viewer: actorKey,
        access: { account: accountKey, session: sessionKey, consent },
        hear(label, event) {
          if (label === "page") tellPage(event, say);
          else if (event.what === "notice" || (event.what === "told" && event.news.name === "notices-read"))
            orLog(tellUnread(event.what === "notice"));
        },
        end,
      });
      if (channel !== null) listening.add(channel, "page");
      listening.add({ of: "notices", actor: actorKey }, "self");
      listening.add({ of: "self", actor: actorKey }, "self");
      orLog(tellMissed(deps, query, actorKey, say, tellUnread));
      return listening.close;

      async function tellUnread(isNew: boolean): Promise<void> {
        const count = await deps.queries.unreadNotices(actorKey);
        say("unread", { count, isNew, label: words(language).shell.newNotices(count) });
      }
    });
  } catch (error) {
    if (!isProblem(error, "too-many")) throw error;
    return new Response(`${error.message}\n`, { status: 429, headers: { "retry-after": "60" } });
  }
}

async function channelOf(
  { queries }: WebDeps,
  query: URLSearchParams,
  actor: number,
): Promise<Channel | null> {
  const key = parseKey(query.get("key"));
  switch (query.get("on")) {
    case "home":
      return { of: "home", actor };
    case "here":
    case "everywhere":
      return { of: "public", place: query.get("on") === "here" ? "here" : "everywhere", onlyMedia: false };
    case "tag":
      return { of: "tag", tag: (query.get("name") ?? "").toLowerCase(), place: "everywhere" };
    case "list": {
      const list = key === null ? null : await queries.list(key, actor);
      return list && { of: "list", list: list.key };
    }
    case "group": {
      // Of a private group not even a number is told to those who are not in it.
      const group = key === null ? null : await queries.group(key, actor);
      const isClosed = group?.access === "private" && (group.mine?.role ?? null) === null;
      return key === null || group === null || isClosed ? null : { of: "group", group: key };
    }
    case "thread":
      return key === null ? null : { of: "thread", root: key };
    default:
      return null;
  }
}

type Say = (name: string, data: object) => void;

function tellPage(event: LiveEvent<FeedItem, NoticeView>, say: Say): void {
  if (event.what === "made") say("line", { key: String(event.item.object.key) });
  if (event.what === "deleted") say("gone", { key: String(event.key) });
}

/** While the page was on its way, or after a break: what came in the lists that have an order. Cards that the page has already are its own to know. */
async function tellMissed(
  { queries }: WebDeps,
  query: URLSearchParams,
  viewer: number,
  say: Say,
  tellUnread: (isNew: boolean) => Promise<void>,
): Promise<void> {
  const since = parseKey(query.get("since"));
  if (since === null) return;
  const page = { after: since, limit: MAX_MISSED };
  const readers: Readonly<Record<string, () => ReturnType<typeof queries.home>>> = {
    home: () => queries.home(viewer, page),
    here: () => queries.localPublic(viewer, page),
    everywhere: () => queries.everywhere(viewer, page),
    tag: () => queries.hashtag(query.get("name") ?? "", viewer, page),
  };
  const read = rowOf(readers, query.get("on") ?? "");
  const missed = read ? (await read()).items : [];
  for (const { object } of missed) say("line", { key: String(object.key) });
  await tellUnread(false);
}
