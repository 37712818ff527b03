/** One question of a form: label, answer, help, and what is wrong with the answer, tied together for everyone. */
import type { FormState } from "../forms.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly form: FormState;
  /** Where programs look for it; by its name else. */
  readonly id?: string;
  readonly type?: "text" | "email" | "password" | "url" | "number" | "search" | "textarea";
  readonly help?: string;
  /** A word beside the label (“not needed”). */
  readonly hint?: string;
  /** Where the person typed nothing yet. */
  readonly value?: string;
  readonly autocomplete?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly placeholder?: string;
  readonly pattern?: string;
  /** Stands after the answer (`@school.example`). */
  readonly affix?: string;
  /** Names are not words: no capitals, no spelling check. */
  readonly isCode?: boolean;
  readonly hasFocus?: boolean;
  /** Text direction from what is typed. */
  readonly rows?: number;
}

export function field(props: FieldProps): Html {
  const { name, label, form, help, hint } = props;
  const error = form.problem?.field === name ? form.problem.message : null;
  return html`<div class="field">
    <label class="field-label" for=${props.id ?? idOf(name)}>${label}${hint && html`<small>${hint}</small>`}</label>
    ${props.affix ? html`<div class="with-affix">${control(props, error)}<span class="affix">${props.affix}</span></div>` : control(props, error)}
    ${fieldError(name, form)}
    ${help && html`<p class="field-help" id=${`${idOf(name)}-help`}>${help}</p>`}
  </div>`;
}

/** What is wrong with the form as a whole, or that one of its fields is wrong. */
export function formProblem(
  form: FormState,
  somethingWrong: string,
  idOfField: (name: string) => string = idOf,
): Html {
  if (form.problem === null) return null;
  const { field: name, message } = form.problem;
  return html`<div class="form-problem" role="alert">
    ${icon("circle-alert")}
    <p>${name === null ? message : html`${somethingWrong}: <a href=${`#${idOfField(name)}`}>${message}</a>`}</p>
  </div>`;
}

export const idOf = (name: string): string => `field-${name}`;

/** The sentence that stands at a field and is tied to it by `aria-describedby`. */
export const fieldError = (name: string, { problem }: FormState): Html =>
  problem?.field === name &&
  html`<p class="field-error" id=${`${idOf(name)}-error`}>${icon("circle-alert")}${problem.message}</p>`;

function control(props: FieldProps, error: string | null): Html {
  const { name, form, type = "text", isCode } = props;
  const id = idOf(name);
  const described = [error !== null && `${id}-error`, props.help && `${id}-help`].filter(Boolean).join(" ");
  const shared = {
    id: props.id ?? id,
    name,
    class: "input",
    required: props.isRequired ?? false,
    maxlength: props.maxLength,
    minlength: props.minLength,
    placeholder: props.placeholder,
    autofocus: props.hasFocus ?? false,
    "aria-describedby": described || undefined,
    "aria-invalid": error === null ? undefined : "true",
    ...(isCode ? { autocapitalize: "none", spellcheck: "false", autocorrect: "off" } : {}),
  };
  const value = type === "password" ? undefined : (form.values[name] ?? props.value);
  return type === "textarea"
    ? html`<textarea ...${shared} rows=${props.rows ?? 4} dir="auto">${value}</textarea>`
    : html`<input ...${shared} type=${type} value=${value} autocomplete=${props.autocomplete}
        pattern=${props.pattern} min=${props.min} max=${props.max} dir=${isCode ? "ltr" : "auto"} />`;
}
