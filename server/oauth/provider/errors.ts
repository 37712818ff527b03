/** OAuth's own words for what went wrong (RFC 6749 §5.2, RFC 7591 §3.2.2), and its JSON. */
import { isProblem, Problem } from "../../lib/problem.ts";

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type"
  | "unsupported_token_type"
  | "invalid_scope"
  | "access_denied"
  | "invalid_redirect_uri"
  | "invalid_client_metadata";

/** A refusal whose `detail.reason` is OAuth's word for it. */
export const oauthProblem = (code: OAuthErrorCode, sentence: string): Problem =>
  new Problem(code === "invalid_client" ? "unauthenticated" : "invalid", sentence, { reason: code });

/** Answers to programs are never kept by caches (RFC 6749 §5.1). */
export const NO_STORE = { "cache-control": "no-store", pragma: "no-cache" } as const;

/** RFC 6749 §5.2; null for what is no Problem, so that it is treated as the bug that it is. */
export function oauthError(error: unknown, request: Request): Response | null {
  if (!isProblem(error)) return null;
  const headers: Record<string, string> = { ...NO_STORE };
  const { retryAfterSeconds, reason } = error.detail;
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  if (error.code === "unauthenticated" && request.headers.has("authorization")) {
    headers["www-authenticate"] = `Basic realm="oauth", charset="UTF-8"`;
  }
  const isOurs = error.code === "invalid" || error.code === "unauthenticated";
  return Response.json(
    {
      error: isOurs ? (reason ?? "invalid_request") : WORDS[error.code],
      error_description: ascii(error.message),
    },
    { status: STATUS[error.code] ?? 400, headers },
  );
}

const STATUS: Partial<Record<Problem["code"], number>> = {
  unauthenticated: 401,
  "too-large": 413,
  "too-many": 429,
  full: 507,
  unavailable: 503,
};

const WORDS: Partial<Record<Problem["code"], string>> = {
  "too-many": "temporarily_unavailable",
  full: "temporarily_unavailable",
  unavailable: "temporarily_unavailable",
};

/** RFC 6749 §5.2: printable ASCII without the quotation mark and the backslash. */
const ascii = (sentence: string): string =>
  sentence.replace(/[“”"]/g, "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, "?");
