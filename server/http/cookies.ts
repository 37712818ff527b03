/** The few cookies that there are: read, set, cleared, with names that other hosts cannot set (RFC 6265bis §4.1.3). */

export interface Cookies {
  /** The token of the signed-in browser, or null. */
  session(request: Request): string | null;
  /** What ties the forms of a visitor without a session to this browser, or null. */
  form(request: Request): string | null;
  /** A `Set-Cookie` value. */
  setSession(token: string, maxAgeSeconds: number): string;
  clearSession(): string;
  setForm(secret: string): string;
  /** What begins in one request and ends in another (`accounts/steps.ts`), or null. */
  step(request: Request): string | null;
  setStep(token: string, maxAgeSeconds: number): string;
  clearStep(): string;
}

/** Over https the prefix makes browsers refuse the name from anywhere else; over http it cannot be used. */
export function createCookies({ isSecure }: { readonly isSecure: boolean }): Cookies {
  const prefix = isSecure ? "__Host-" : "";
  const session = `${prefix}session`;
  const form = `${prefix}form`;
  const step = `${prefix}step`;
  const set = (name: string, value: string, age: string): string =>
    `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${age}${isSecure ? "; Secure" : ""}`;
  return {
    session: (request) => readCookie(request, session),
    form: (request) => readCookie(request, form),
    setSession: (token, maxAgeSeconds) => set(session, token, `; Max-Age=${maxAgeSeconds}`),
    clearSession: () => set(session, "", "; Max-Age=0"),
    setForm: (secret) => set(form, secret, ""),
    step: (request) => readCookie(request, step),
    setStep: (token, maxAgeSeconds) => set(step, token, `; Max-Age=${maxAgeSeconds}`),
    clearStep: () => set(step, "", "; Max-Age=0"),
  };
}

/** The value of a cookie (RFC 6265 §4.2), or null. Where a name comes twice the first counts. */
export function readCookie(request: Request, name: string): string | null {
  const header = request.headers.get("cookie");
  if (header === null) return null;
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      return (
        pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1") || null
      );
    }
  }
  return null;
}
