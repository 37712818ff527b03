/** What a browser is given to keep while somebody signs in. */
import type { WebDeps } from "../face.ts";

export const sessionCookie = (deps: WebDeps, session: { token: string; expiresMs: number }): string =>
  deps.cookies.setSession(session.token, Math.floor((session.expiresMs - deps.now()) / 1000));

/** What the browser keeps until the next step. */
export const stepCookie = (deps: WebDeps, step: { token: string; expiresMs: number }): string =>
  deps.cookies.setStep(step.token, Math.floor((step.expiresMs - deps.now()) / 1000));
