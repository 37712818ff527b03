/** Reading addresses that came from outside: origin, host, join. Nothing here throws; what is no honest URL is null. */

/** Longer than any address in use, short enough for one line of a header; peers keep 2 048 or less. */
export const MAX_URL_LENGTH = 4096;
/** RFC 1035 §2.3.4: a name has at most 253 characters in its written form. */
const MAX_HOST_LENGTH = 253;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/** Names that stand for this machine or its neighbourhood (RFC 6761, 6762, 7686, 8375, 9476). */
const PRIVATE_SUFFIXES: readonly string[] = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "lan",
  "home.arpa",
  "onion",
  "alt",
  "invalid",
];

/** The beginning of an address whose host stands in normal form already, and can be nothing but a name. */
const PLAIN_START = /^https:\/\/((?:(?!xn--)[a-z0-9][a-z0-9-]{0,62}\.)+[a-z]{2,63})(?:[/?#]|$)/;

/**
 * An http(s) URL with its host in normal form, or null: for other schemes, credentials, white space,
 * control characters, backslashes and whatever else lets two parsers disagree about the host.
 */
export function parseHttpUrl(text: unknown): URL | null {
  if (typeof text !== "string" || text.length > MAX_URL_LENGTH) return null;
  if (!/^https?:\/\/[^/?#%@]+(?:[/?#]|$)/i.test(text) || hasAmbiguousCharacter(text)) return null;
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return null;
  const host = normaliseHostname(url.hostname);
  if (host === null) return null;
  if (host !== url.hostname) url.hostname = host;
  return url;
}

/** `https://host[:port]` in normal form (RFC 6454 §6.2, FEP-fe34), or null where there is no http(s) origin. */
export function originOf(text: unknown): string | null {
  const plain = plainHostOf(text);
  return plain === null ? (parseHttpUrl(text)?.origin ?? null) : `https://${plain}`;
}

/** Whether both have an origin and it is the same one (FEP-fe34). Two addresses without an origin never agree. */
export function sameOrigin(one: unknown, other: unknown): boolean {
  const origin = originOf(one);
  return origin !== null && origin === originOf(other);
}

/** The host of an http(s) URL in normal form, with the port unless it is the scheme's own; or null. */
export const hostOf = (text: unknown): string | null => plainHostOf(text) ?? parseHttpUrl(text)?.host ?? null;

/**
 * A host as people and peers write it (`Example.COM.:443`, `bücher.example`, `[::1]`) in the one form in which
 * hosts are compared and stored: lower case, punycode, no final dot, no `:443`. Null where it is no host.
 */
export function normaliseHost(text: unknown): string | null {
  if (typeof text !== "string" || text.length > MAX_URL_LENGTH || /[/?#@]/.test(text)) return null;
  return hostOf(`https://${text}`);
}

/** Whether the host of `normaliseHost` form is `domain` or lies below it. */
export const isWithinDomain = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);

/**
 * Whether this (normalised) host is a name that can mean the same to everybody: two labels or more, no address
 * literal, no name of the local network. A name that passes may still lead to a private address.
 */
export function isPublicHostName(host: string): boolean {
  const name = withoutPort(host);
  if (name.startsWith("[") || /(?:^|\.)\d+$/.test(name) || !name.includes(".")) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => isWithinDomain(name, suffix));
}

/** C0, space, DEL, C1, backslash, bidirectional controls and lone surrogates. */
const hasAmbiguousCharacter = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0020\u007f-\u00a0\\\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(text) ||
  !text.isWellFormed();

/** The host of an address as nearly all are written, in a quarter of the time that parsing takes; null leaves it to that. */
function plainHostOf(text: unknown): string | null {
  if (typeof text !== "string" || text.length > MAX_URL_LENGTH) return null;
  const host = PLAIN_START.exec(text)?.[1];
  return host === undefined || host.length > MAX_HOST_LENGTH || hasAmbiguousCharacter(text) ? null : host;
}

function normaliseHostname(hostname: string): string | null {
  const host = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  if (host === "" || host.length > MAX_HOST_LENGTH || host.endsWith(".")) return null;
  if (host.startsWith("[")) return host;
  return host.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) ? host : null;
}

const withoutPort = (host: string): string => host.replace(/:\d+$/, "");

/** The port that the URL leads to, as a number. */
export const portOf = (url: URL): number => Number(url.port || DEFAULT_PORTS[url.protocol]);
