/** Tags that a thing carries beside its text, as links to what else carries them here. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";

export function hashtags({ words }: PageContext, view: ObjectView): Html {
  if (view.hashtags.length === 0) return null;
  return html`<ul class="hashtags" aria-label=${words.post.tags}>
    ${view.hashtags.map(({ name, path }) => html`<li key=${path}><a href=${path} rel="tag" dir="auto">${name}</a></li>`)}
  </ul>`;
}
