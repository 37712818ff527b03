/** Where a program may have people sent back to (RFC 6749 §3.1.2, RFC 8252 §7). */

/** The code is shown on a page and copied by hand. */
export const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
/** Longer than any in use. */
const MAX_LENGTH = 2_000;
/** Schemes with which a browser would do something else than call a program. */
const DANGEROUS = new Set(
  "about blob chrome content data feed file filesystem ftp intent jar javascript mailto tel vbscript view-source ws wss".split(
    " ",
  ),
);
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?=[/?]|$)/i;

/**
 * Whether a program may register it: https, http on its user's own machine (anywhere with `allowsHttp`, for test
 * networks), a scheme of its own, or out of band. No fragment, no user name, no second reading.
 */
export function mayRedirectTo(uri: string, allowsHttp: boolean): boolean {
  if (uri === OUT_OF_BAND) return true;
  if (uri.length > MAX_LENGTH || !/^[a-z][a-z0-9+.-]*:[\x21\x24-\x3b\x3d\x3f-\x5b\x5d-\x7e]+$/i.test(uri))
    return false;
  const url = URL.parse(uri);
  if (url === null || url.username !== "" || url.password !== "") return false;
  const scheme = url.protocol.slice(0, -1);
  if (scheme === "https") return /^https:\/\/[^/]/i.test(uri);
  if (scheme === "http") return LOOPBACK.test(uri) || (allowsHttp && /^http:\/\/[^/]/i.test(uri));
  return scheme !== "urn" && !DANGEROUS.has(scheme);
}

/**
 * Whether `given` is one of the registered addresses, character by character; only the port of the user's own
 * machine may differ (RFC 8252 §7.3).
 */
export const isRegistered = (registered: readonly string[], given: string): boolean =>
  registered.some(
    (uri) =>
      uri === given ||
      // There are no ports beyond 65535, and no address has one.
      (LOOPBACK.test(given) && withoutPort(uri) === withoutPort(given) && URL.canParse(given)),
  );

/** Whether it leads to the person's own machine. */
export const isLoopback = (uri: string): boolean => LOOPBACK.test(uri);

const withoutPort = (uri: string): string => uri.replace(LOOPBACK, "$1");

/** The address with these parameters after whatever it has; the rest stays byte for byte. */
export function withParameters(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const joint = !uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&";
  return uri + joint + new URLSearchParams(given).toString();
}

/** What a person is told: the host, or the scheme of a program; empty where the code is shown here. */
export function targetOf(uri: string): string {
  if (uri === OUT_OF_BAND) return "";
  const url = new URL(uri);
  return /^https?:$/.test(url.protocol) ? url.host : url.protocol.slice(0, -1);
}
