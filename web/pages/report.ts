/** Telling the people who run the server that something is wrong. */
import type { ActorView, ObjectView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { personChip } from "../components/person-chip.ts";
import { richText } from "../components/rich-text.ts";
import { ACT, EMPTY_FORM, type FormState, verb } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface ReportProps {
  readonly actor: ActorView;
  /** Null where the report is about the person. */
  readonly object: ObjectView | null;
  readonly form?: FormState;
}

export function reportPage(context: PageContext, props: ReportProps): PageView {
  const { words } = context;
  const { actor, object, form = EMPTY_FORM } = props;
  return {
    title: words.report.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.report.title, text: words.report.text })}
      <form class="form sheet sheet-body" method="post" action=${ACT.path}>
        ${csrfField(context)}${hidden(ACT.fields.type, verb("Flag"))}
        ${hidden(ACT.fields.object, object?.iri ?? actor.iri)}
        ${hidden(ACT.fields.return, object?.path ?? actor.path)}
        ${formProblem(form, words.form.somethingWrong)}
        <div class="quoted">
          <p class="small quiet">${words.report.about}</p>
          ${personChip(actor)}
          ${object && richText({ cleanHtml: object.contentHtml, language: object.language, class: "excerpt" })}
        </div>
        ${field({
          name: ACT.fields.content,
          type: "textarea",
          label: words.report.what,
          help: words.report.whatHelp,
          form,
          isRequired: true,
          maxLength: 3000,
        })}
        <button class="button">${words.report.submit}</button>
      </form>`,
  };
}
