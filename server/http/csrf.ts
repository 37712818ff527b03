/** Forms are taken only from our own pages: by where the request comes from, and by a token that only they know. */
import { Problem } from "../lib/problem.ts";
import { hmac, newToken, sameSecret } from "../lib/secret.ts";
import type { Cookies } from "./cookies.ts";

export interface Csrf {
  /** For a page with forms: the hidden field's value, and a cookie to set when the visitor has none yet. */
  issue(request: Request): { readonly token: string; readonly setCookie: string | null };
  /** Throws Problem `forbidden` unless `given` is what `issue` gave to this browser. */
  check(request: Request, given: string | null | undefined): void;
}

/**
 * The token is made from the secret in the browser's own cookie: the session's, or before signing in one made
 * for forms. No other site can read either, and nothing has to be stored.
 */
export function createCsrf(deps: { readonly cookies: Cookies; readonly origin: string }): Csrf {
  const { cookies, origin } = deps;
  const tokenOf = (secret: string): string => hmac(secret, "form");
  const secretOf = (request: Request): string | null => cookies.session(request) ?? cookies.form(request);
  return {
    issue(request) {
      const known = secretOf(request);
      const secret = known ?? newToken();
      return { token: tokenOf(secret), setCookie: known === null ? cookies.setForm(secret) : null };
    },
    check(request, given) {
      requireSameSite(request, origin);
      const secret = secretOf(request);
      if (secret === null || !given || !sameSecret(tokenOf(secret), given)) {
        throw new Problem(
          "forbidden",
          "This page was open for too long. Load it again, then try once more.",
          {
            reason: "csrf",
          },
        );
      }
    },
  };
}

/**
 * Throws Problem `forbidden` unless the browser says that one of our own pages sent the request
 * (Fetch Metadata §2.4, or `Origin` where a browser does not send that). A browser says so on every POST.
 */
export function requireSameSite(request: Request, origin: string): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === null ? request.headers.get("origin") === origin : site === "same-origin") return;
  throw new Problem(
    "forbidden",
    `This did not come from a page of this server. Open ${origin} and try again.`,
    {
      reason: "cross-site",
    },
  );
}
