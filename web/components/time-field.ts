/** A day and a time to choose, on the reader's own clock where scripts run. */
import type { FormState } from "../forms.ts";
import { zoneOf } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import { localText } from "../local-time.ts";
import type { PageContext } from "../page.ts";
import { fieldError, idOf } from "./field.ts";

export function timeField(
  { words }: PageContext,
  props: {
    readonly name: string;
    /** Where a page has several fields of one name. */
    readonly id?: string;
    readonly label: string;
    readonly form: FormState;
    readonly valueMs?: number | null;
    readonly isRequired?: boolean;
    readonly help?: string;
  },
): Html {
  const { name, label, form, valueMs = null } = props;
  const id = props.id ?? idOf(name);
  const isWrong = form.problem?.field === name;
  const typed = form.values[name];
  const described = [isWrong && `${id}-error`, `${id}-help`].filter(Boolean).join(" ");
  return html`<div class="field" data-island="zone">
    <label class="field-label" for=${id}>${label}</label>
    <input class="input" type="datetime-local" id=${id} name=${name} required=${props.isRequired ?? false}
      value=${typed ?? (valueMs === null ? "" : localText(valueMs))}
      aria-describedby=${described} aria-invalid=${isWrong ? "true" : undefined} />
    <input type="hidden" name=${zoneOf(name)} value=${form.values[zoneOf(name)] ?? "0"} />
    ${fieldError(name, form)}
    <p class="field-help" id=${`${id}-help`}>${words.later.clock}${props.help && ` ${props.help}`}<span data-without-scripts> ${words.later.utc}</span></p>
  </div>`;
}
