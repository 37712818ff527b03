/** What can go wrong with a request to somebody else's server, in words for programs and for people. */
import { isProblem, Problem } from "./problem.ts";

export type UpstreamReason =
  | "url"
  | "scheme"
  | "port"
  | "dns"
  | "private-address"
  | "refused"
  | "reset"
  | "tls"
  | "timeout"
  | "busy"
  | "too-large"
  | "redirects"
  | "protocol";

/** The reason of a Problem `upstream` where it is we who do not speak to that server (domain rules). */
export const REFUSED_HERE = "refused-here";

const SENTENCES: Readonly<Record<UpstreamReason, (host: string) => string>> = {
  url: () => "This is not a web address that can be fetched. Check how it is written.",
  scheme: (host) => `${host} is only offered without encryption. Use an https address.`,
  port: (host) => `${host} is on a port that this server does not fetch from. Use port 443.`,
  dns: (host) => `The name ${host} leads nowhere. Check how it is written, or try again later.`,
  "private-address": (host) => `${host} is inside a private network, where this server fetches nothing.`,
  refused: (host) => `${host} does not accept connections. Try again later.`,
  reset: (host) => `${host} broke off the connection. Try again later.`,
  tls: (host) => `${host} has no valid certificate. Its operator has to renew it.`,
  timeout: (host) => `${host} took too long to answer. Try again later.`,
  busy: (host) => `Too many requests to ${host} are under way. Try again later.`,
  "too-large": (host) => `${host} answered with more than this server accepts.`,
  redirects: (host) => `${host} redirects too often. Its operator has to mend that.`,
  protocol: (host) => `${host} answered with something that is not HTTP.`,
};

/** Problem `upstream` about the host of `url`. */
export function upstream(reason: UpstreamReason, url: string, cause?: unknown): Problem {
  const host = URL.parse(url)?.host ?? "the server";
  return new Problem("upstream", SENTENCES[reason](host), { reason }, { cause });
}

/** The Problem that a failed connection to `url` amounts to. */
export function upstreamFailure(error: unknown, url: string): Problem {
  if (isProblem(error)) return error;
  const code = codeOf(error);
  if (TIMEOUTS.has(code)) return upstream("timeout", url, error);
  if (REFUSALS.has(code)) return upstream("refused", url, error);
  if (BREAKS.has(code)) return upstream("reset", url, error);
  if (code === "ResponseHeadersTooLarge") return upstream("too-large", url, error);
  if (/TLS|SSL|CERT|ISSUER|VERIFY|EPROTO|CRL|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/.test(code))
    return upstream("tls", url, error);
  return upstream("protocol", url, error);
}

const TIMEOUTS = new Set(["ETIMEDOUT", "ETIME", "Timeout"]);
const BREAKS = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ConnectionClosed"]);
const REFUSALS = new Set([
  "ECONNREFUSED",
  "ConnectionRefused",
  "FailedToOpenSocket",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EACCES",
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
