/** `/api/v1/streaming`: what happens, over WebSockets (several streams on one) and as server-sent events. */
import { type AnyElysia, Elysia } from "elysia";
import { connectionOf } from "../../../http/connection.ts";
import { eventResponse } from "../../../http/events.ts";
import { Problem } from "../../../lib/problem.ts";
import type { Face } from "../face.ts";
import { createStreamSockets } from "../stream-sockets.ts";
import { createTeller, earOf, streamerOf, streamFor, subscribe, watch } from "../streamers.ts";
import { isRefusal, sseOf } from "../streams.ts";

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
  const handlersFor = createStreamSockets(face, tell);

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
    // Browsers break off where the protocol that they named does not come back.
    const echoed = protocol === null ? {} : { "sec-websocket-protocol": protocol };
    const isOpen = connectionOf(request).upgrade(handlersFor(token, viewer, first), echoed);
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
    const who = streamerOf(viewer);
    const stream = await streamFor(face, who, asked);
    if (isRefusal(stream)) return Response.json({ error: stream.error }, { status: stream.status });
    return eventResponse(request, ({ send, end }) => {
      const listening = face.live.listen(
        earOf(who, end, (_label, event) => tell(who.actor, event, (told) => send(sseOf(told)))),
      );
      subscribe(listening, stream);
      const stopWatching = watch(face, token, viewer.endsMs ?? null, end);
      return () => {
        stopWatching?.();
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
