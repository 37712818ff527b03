/** What was decided about somebody, and the form in which the staff decide: on the page of a report and of a person. */
import { SANCTIONS, type Sanction } from "../../server/moderation/sanction.ts";
import type { ActorView } from "../../server/queries/view.ts";
import { EMPTY_FORM, type FormState } from "../forms.ts";
import { ADMIN_SANCTIONS } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { choices } from "./choices.ts";
import { field, formProblem, idOf } from "./field.ts";
import { nameOf } from "./person-chip.ts";
import { dateOf, time } from "./time.ts";

const { fields, actions, path } = ADMIN_SANCTIONS;

export interface SanctionLine extends Sanction {
  readonly timeMs: number;
  readonly byActor: ActorView | null;
  /** Whether the viewer may say no to its appeal. */
  readonly mayUphold: boolean;
}

/** `posts` are those that can be hidden, with a few words of each. */
export function sanctionForm(
  context: PageContext,
  props: {
    readonly actor: ActorView;
    readonly posts: readonly { readonly key: number; readonly label: string }[];
    readonly report?: number;
    readonly form?: FormState;
  },
): Html {
  const { sanctions: said, form: formWords } = context.words;
  const { posts } = props;
  const form = props.form?.values[fields.action] === actions.impose ? props.form : EMPTY_FORM;
  const { isLocal } = props.actor;
  const kinds = SANCTIONS.filter((kind) => (kind === "hide" ? posts.length > 0 : kind !== "warn" || isLocal));
  return html`<form class="form sheet sheet-body" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.impose)}${hidden(fields.actor, String(props.actor.key))}
    ${props.report !== undefined && hidden(fields.report, String(props.report))}
    ${hidden(fields.return, context.path)}
    ${formProblem(form, formWords.somethingWrong)}
    <p class="quiet">${isLocal ? said.text : said.textElsewhere}</p>
    ${choices({
      name: fields.kind,
      label: said.kind,
      form,
      value: isLocal ? "warn" : "limit",
      options: kinds.map((kind) => ({ value: kind, label: said[kind], help: said[`${kind}Help`] })),
    })}
    ${
      posts.length > 0 &&
      choices({
        name: fields.object,
        label: said.object,
        form,
        value: posts.length === 1 ? String(posts[0]?.key) : "",
        options: [
          ...posts.map(({ key, label }) => ({ value: String(key), label })),
          { value: "", label: said.noObject },
        ],
      })
    }
    ${field({ name: fields.text, type: "textarea", label: isLocal ? said.words : said.wordsElsewhere, form, isRequired: true, maxLength: 2000 })}
    <button class="button">${said.impose}</button>
  </form>`;
}

/** Newest first, each with the way back and the answer to its appeal; `form` is what was sent about one of them. */
export function sanctionList(context: PageContext, list: readonly SanctionLine[], form?: FormState): Html {
  const { sanctions: said } = context.words;
  if (list.length === 0) return html`<p class="sheet sheet-body quiet">${said.none}</p>`;
  return html`<div class="sheet feed">${list.map((line) => sanctionItem(context, line, form))}</div>`;
}

export function sanctionItem(context: PageContext, line: SanctionLine, sent: FormState = EMPTY_FORM): Html {
  const { sanctions: said, form: formWords } = context.words;
  const form = sent.values[fields.sanction] === String(line.key) ? sent : EMPTY_FORM;
  const { appealedMs, answeredMs, liftedMs } = line;
  return html`<article key=${line.key} class="sheet-body">
    <h3>${said[line.kind]}${liftedMs !== null && html` <span class="badge">${said.lifted}</span>`}</h3>
    <p class="small quiet">${time(context, line.timeMs)}${line.byActor && html` ${said.by(nameOf(line.byActor))}`}</p>
    <p dir="auto">${line.text}</p>
    ${line.erasedAtMs !== null && html`<p class="small">${said.erased}: ${dateOf(context, line.erasedAtMs)}</p>`}
    ${line.appeal !== null && html`<h4 class="field-label">${said.appealed}</h4><p dir="auto">${line.appeal}</p>`}
    ${line.answer !== null && html`<h4 class="field-label">${said.answered}</h4><p dir="auto">${line.answer}</p>`}
    ${formProblem(form, formWords.somethingWrong, () => idOf(fields.answer(line.key)))}
    ${appealedMs !== null && answeredMs === null && answerForm(context, line, form)}
    ${
      liftedMs === null &&
      (appealedMs === null || answeredMs !== null) &&
      html`<form method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.lift)}${hidden(fields.sanction, String(line.key))}
        ${hidden(fields.return, context.path)}
        <button class="button button-quiet">${said.lift}</button>
      </form>`
    }
  </article>`;
}

function answerForm(context: PageContext, line: SanctionLine, form: FormState): Html {
  const { sanctions: said } = context.words;
  const name = fields.answer(line.key);
  return html`<form class="form" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.sanction, String(line.key))}${hidden(fields.return, context.path)}
    ${field({ name, type: "textarea", label: said.answer, form, isRequired: true, maxLength: 2000, rows: 3 })}
    <div class="button-row">
      <button class="button" name=${fields.action} value=${actions.grant}>${said.grant}</button>
      ${line.mayUphold && html`<button class="button button-quiet" name=${fields.action} value=${actions.refuse}>${said.refuse}</button>`}
    </div>
    ${!line.mayUphold && html`<p class="small quiet">${said.refuseByOthers}</p>`}
  </form>`;
}
