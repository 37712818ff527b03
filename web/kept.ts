/** Markup that is made once and put into many pages; what differs from page to page is filled in each time. */
import type { VNode } from "preact";
import { jsxEscape } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import { newToken } from "../server/lib/secret.ts";
import { type Html, ready } from "./html.ts";
import type { PageContext } from "./page.ts";

/** Stand for the form's token, the page's code and its path in what is kept. Nobody outside can write them into a post. */
const CSRF = newToken();
const ONCE = newToken();
const PATH = newToken();
const MARKS = new RegExp(`(${CSRF}|${ONCE}|${PATH})`);
const MEANT: Readonly<Record<string, "csrf" | "once" | "path">> = {
  [CSRF]: "csrf",
  [ONCE]: "once",
  [PATH]: "path",
};

/** Markup, and between its pieces the marks. */
export type Kept = readonly string[];

/** `make` may show anything of the context but its time, viewer and flash, unless whoever keeps it minds them. */
export const keep = (context: PageContext, make: (context: PageContext) => Html): Kept =>
  renderToString(make({ ...context, csrf: CSRF, once: ONCE, path: PATH }) as VNode).split(MARKS);

export function fill(pieces: Kept, context: PageContext): Html {
  let markup = pieces[0] ?? "";
  for (let i = 1; i < pieces.length; i += 2) {
    markup += jsxEscape(context[MEANT[pieces[i] ?? ""] ?? "path"]) as string;
    markup += pieces[i + 1] ?? "";
  }
  return ready(markup);
}

/** Pages among which a person goes to and fro; a form for each is a few kilobytes. */
const MAX_FORMS = 12;

/** Gives the markup of a subject in this form (a text that says all else that makes a difference), made where it is not kept. */
export type KeptOf<Subject> = (
  subject: Subject,
  form: string,
  context: PageContext,
  make: (context: PageContext) => Html,
) => Html;

/** Keeps markup as long as its subject is kept: the same object always looks the same. */
export function createKeptOf<Subject extends object>(): KeptOf<Subject> {
  const bySubject = new WeakMap<Subject, Map<string, Kept>>();
  return (subject, form, context, make) => {
    let forms = bySubject.get(subject);
    if (forms === undefined) {
      forms = new Map();
      bySubject.set(subject, forms);
    }
    let pieces = forms.get(form);
    if (pieces === undefined) {
      pieces = keep(context, make);
      if (forms.size >= MAX_FORMS) forms.clear();
      forms.set(form, pieces);
    }
    return fill(pieces, context);
  };
}
