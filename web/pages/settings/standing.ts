/** What the staff decided about the person who reads it, and the one answer to each decision. */
import type { Sanction } from "../../../server/moderation/sanction.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field, formProblem } from "../../components/field.ts";
import { time } from "../../components/time.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { STANDING } from "../../forms-peace.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

const { fields, path } = STANDING;

export interface StandingLine extends Sanction {
  readonly timeMs: number;
}

export interface StandingProps {
  readonly sanctions: readonly StandingLine[];
  readonly form?: FormState;
}

export function standingPage(context: PageContext, { sanctions, form }: StandingProps): PageView {
  const { standing: said } = context.words;
  return settingsView(
    context,
    said.tab,
    html`<section class="section">
      <h2>${said.title}</h2>
      ${sanctions.length > 0 && html`<p class="quiet">${said.text}</p>`}
      <div class="sheet feed">
        ${
          sanctions.length === 0
            ? emptyState({ icon: "circle-check", title: said.empty, text: said.text, isQuiet: true })
            : sanctions.map((line) => item(context, line, form ?? EMPTY_FORM))
        }
      </div>
    </section>`,
  );
}

function item(context: PageContext, line: StandingLine, form: FormState): Html {
  const { standing: said, sanctions } = context.words;
  const name = fields.appeal(line.key);
  const isAnswered = form.values[fields.sanction] === String(line.key);
  // What is wrong is said at the one answer that was sent.
  const own: FormState =
    isAnswered && form.problem ? { ...form, problem: { ...form.problem, field: name } } : EMPTY_FORM;
  return html`<article key=${line.key} class="sheet-body">
    <h3>${said[line.kind]}${line.liftedMs !== null && html` <span class="badge badge-good">${sanctions.lifted}</span>`}</h3>
    <p class="small quiet">${time(context, line.timeMs)}</p>
    <p dir="auto">${line.text}</p>
    ${line.appeal !== null && html`<h4 class="field-label">${said.yours}</h4><p dir="auto">${line.appeal}</p>`}
    ${line.answer !== null && html`<h4 class="field-label">${said.theirs}</h4><p dir="auto">${line.answer}</p>`}
    ${line.appealedMs !== null && line.answeredMs === null && html`<p class="small quiet">${said.waits}</p>`}
    ${
      line.appealedMs === null &&
      line.liftedMs === null &&
      html`<form class="form" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.sanction, String(line.key))}
        ${formProblem(own, context.words.form.somethingWrong)}
        <details open=${isAnswered}>
          <summary class="button button-quiet">${said.appeal}</summary>
          ${field({
            name,
            type: "textarea",
            label: said.appeal,
            help: said.appealHelp,
            form: own,
            isRequired: true,
            maxLength: 3000,
          })}
          <button class="button">${said.send}</button>
        </details>
      </form>`
    }
  </article>`;
}
