/** Headers that guard every answer, and those that let other sites' scripts read what is meant for them. */

export interface PagePolicy {
  /** Hashes of inline scripts, such as the import map (`sha256-…`, without quotes). */
  readonly scripts?: readonly string[];
  /** Where pictures and sound may come from besides here (`https:`, an origin). */
  readonly media?: readonly string[];
  /** Where forms may lead besides here (origins, schemes); Chromium counts the redirect after them too. */
  readonly formTargets?: readonly string[];
}

/** Content-Security-Policy Level 3 for a page: nothing inline, nothing from elsewhere but what is named. */
export function contentSecurityPolicy(policy: PagePolicy = {}): string {
  const media = ["'self'", ...(policy.media ?? [])].join(" ");
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...(policy.scripts ?? []).map((hash) => `'${hash}'`)].join(" ")}`,
    "style-src 'self'",
    `img-src ${media} data: blob:`,
    `media-src ${media} blob:`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `form-action ${["'self'", ...(policy.formTargets ?? [])].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** For what is no page: should a browser show it, nothing in it runs or loads. */
const CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";
/** A year, as preload lists ask. Subdomains are not ours to speak for. */
const HSTS = "max-age=31536000";
const NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/** Adds what is missing; what a handler set stays. */
export function addGuards(headers: Headers, options: { readonly isSecure: boolean }): void {
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  headers.set("x-content-type-options", "nosniff");
  setIfMissing(headers, "referrer-policy", "same-origin");
  setIfMissing(headers, "content-security-policy", isPage ? PAGE_POLICY : CLOSED_POLICY);
  if (isPage) {
    setIfMissing(headers, "permissions-policy", NO_FEATURES);
    setIfMissing(headers, "x-frame-options", "DENY");
  }
  if (options.isSecure) headers.set("strict-transport-security", HSTS);
}

const PAGE_POLICY = contentSecurityPolicy();

/** What scripts of other sites may call: interfaces with their own tokens, never pages with cookies. */
const OPEN_PATHS = [
  "/api/",
  "/oauth/token",
  "/oauth/revoke",
  "/oauth/introspect",
  "/oauth/register",
  "/oauth/userinfo",
  "/.well-known/",
  "/nodeinfo/",
  "/users/",
  "/objects/",
  "/activities/",
  "/inbox",
  // Pictures, which programs draw on a canvas (Phanpy).
  "/media/",
  "/media-still.png",
  "/avatars/",
  "/headers/",
  "/assets/",
];

export const isOpenToScripts = (path: string): boolean => OPEN_PATHS.some((open) => path.startsWith(open));

/** Fetch §3.2. Credentials are never let through: `*` means that a browser sends and keeps no cookie. */
export function addCors(headers: Headers): void {
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", EXPOSED);
}

/** The answer to a preflight; it comes before any authentication. */
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers":
        "Authorization, Content-Type, Accept, Idempotency-Key, If-None-Match, Slug",
      "access-control-expose-headers": EXPOSED,
      "access-control-max-age": "86400",
      vary: "Access-Control-Request-Headers",
    },
  });

const EXPOSED =
  "Link, Location, ETag, Content-Length, Content-Range, WWW-Authenticate, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh";

function setIfMissing(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}
