/** The place in the composer where a post is put off. */
import type { FormState } from "../forms.ts";
import { PUBLISH_AT, SCHEDULED } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { icon } from "./icon.ts";
import { timeField } from "./time-field.ts";

export function composerLater(context: PageContext, form: FormState): Html {
  const { later } = context.words;
  const isOpen = Boolean(form.values[PUBLISH_AT]) || form.problem?.field === PUBLISH_AT;
  return html`<details class="more" open=${isOpen}>
    <summary>${icon("clock")}${later.add}</summary>
    ${timeField(context, { name: PUBLISH_AT, label: later.when, form, help: later.soonest })}
    <p class="small"><a href=${SCHEDULED.path}>${later.link}</a></p>
  </details>`;
}
