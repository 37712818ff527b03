/** Which addresses a link, a picture or a form may have. */

/** Schemes that a link may have; addresses without one are ours. */
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "xmpp:", "geo:"]);

/** A few points of colour (`components/blur.ts`): bytes that can be drawn, and do nothing else. */
const BITMAP = /^data:image\/bmp;base64,[A-Za-z0-9+/]{1,400}={0,2}$/;

/** The address as it is, or undefined where following it could run code (`javascript:`, `data:`, …). */
export function safeHref(url: string | null | undefined): string | undefined {
  if (url === null || url === undefined) return undefined;
  if (url.startsWith("/") || BITMAP.test(url)) return url;
  // Browsers skip white space and control characters in front of and inside the scheme (WHATWG URL §4.1).
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url.replace(/[\p{Cc}\s]/gu, ""))?.[0];
  return scheme === undefined || SAFE_SCHEMES.has(scheme.toLowerCase()) ? url : undefined;
}
