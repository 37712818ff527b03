/** `/api/v1/streaming`: what happens, over WebSockets (several streams on one) and as server-sent events. */
import { type AnyElysia, Elysia } from "elysia";
import { connectionOf, type OpenSocket } from "../../../http/connection.ts";
import { eventResponse } from "../../../http/events.ts";
import type { Viewer } from "../../../http/viewer.ts";
import { parseKey } from "../../../lib/id.ts";
import { isJsonObject, parseJson } from "../../../lib/json.ts";
import { isProblem, Problem } from "../../../lib/problem.ts";
import type { Ear, Listening } from "../../../live/hub.ts";
import { allows } from "../../../oauth/provider/scopes.ts";
import type { FeedItem, NoticeView } from "../../../queries/view.ts";
import { notificationOf } from "../entities/notification.ts";
import type { Face } from "../face.ts";
import { extrasOf } from "../notices.ts";
import {
  type Asked,
  frameOf,
  type Heard,
  isRefusal,
  type Label,
  type Stream,
  sseOf,
  streamOf,
  type Told,
  toldOf,
} from "../streams.ts";
import { conversationOf } from "./conversations.ts";

/** RFC 6455 §7.4.1 and the IANA registry. */
const POLICY_VIOLATION = 1008;
const TRY_LATER = 1013;
const PATH = "/api/v1/streaming";

/** Names of streams as server-sent events have them in their path. */
const BY_PATH: Readonly<Record<string, string>> = {
  user: "user",
  "user/notification": "user:notification",
  public: "public",
  "public/local": "public:local",
  "public/remote": "public:remote",
  hashtag: "hashtag",
  "hashtag/local": "hashtag:local",
  list: "list",
  direct: "direct",
};

export function streamingRoutes(face: Face): AnyElysia {
  const tell = createTeller(face);

  async function socket(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    const protocol = request.headers.get("sec-websocket-protocol");
    const token = tokenOf(request, asked.get("access_token") ?? protocol);
    const viewer = await face.viewers.fromToken(token);
    const stream = asked.get("stream");
    if (!request.headers.has("upgrade")) {
      if (stream !== null) return events(request, stream);
      throw new Problem("invalid", "Open this address as a WebSocket, or name a stream.");
    }
    const first = stream === null ? null : { stream, tag: asked.get("tag"), list: asked.get("list") };
    const conversation = createConversation(face, token, viewer, tell);
    // Browsers break off where the protocol that they named does not come back.
    const echoed = protocol === null ? {} : { "sec-websocket-protocol": protocol };
    const isOpen = connectionOf(request).upgrade(
      {
        open: (opened) => conversation.open(opened, first),
        message: (_, data) => conversation.said(data),
        close: () => conversation.close(),
      },
      echoed,
    );
    if (isOpen) return new Response(null);
    throw new Problem("invalid", "This connection cannot become a WebSocket.");
  }

  async function events(request: Request, name: string): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const token = tokenOf(request, query.get("access_token"));
    const viewer = await face.viewers.fromToken(token);
    const isMedia = /^public/.test(name) && /^(?:true|1|on)$/i.test(query.get("only_media") ?? "");
    const asked = {
      stream: isMedia ? `${name}:media` : name,
      tag: query.get("tag"),
      list: query.get("list"),
    };
    const stream = await streamFor(face, viewer, asked);
    if (isRefusal(stream)) return Response.json({ error: stream.error }, { status: stream.status });
    return eventResponse(request, ({ send, end }) => {
      const listening = face.live.listen(
        earOf(viewer, end, (_label, event) => tell(viewer, event, (told) => send(sseOf(told)))),
      );
      subscribe(listening, stream);
      const stopWatching = watch(face, token, viewer, end);
      return () => {
        stopWatching();
        listening.close();
      };
    });
  }

  const orError = async (request: Request, work: () => Promise<Response>): Promise<Response> => {
    try {
      return await work();
    } catch (error) {
      return face.onError({ error, request });
    }
  };

  const app = new Elysia({ name: "mastodon streaming" })
    .get(PATH, ({ request }) => orError(request, () => socket(request)))
    .get(`${PATH}/`, ({ request }) => orError(request, () => socket(request)))
    .get(`${PATH}/health`, () => new Response("OK", { headers: { "content-type": "text/plain" } }));
  for (const [path, stream] of Object.entries(BY_PATH))
    app.get(`${PATH}/${path}`, ({ request }) => orError(request, () => events(request, stream)));
  return app as unknown as AnyElysia;
}

/** Tokens alone: a browser's cookie goes along with whatever page opens the socket. @throws Problem `unauthenticated`. */
function tokenOf(request: Request, given: string | null): string {
  const header = /^bearer +(\S+)$/i.exec(request.headers.get("authorization")?.trim() ?? "")?.[1];
  const token = header ?? given;
  if (token) return token;
  throw new Problem("unauthenticated", "Missing access token", { reason: "invalid_token" });
}

/** What a timer can wait for; no stream lasts that long. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends what is open when the token ends by itself, or had ended before anybody listened for it. Gives how to stop. */
function watch(face: Face, token: string, viewer: Viewer, end: () => void): () => void {
  face.viewers.fromToken(token).catch((error) => {
    if (!isProblem(error)) face.log.error("Whether a token is still good could not be asked", error);
    end();
  });
  const leftMs = viewer.endsMs == null ? Number.POSITIVE_INFINITY : viewer.endsMs - face.now();
  const timer = leftMs > MAX_TIMER_MS ? null : setTimeout(end, Math.max(0, leftMs));
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
}

const mayDo = (viewer: Viewer, scope: string): boolean =>
  viewer.scopes === "session" || allows(viewer.scopes, scope);

const streamFor = (face: Face, viewer: Viewer, asked: Asked) =>
  streamOf(asked, {
    actor: viewer.actorKey,
    allows: (scope) => mayDo(viewer, scope),
    ownList: async (id) => {
      const key = parseKey(id);
      return key === null ? null : ((await face.queries.list(key, viewer.actorKey))?.key ?? null);
    },
  });

const earOf = (
  viewer: Viewer,
  end: () => void,
  hear: Ear<FeedItem, NoticeView>["hear"],
): Ear<FeedItem, NoticeView> => ({
  viewer: viewer.actorKey,
  access: { account: viewer.accountKey, session: viewer.sessionKey, consent: viewer.consent },
  hear,
  end,
});

function subscribe(listening: Listening, { label, channels }: Stream): void {
  const text = JSON.stringify(label);
  for (const channel of channels) listening.add(channel, text);
}

type Tell = (viewer: Viewer, event: Heard, told: (told: Told) => void) => void;

/** Events in this API's words; each is put into words once, however many hear it. */
function createTeller(face: Face): Tell {
  const known = new WeakMap<Heard, Told | Promise<Told | null>>();
  return (viewer, event, told) => {
    const words = known.get(event) ?? toldOf(event, face) ?? lookedUp(face, viewer.actorKey, event);
    known.set(event, words);
    if (!(words instanceof Promise)) return told(words);
    words.then(
      (found) => found && told(found),
      (error) => face.log.error("An event could not be put into words", error, { event: event.what }),
    );
  };
}

/** What is for one person alone, or rare. */
async function lookedUp(face: Face, viewer: number, event: Heard): Promise<Told | null> {
  if (event.what === "notice") {
    const extras = await extrasOf(face, viewer, [event.notice]);
    const entity = notificationOf(event.notice, face, extras.get(event.notice.key));
    return entity && { event: "notification", payload: JSON.stringify(entity) };
  }
  if (event.what !== "told") return null;
  const { name, about } = event.news;
  if (name !== "talk" || about === null) return null;
  const talk = await face.queries.talk(viewer, { key: about });
  return talk && { event: "conversation", payload: JSON.stringify(conversationOf(talk, face)) };
}

/** One WebSocket: what it listens to changes with what the client says. */
function createConversation(face: Face, token: string, viewer: Viewer, tell: Tell) {
  let socket: OpenSocket | null = null;
  let stopWatching = (): void => {};
  let listening: Listening | null = null;

  const say = (value: object): void => socket?.send(JSON.stringify(value));

  async function begin(asked: Asked): Promise<void> {
    const stream = await streamFor(face, viewer, asked);
    if (listening === null) return;
    if (isRefusal(stream)) return say(stream);
    subscribe(listening, stream);
  }

  async function end(asked: Asked): Promise<void> {
    const stream = await streamFor(face, viewer, asked);
    if (isRefusal(stream)) return;
    const label = JSON.stringify(stream.label);
    for (const channel of stream.channels) listening?.remove(channel, label);
  }

  /** What the client may get wrong is told to it; anything else is a bug. */
  function attempt(work: Promise<void>): void {
    work.catch((error) => {
      if (isProblem(error)) return say({ error: error.message, status: 429 });
      face.log.error("A stream could not be opened", error);
      socket?.close(TRY_LATER);
    });
  }

  return {
    open(opened: OpenSocket, first: Asked | null): void {
      socket = opened;
      try {
        listening = face.live.listen(
          earOf(
            viewer,
            () => opened.close(POLICY_VIOLATION),
            (label, event) => tell(viewer, event, (told) => opened.send(frameFor(event, label, told))),
          ),
        );
      } catch (error) {
        if (!isProblem(error)) throw error;
        opened.close(TRY_LATER, error.message);
        return;
      }
      stopWatching = watch(face, token, viewer, () => opened.close(POLICY_VIOLATION));
      if (first !== null) attempt(begin(first));
    },
    said(data: string | Uint8Array): void {
      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
      const message = parseJson(text);
      if (!isJsonObject(message)) {
        say({ error: "Could not parse message", status: 400 });
        return;
      }
      const word = (name: string) => (message[name] == null ? null : String(message[name]));
      const asked = { stream: word("stream") ?? "", tag: word("tag"), list: word("list") };
      if (message.type === "subscribe") attempt(begin(asked));
      else if (message.type === "unsubscribe") attempt(end(asked));
    },
    close(): void {
      stopWatching();
      listening?.close();
      listening = null;
      socket = null;
    },
  };
}

/** Frames by event and stream, so that two thousand who hear the same share one text. */
const frames = new WeakMap<Heard, Map<Label, string>>();

function frameFor(event: Heard, label: Label, told: Told): string {
  const known = frames.get(event) ?? new Map<Label, string>();
  frames.set(event, known);
  const frame = known.get(label) ?? frameOf(label, told);
  known.set(label, frame);
  return frame;
}
