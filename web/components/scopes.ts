/** What an app may do, in words. */
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import type { Words } from "../words/en.ts";
import { icon } from "./icon.ts";

export const scopeList = ({ words }: PageContext, scopes: readonly string[]): Html => html`<ul class="scopes">
  ${scopes.map((scope) => html`<li key=${scope}>${icon("check")}${scopeInWords(words, scope)}</li>`)}
</ul>`;

/** `write:media` → “upload pictures and files”. */
export function scopeInWords({ authorize }: Words, scope: string): string {
  const known = Object.hasOwn(authorize.scopes, scope) ? authorize.scopes[scope] : undefined;
  return known ?? authorize.scopeElse(scope);
}
