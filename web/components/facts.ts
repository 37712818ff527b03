/** Properties that a vocabulary wants shown, as a list of terms. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";

export function facts({ words }: PageContext, view: ObjectView): Html {
  if (view.facts.length === 0) return null;
  return html`<dl class="facts" aria-label=${words.post.details}>
    ${view.facts.map(
      ({ property, label, values }) => html`<div key=${property} class="fact">
        <dt>${label}</dt>
        ${values.map((value) => html`<dd key=${value} dir="auto">${value}</dd>`)}
      </div>`,
    )}
  </dl>`;
}
