/** One file to choose: what it is for, what may be chosen, and what is wrong with it. */
import type { FormState } from "../forms.ts";
import { type Html, html } from "../html.ts";
import { fieldError, idOf } from "./field.ts";

/** What every browser shows, and what is kept as it is here (`server/media/probe.ts`). */
export const PICTURES = "image/jpeg,image/png,image/webp,image/gif";

export interface FileFieldProps {
  readonly name: string;
  readonly label: string;
  readonly form: FormState;
  readonly help?: string;
  /** Media types, separated by commas; any file where it is missing. */
  readonly accept?: string;
}

export function fileField(props: FileFieldProps): Html {
  const { name, label, form, help } = props;
  const id = idOf(name);
  const error = form.problem?.field === name;
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label class="field-label" for=${id}>${label}</label>
    <input class="input" type="file" id=${id} name=${name} accept=${props.accept}
      aria-describedby=${described || undefined} aria-invalid=${error ? "true" : undefined} />
    ${fieldError(name, form)}
    ${help && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
  </div>`;
}
