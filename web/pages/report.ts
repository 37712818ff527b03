/** Telling the people who run the server that something is wrong. */
import { CATEGORIES } from "../../server/moderation/report.ts";
import type { ActorView, ObjectView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { choices, tick } from "../components/choices.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { personChip } from "../components/person-chip.ts";
import { richText } from "../components/rich-text.ts";
import { EMPTY_FORM, type FormState } from "../forms.ts";
import { REPORT } from "../forms-peace.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface ReportProps {
  readonly actor: ActorView;
  /** Null where the report is about the person. */
  readonly object: ObjectView | null;
  /** Of this server, one line each. */
  readonly rules: readonly string[];
  readonly form?: FormState;
}

export function reportPage(context: PageContext, props: ReportProps): PageView {
  const { words } = context;
  const { actor, object, rules, form = EMPTY_FORM } = props;
  const { reporting: said } = words;
  const { fields } = REPORT;
  return {
    title: words.report.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.report.title, text: words.report.text })}
      <form class="form sheet sheet-body" method="post" action=${REPORT.path}>
        ${csrfField(context)}
        ${hidden(fields.object, object?.iri ?? actor.iri)}
        ${hidden(fields.return, object?.path ?? actor.path)}
        ${formProblem(form, words.form.somethingWrong)}
        <div class="quoted">
          <p class="small quiet">${words.report.about}</p>
          ${personChip(actor)}
          ${object && richText({ cleanHtml: object.contentHtml, language: object.language, class: "excerpt" })}
        </div>
        ${choices({
          name: fields.category,
          label: said.category,
          form,
          value: "",
          options: CATEGORIES.filter((category) => category !== "rule" || rules.length > 0).map(
            (category) => ({
              value: category,
              label: said[category],
              help: said[`${category}Help`],
            }),
          ),
        })}
        ${
          rules.length > 0 &&
          choices({
            name: fields.rule,
            label: said.whichRule,
            form,
            value: "",
            options: [
              ...rules.map((rule) => ({ value: rule, label: rule })),
              { value: "", label: said.noRule },
            ],
          })
        }
        ${field({
          name: fields.content,
          type: "textarea",
          label: words.report.what,
          help: words.report.whatHelp,
          form,
          isRequired: true,
          maxLength: 3000,
        })}
        ${actor.host && tick({ name: fields.forward, label: said.forward(actor.host), help: said.forwardHelp, form })}
        <button class="button">${words.report.submit}</button>
      </form>`,
  };
}
