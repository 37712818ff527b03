/** The answer of somebody whose account is closed, and who therefore cannot sign in. */
import { csrfField } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState } from "../forms.ts";
import { APPEAL } from "../forms-peace.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function appealPage(
  context: PageContext,
  {
    form = EMPTY_FORM,
    isSent = false,
    isRecognised = false,
  }: {
    readonly form?: FormState;
    readonly isSent?: boolean;
    /** They have shown a moment ago who they are. */
    readonly isRecognised?: boolean;
  } = {},
): PageView {
  const { standing: said, signIn, form: formWords } = context.words;
  const { fields, path } = APPEAL;
  const title = said.closedTitle;
  if (isSent)
    return { title, width: "narrow", isPrivate: true, main: pageHead({ title, text: said.closedSent }) };
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title, text: isRecognised ? said.closedWhy : said.closedText })}
      <form class="form sheet sheet-body" method="post" action=${path}>
        ${csrfField(context)}
        ${formProblem(form, formWords.somethingWrong)}
        ${
          !isRecognised &&
          html`${field({ name: fields.name, label: signIn.name, form, isRequired: true, isCode: true, autocomplete: "username" })}
          ${field({ name: fields.password, type: "password", label: formWords.password, form, isRequired: true, autocomplete: "current-password" })}`
        }
        ${field({ name: fields.appeal, type: "textarea", label: said.appeal, help: said.appealHelp, form, isRequired: true, maxLength: 3000 })}
        <button class="button">${said.send}</button>
      </form>`,
  };
}
