/** One of a few answers, each with a line of help; and a single yes. */
import type { FormState } from "../forms.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
  /** Stands before the label. */
  readonly sample?: Html;
  /** What the label says of a moment near by: the words before it, and when. Islands put it onto the reader's clock. */
  readonly ends?: { readonly words: string; readonly iso: string };
}

const endsOf = (ends: Choice["ends"]) => (ends ? { "data-words": ends.words, "data-ends": ends.iso } : {});

export function choices(props: {
  readonly name: string;
  readonly label: string;
  readonly form: FormState;
  readonly value: string;
  readonly options: readonly Choice[];
  /** Short answers may stand side by side. */
  readonly isInline?: boolean;
}): Html {
  const picked = props.form.values[props.name] ?? props.value;
  const wrong = props.form.problem?.field === props.name ? props.form.problem.message : null;
  return html`<fieldset class=${props.isInline ? "choices choices-inline" : "choices"}>
    <legend>${props.label}</legend>
    ${props.options.map(
      ({ value, label, help, sample, ends }) => html`<label key=${value} class="choice">
        <input type="radio" name=${props.name} value=${value} checked=${value === picked} />
        <span ...${endsOf(ends)}>${sample}${label}</span>${help && html`<small>${help}</small>`}
      </label>`,
    )}
    ${wrong && html`<p class="field-error">${icon("circle-alert")}${wrong}</p>`}
  </fieldset>`;
}

/** A box to tick; it sends `yes`. */
export function tick(props: {
  readonly name: string;
  readonly label: Html;
  readonly form: FormState;
  readonly isTicked?: boolean;
  readonly help?: string;
  readonly isRequired?: boolean;
}): Html {
  const { name, form } = props;
  const wrong = form.problem?.field === name ? form.problem.message : null;
  return html`<div class="field">
    <label class="choice">
      <input id=${`field-${name}`} type="checkbox" name=${name} value="yes" required=${props.isRequired ?? false}
        checked=${form.values[name] === "yes" || (props.isTicked ?? false)} />
      <span>${props.label}</span>${props.help && html`<small>${props.help}</small>`}
    </label>
    ${wrong && html`<p class="field-error">${icon("circle-alert")}${wrong}</p>`}
  </div>`;
}

export function select(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly Choice[];
}): Html {
  return html`<label class="select-wrap">
    <span class="visually-hidden">${props.label}</span>
    <select class="select" name=${props.name}>
      ${props.options.map(
        (option) =>
          html`<option key=${option.value} value=${option.value} selected=${option.value === props.value}
            ...${endsOf(option.ends)}>${option.label}</option>`,
      )}
    </select>
    ${icon("chevron-down")}
  </label>`;
}
