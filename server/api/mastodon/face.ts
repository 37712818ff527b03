/** The frame of every endpoint: who asks, what they say, how often, and the answer as JSON with its headers. */
import { connectionOf, limitOf as limitSaid, noteLimit } from "../../http/connection.ts";
import { bearerToken, type Viewer } from "../../http/viewer.ts";
import { createBuckets, type Rate } from "../../lib/buckets.ts";
import type { PageRequest } from "../../lib/page.ts";
import { Problem } from "../../lib/problem.ts";
import type { Queries } from "../../queries/queries.ts";
import type { FaceDeps } from "./deps.ts";
import { createOnError, type OnError } from "./errors.ts";
import { keyOf, timeOf } from "./ids.ts";
import { type Around, type PageSize, pageLinks, pageRequestOf } from "./paging.ts";
import { type Params, readParams } from "./params.ts";

/** By account, else by network: an app that fills several columns at once, then five a second. */
const READ_RATE: Rate = { burst: 1_500, everyMs: 200 };
/** The same for what changes something: a class that answers a poll, then one a second. */
const WRITE_RATE: Rate = { burst: 300, everyMs: 1_000 };
/** Words of vocabularies in what programs read that do not say which language they speak. */
const DEFAULT_LANGUAGE = "en";

/** One request, read. */
export interface Call {
  readonly request: Request;
  readonly params: Params;
  /** Null for nobody, or where the token may not read this. */
  readonly viewer: Viewer | null;
  /** The viewer's actor, for queries. */
  readonly viewerKey: number | null;
  /** Reads in the viewer's language. */
  readonly queries: Queries;
  /** A part of the path, by its name in the route. */
  part(name: string): string;
  /** The same as a key. @throws Problem `not-found`. */
  key(name?: string): number;
  page(size?: PageSize): PageRequest;
}

/** A request of somebody who is signed in. */
export interface SignedCall extends Call {
  readonly me: Viewer;
  readonly viewer: Viewer;
  readonly viewerKey: number;
}

/** What the router gives. */
interface Routed {
  readonly request: Request;
  readonly params?: Readonly<Record<string, string>>;
}

export type Handler = (context: Routed) => Promise<Response>;

/** What an endpoint answers: a plain value, `paged(…)`, `jsonBytes(…)`, or a whole response. */
export type Answer = object;

const PAGED = Symbol("paged");
const BYTES = Symbol("bytes");

/** A list with the links to the pages around it. */
export const paged = (page: Around, entities: Answer): Answer => ({
  [PAGED]: page,
  entities,
});

/** JSON that is written already, in UTF-8, as lists of statuses are. */
export const jsonBytes = (bytes: Uint8Array): Answer => ({ [BYTES]: bytes });

export interface Face extends FaceDeps {
  /** Host and port, as handles of people here end. */
  readonly host: string;
  readonly onError: OnError;
  /**
   * The handler of a route. With a scope only who is signed in gets in, by a token that has it; with null everybody, and
   * `call.viewer` is who asks where their token may read statuses.
   */
  endpoint(scope: string, answer: (call: SignedCall) => Promise<Answer>): Handler;
  endpoint(scope: null, answer: (call: Call) => Promise<Answer>): Handler;
  /** For everybody; `call.viewer` is who asks where their token has this scope. */
  open(scope: string, answer: (call: Call) => Promise<Answer>): Handler;
}

export function createFace(deps: FaceDeps): Face {
  const { origin, now, viewers } = deps;
  const onError = createOnError(deps);
  const reads = createBuckets({ now, rate: READ_RATE });
  const writes = createBuckets({ now, rate: WRITE_RATE });

  /** @throws Problem `too-many`. What this machine itself reads is counted, and not refused (as in `http/edge.ts`). */
  function take(request: Request, viewer: Viewer | null): void {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const buckets = isRead ? reads : writes;
    const { address, addressPrefix } = connectionOf(request);
    const taken = buckets.take(viewer === null ? addressPrefix : `account ${viewer.accountKey}`);
    noteLimit(request, taken, buckets.rate.burst);
    if (taken.allowed || (isRead && (address === "127.0.0.1" || address === "::1"))) return;
    throw new Problem("too-many", "You asked too often. Wait a little, then try again.", {
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }

  /** Tokens alone count: a browser's cookie is for our own pages. */
  async function viewerOf(request: Request, scope: string, isRequired: boolean): Promise<Viewer | null> {
    if (bearerToken(request) !== null)
      return isRequired ? viewers.require(request, scope) : viewers.optional(request, scope);
    if (!isRequired) return null;
    throw new Problem("unauthenticated", "This method requires an authenticated user", {});
  }

  async function answered(
    { request, params: path = {} }: Routed,
    scope: string,
    isRequired: boolean,
    answer: (call: SignedCall) => Promise<Answer>,
  ): Promise<Response> {
    try {
      const viewer = await viewerOf(request, scope, isRequired);
      take(request, viewer);
      const params = await readParams(request);
      const call = {
        request,
        params,
        viewer,
        viewerKey: viewer?.actorKey ?? null,
        me: viewer,
        queries: deps.queries.speaking(viewer?.locale ?? DEFAULT_LANGUAGE),
        part: (name: string) => path[name] ?? "",
        key: (name = "id") => keyOf(path[name]),
        page: (size?: PageSize) => pageRequestOf(params, size),
      } as SignedCall;
      return responseTo(request, await answer(call));
    } catch (error) {
      return withLimits(request, await onError({ error, request }));
    }
  }

  function responseTo(request: Request, given: Answer): Response {
    if (given instanceof Response) return withLimits(request, given);
    const { [PAGED]: page, entities } = given as {
      [PAGED]?: Around;
      entities?: Answer;
    };
    const body = (page === undefined ? given : entities) as { [BYTES]?: Uint8Array<ArrayBuffer> };
    const headers: Record<string, string> = {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "private, no-store",
    };
    const link = page === undefined ? null : pageLinks(origin, request.url, page);
    if (link !== null) headers.link = link;
    return withLimits(request, new Response(body[BYTES] ?? JSON.stringify(body), { headers }));
  }

  /** As Mastodon names them, the end as a time; the edge adds those of the standard. */
  function withLimits(request: Request, response: Response): Response {
    const limit = limitSaid(request);
    if (limit === null) return response;
    response.headers.set("x-ratelimit-limit", String(limit.limit));
    response.headers.set("x-ratelimit-remaining", String(limit.remaining));
    response.headers.set("x-ratelimit-reset", timeOf(now() + limit.resetSeconds * 1000));
    return response;
  }

  // Elysia reads the text of handlers to know what they use: these use the request and the path, and no body.
  const handlerFor =
    (scope: string, isRequired: boolean, answer: (call: SignedCall) => Promise<Answer>): Handler =>
    ({ request, params }) =>
      answered({ request, ...(params ? { params } : {}) }, scope, isRequired, answer);

  return {
    ...deps,
    host: new URL(origin).host,
    onError,
    endpoint: (scope: string | null, answer: (call: SignedCall) => Promise<Answer>) =>
      handlerFor(scope ?? "read:statuses", scope !== null, answer),
    open: (scope, answer) => handlerFor(scope, false, answer as (call: SignedCall) => Promise<Answer>),
  } as Face;
}
