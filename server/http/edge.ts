/** What every request passes on its way in and out, with or without a socket: limits, preflight, guards. */
import { isThisMachine } from "../lib/address-prefix.ts";
import { createBuckets, type Rate } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { newCode } from "../lib/secret.ts";
import { type Connection, connectionOf, sameConnection } from "./connection.ts";
import { addCors, addGuards, isOpenToScripts, preflight } from "./headers.ts";
import { spoolForm } from "./multipart.ts";
import { statusProblem } from "./problems.ts";
import { addLimitHeaders } from "./rate-limit.ts";

/** Documents and forms; Mastodon takes as much. */
export const MAX_BODY_BYTES = 1_000_000;
/** From the first byte to the answer, for requests with a body. */
export const BODY_DEADLINE_MS = 30_000;
/** The same for files, over a school's line. */
const UPLOAD_DEADLINE_MS = 10 * 60_000;
/** A whole school behind one address: fifty requests a second, and a page's worth of each pupil at once. */
const NETWORK_RATE: Rate = { burst: 3_000, everyMs: 20 };
/** Requests of one network that are being answered at one time. */
const MAX_OPEN_PER_NETWORK = 128;
/** All together; beyond it waiting would only make everybody wait longer. */
const MAX_OPEN = 1_024;
const OVERLOAD_SECONDS = 5;

export interface EdgeDeps {
  readonly handle: (request: Request) => Response | Promise<Response>;
  readonly now: Now;
  readonly log: Log;
  /** Whether this is a form with files (`multipart/form-data`), at an address that takes them: it may be larger. */
  readonly takesFiles: (path: string, contentType: string) => boolean;
  /** Largest file, in bytes. */
  readonly maxUploadBytes: number;
  /** Where large files of forms lie until the request is answered. */
  readonly spoolFolder: string;
  readonly isSecure: boolean;
  readonly networkRate?: Rate;
  readonly bodyDeadlineMs?: number;
}

export type Edge = (request: Request) => Promise<Response>;

export function createEdge(deps: EdgeDeps): Edge {
  const { handle, now, log, takesFiles, maxUploadBytes, spoolFolder } = deps;
  const { bodyDeadlineMs = BODY_DEADLINE_MS } = deps;
  const network = createBuckets({ now, rate: deps.networkRate ?? NETWORK_RATE });
  const openByNetwork = new Map<string, number>();
  let open = 0;

  /** What has a body waits for it, within its bounds. */
  function answer(request: Request, path: string): Response | Promise<Response> {
    if (request.method === "OPTIONS" && isOpenToScripts(path)) return preflight();
    return hasBody(request) ? answerBody(request, path) : handle(request);
  }

  async function answerBody(request: Request, path: string): Promise<Response> {
    if (takesFiles(path, request.headers.get("content-type") ?? ""))
      return withDeadline(UPLOAD_DEADLINE_MS, () => spooled(request));
    const { headers } = request;
    if (Number(headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge();
    return withDeadline(bodyDeadlineMs, async () => {
      const bounded = headers.has("content-length") ? request : await readBounded(request, MAX_BODY_BYTES);
      return bounded === null ? tooLarge() : handle(bounded);
    });
  }

  /** A form that is too large is refused by its own face, in words, when that asks for it. */
  async function spooled(request: Request): Promise<Response> {
    const clear = spoolForm(request, { folder: spoolFolder, maxBytes: maxUploadBytes });
    try {
      return await handle(request);
    } finally {
      await clear();
    }
  }

  function refusal(connection: Connection): Response | null {
    if (open >= MAX_OPEN) return overload();
    // Behind a proxy that is not trusted everybody is this machine: no limit is better than one for all.
    if (isThisMachine(connection.address)) return null;
    if ((openByNetwork.get(connection.addressPrefix) ?? 0) >= MAX_OPEN_PER_NETWORK) return tooMany(1);
    const taken = network.take(connection.addressPrefix);
    return taken.allowed ? null : tooMany(taken.retryAfterSeconds);
  }

  function enter(prefix: string): void {
    open++;
    openByNetwork.set(prefix, (openByNetwork.get(prefix) ?? 0) + 1);
  }

  function leave(prefix: string): void {
    open--;
    const left = (openByNetwork.get(prefix) ?? 1) - 1;
    if (left === 0) openByNetwork.delete(prefix);
    else openByNetwork.set(prefix, left);
  }

  function failed(error: unknown, request: Request, path: string): Response {
    const id = newCode();
    log.error("A request failed outside its face", error, { method: request.method, path, request: id });
    return plain(500, "Something went wrong here.\n", { "x-request-id": id });
  }

  return async (request) => {
    const path = pathOf(request.url);
    const connection = connectionOf(request);
    let response = refusal(connection);
    if (response === null) {
      enter(connection.addressPrefix);
      try {
        response = withMutableHeaders(await answer(request, path));
      } catch (error) {
        response = failed(error, request, path);
      } finally {
        leave(connection.addressPrefix);
      }
    }
    if (response.status >= 400 && isOpenToScripts(path)) response = await forPrograms(response, path);
    const { headers } = response;
    addGuards(headers, { isSecure: deps.isSecure });
    addLimitHeaders(headers, request);
    if (isOpenToScripts(path)) addCors(headers);
    return response;
  };
}

/** The path as it was sent, without the query. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  if (start < 0) return "/";
  const query = url.indexOf("?", start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}

const hasBody = ({ method, headers }: Request): boolean =>
  method !== "GET" && method !== "HEAD" && method !== "OPTIONS" && headers.get("content-length") !== "0";

/** A body whose length was not told, read until it ends or is too long (null). */
async function readBounded(request: Request, limit: number): Promise<Request | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) return null;
    chunks.push(chunk);
  }
  const { url, method, headers } = request;
  return sameConnection(request, new Request(url, { method, headers, body: Buffer.concat(chunks) }));
}

/** Whoever sends a body a byte at a time is not waited for. */
async function withDeadline(ms: number, work: () => Promise<Response>): Promise<Response> {
  const late = Promise.withResolvers<Response>();
  const timer = setTimeout(
    () => late.resolve(plain(408, "The request took too long to arrive.\n", { connection: "close" })),
    ms,
  );
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** `Response.redirect` and the like cannot be changed. */
function withMutableHeaders(response: Response): Response {
  try {
    response.headers.delete("x-powered-by");
    return response;
  } catch {
    // @NOTE A TypeError is how immutable headers say so.
    return new Response(response.body, response);
  }
}

/** What the edge itself says to programs, which read JSON alone: those of Mastodon's API `{ error }`, others RFC 9457. */
async function forPrograms(response: Response, path: string): Promise<Response> {
  if (response.headers.get("content-type")?.startsWith("text/plain") !== true) return response;
  const message = (await response.text()).trim();
  const isMastodon = path.startsWith("/api/") && !path.startsWith("/api/c2s/");
  const said = isMastodon
    ? Response.json({ error: message }, { status: response.status })
    : statusProblem(response.status, message);
  for (const [name, value] of response.headers)
    if (name !== "content-type" && name !== "content-length") said.headers.set(name, value);
  return said;
}

const plain = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });

const tooLarge = (): Response =>
  plain(413, `At most ${MAX_BODY_BYTES} bytes are taken here.\n`, { connection: "close" });

const tooMany = (seconds: number): Response =>
  plain(429, "Too many requests from your network. Wait a little, then try again.\n", {
    "retry-after": String(seconds),
  });

const overload = (): Response =>
  plain(503, "The server has too much to do at the moment. Try again soon.\n", {
    "retry-after": String(OVERLOAD_SECONDS),
  });
