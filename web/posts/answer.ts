/** What a form leads to: another page with a sentence, or the same page with what is wrong. */
import { isProblem } from "../../server/lib/problem.ts";
import type { Visit, WebDeps } from "../face.ts";
import type { Files } from "../files.ts";
import { setFlash } from "../flash.ts";
import type { FormState } from "../forms.ts";
import { CSRF_FIELD } from "../forms.ts";
import type { Flash, PageView } from "../page.ts";

export type Answer =
  | { readonly goTo: string; readonly cookies?: readonly string[] }
  | {
      readonly page: PageView;
      readonly status: number;
      readonly cookies?: readonly string[];
      /** Whose page it is, where the form has signed somebody in. */
      readonly visit?: Visit;
    }
  /** For a script of the page. */
  | { readonly json: unknown }
  /** To be saved, as text. */
  | { readonly file: { readonly name: string; readonly text: string } };

/** What a form does. `files` are those that came with it, by the names of their fields. */
export type Post = (deps: WebDeps, visit: Visit, fields: URLSearchParams, files: Files) => Promise<Answer>;

/** What becomes of a form whose sender's session is over, or a new one; null where nothing is to be kept of it. */
export type Late = (
  deps: WebDeps,
  visit: Visit,
  fields: URLSearchParams,
  files: Files,
) => Promise<Answer | null>;

/** See other (RFC 9110 §15.4.4), so that reloading does not post again. */
export const goTo = (path: string, flash?: Flash | null, cookies: readonly string[] = []): Answer => ({
  goTo: path,
  cookies: [...cookies, ...(flash ? [setFlash(flash)] : [])],
});

/** A second tap on a slow line sends the same again: from the same browser, with its code, and the same password. */
export const formOf = (fields: URLSearchParams): string => JSON.stringify([...fields]);

/** Passwords are never shown again. */
const NEVER_REPEATED: readonly string[] = ["password", "current", "next", "code", "clientSecret", CSRF_FIELD];

/**
 * Runs `work`; where it refuses, shows the form again with everything that was typed and the sentence at its field.
 * Anything else that is thrown is somebody else's.
 */
export async function orAgain(
  { context }: Visit,
  fields: URLSearchParams,
  again: (form: FormState) => PageView | Promise<PageView>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error) || error.detail.reason === "csrf") throw error;
    const values = Object.fromEntries([...fields].filter(([name]) => !NEVER_REPEATED.includes(name)));
    const { field = null, reason } = error.detail;
    const message = context.words.problem.said(error.message);
    const problem = { field, message, ...(reason === undefined ? {} : { reason }) };
    const form = { values, problem };
    return { page: await again(form), status: statusOf(error.code) };
  }
}

const STATUSES: Readonly<Record<string, number>> = {
  invalid: 422,
  conflict: 409,
  unauthenticated: 401,
  forbidden: 403,
  "too-many": 429,
  "not-found": 404,
  gone: 410,
  full: 507,
  unavailable: 503,
};
const statusOf = (code: string): number => STATUSES[code] ?? 422;

/** The browser goes on by itself, and sets what it is to keep. */
export function away(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** For a script of the page, which asked a moment ago. */
export const jsonResponse = (value: unknown): Response =>
  Response.json(value, { headers: { "cache-control": "no-store" } });

/** Text to be saved; its name has only what every system takes. */
export const fileResponse = (file: { readonly name: string; readonly text: string }): Response =>
  new Response(file.text, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="${file.name.replace(/[^\w.-]/g, "-")}"`,
      "cache-control": "no-store",
    },
  });
