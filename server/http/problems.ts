/** What went wrong → a response, in the form that each face's clients understand. */
import { STATUS_CODES } from "node:http";
import type { Log } from "../lib/log.ts";
import { isProblem, Problem, type ProblemCode, type ProblemDetail } from "../lib/problem.ts";

/** A refusal, or a bug of which nothing but an apology is shown. */
export interface Failure {
  readonly status: number;
  readonly code: ProblemCode | "bug";
  /** A sentence for a person. */
  readonly message: string;
  readonly detail: ProblemDetail;
}

/** A face's way of saying it. `Retry-After` and `WWW-Authenticate` are added by the handler. */
export type FailureFormat = (failure: Failure, request: Request) => Response | Promise<Response>;

const STATUS: Record<ProblemCode | "bug", number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  gone: 410,
  "too-large": 413,
  "too-many": 429,
  full: 507,
  unavailable: 503,
  upstream: 502,
  bug: 500,
};

/**
 * For a face's `.onError(…)`: `new Elysia().onError(createFailureHandler({ … }))`. Hooks apply to the routes of
 * that instance alone.
 */
export function createFailureHandler(deps: {
  readonly log: Log;
  readonly origin: string;
  readonly format: FailureFormat;
}): (context: { readonly error: unknown; readonly request: Request }) => Promise<Response> {
  const { log, origin, format } = deps;
  return async ({ error, request }) => {
    const failure = failureOf(error);
    if (failure.code === "bug") {
      log.error("A request failed", error, { method: request.method, path: pathOf(request.url) });
    }
    return withFailureHeaders(await format(failure, request), failure, origin, request);
  };
}

/** What any thrown value means to the person or program that asked. */
export function failureOf(error: unknown): Failure {
  const problem = isProblem(error) ? error : frameworkProblem(error);
  if (problem === null) {
    return {
      status: STATUS.bug,
      code: "bug",
      message: "Something went wrong here. It was written down for those who run this server.",
      detail: {},
    };
  }
  return {
    status: STATUS[problem.code],
    code: problem.code,
    message: problem.message,
    detail: problem.detail,
  };
}

/** Elysia's own refusals, by the names it gives them. */
function frameworkProblem(error: unknown): Problem | null {
  const { code, all } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    all?: unknown;
  };
  if (code === "NOT_FOUND") return new Problem("not-found", "There is nothing at this address.");
  if (code === "PARSE") {
    return new Problem("invalid", "The body of the request could not be read.", { reason: "body" });
  }
  if (code === "INVALID_FILE_TYPE") {
    return new Problem("invalid", "Files of this type are not taken here.", {
      reason: "unsupported-media-type",
    });
  }
  if (code !== "VALIDATION") return null;
  const first = (Array.isArray(all) ? all[0] : undefined) as { path?: unknown } | undefined;
  const field = typeof first?.path === "string" ? first.path.slice(1).replaceAll("/", ".") : "";
  return field === ""
    ? new Problem("invalid", "The request is not what is expected here.", { reason: "validation" })
    : new Problem("invalid", `“${field}” is missing, or is not what is expected here.`, {
        field,
        reason: "validation",
      });
}

/** FEP-c180 names these; a Problem with such a `reason` is of that type. */
const C180 = "https://w3id.org/fep/c180#";
const C180_TYPES: ReadonlySet<string> = new Set([
  "unsupported-type",
  "object-does-not-exist",
  "duplicate-delivery",
  "redundant-activity",
  "approval-required",
  "not-an-actor",
  "principal-actor-mismatch",
  "actor-not-authorized",
  "principal-not-authorized",
  "client-not-authorized",
  "unsupported-media-type",
  "media-too-large",
  "no-applicable-addressees",
  "rate-limit-exceeded",
]);

/** RFC 9457 with the types of FEP-c180, for ActivityPub and our own interfaces. */
export const problemJson: FailureFormat = ({ status, code, message, detail }) => {
  const { field, reason } = detail;
  const named = code === "too-many" ? "rate-limit-exceeded" : (reason ?? "");
  return Response.json(
    {
      type: C180_TYPES.has(named) ? C180 + named : "about:blank",
      title: TITLES[code],
      status,
      detail: message,
      ...(reason === undefined ? {} : { reason }),
      ...(field === undefined ? {} : { field }),
    },
    { status, headers: { "content-type": "application/problem+json" } },
  );
};

/** The same for what was refused before any face was asked, and has nothing but a status and a sentence. */
export function statusProblem(status: number, message: string): Response {
  const code = (Object.keys(STATUS) as (keyof typeof STATUS)[]).find((each) => STATUS[each] === status);
  const title = code === undefined ? STATUS_CODES[status] : TITLES[code];
  const type = code === "too-many" ? `${C180}rate-limit-exceeded` : "about:blank";
  return Response.json(
    { type, title, status, detail: message },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}

const TITLES: Record<ProblemCode | "bug", string> = {
  invalid: "Bad request",
  unauthenticated: "Unauthorized",
  forbidden: "Forbidden",
  "not-found": "Not found",
  conflict: "Conflict",
  gone: "Gone",
  "too-large": "Content too large",
  "too-many": "Too many requests",
  full: "Insufficient storage",
  unavailable: "Service unavailable",
  upstream: "Bad gateway",
  bug: "Internal server error",
};

/**
 * `{ error }` and nothing that a strict decoder stumbles over, for clients of the Mastodon API.
 * `statuses` overrides (422 where they expect it for what is invalid).
 */
export const errorJson =
  (statuses: Partial<Record<ProblemCode, number>> = {}): FailureFormat =>
  ({ status, code, message, detail }) =>
    Response.json(
      { error: message, ...(detail.reason === undefined ? {} : { error_description: detail.reason }) },
      { status: code === "bug" ? status : (statuses[code] ?? status) },
    );

function withFailureHeaders(
  response: Response,
  failure: Failure,
  origin: string,
  request: Request,
): Response {
  const { retryAfterSeconds, reason } = failure.detail;
  const headers = response.headers;
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(Math.max(1, retryAfterSeconds)));
  if (!headers.has("cache-control") && failure.status !== STATUS.gone)
    headers.set("cache-control", "no-store");
  const isScope = reason === "insufficient_scope";
  if ((failure.status === STATUS.unauthenticated || isScope) && !headers.has("www-authenticate")) {
    const hasToken = request.headers.has("authorization");
    headers.set("www-authenticate", challenge(origin, isScope ? reason : hasToken ? "invalid_token" : null));
  }
  return response;
}

/** RFC 6750 §3, with the way to the metadata (RFC 9728 §5.1). */
const challenge = (origin: string, error: string | null): string =>
  `Bearer ${error === null ? "" : `error="${error}", `}resource_metadata="${origin}/.well-known/oauth-protected-resource"`;

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/, "").replace(/\?.*$/s, "");
