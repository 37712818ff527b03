/** A new password, from a one-time link. */
import { csrfField, hidden } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, RESET } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface ResetProps {
  readonly token: string;
  readonly name: string;
  readonly form?: FormState;
}

export function resetPage(context: PageContext, { token, name, form = EMPTY_FORM }: ResetProps): PageView {
  const { words } = context;
  const title = words.reset.title(name);
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title })}
      <form class="form sheet sheet-body" method="post" action=${RESET.path}>
        ${csrfField(context)}${hidden(RESET.fields.token, token)}
        ${formProblem(form, words.form.somethingWrong)}
        ${field({
          name: RESET.fields.password,
          type: "password",
          label: words.reset.password,
          help: words.reset.help,
          form,
          isRequired: true,
          autocomplete: "new-password",
        })}
        <button class="button">${words.reset.submit}</button>
      </form>`,
  };
}
