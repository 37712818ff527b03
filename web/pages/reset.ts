/** A new password, from a one-time link. */
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, PATHS, RESET, SIGN_IN } from "../forms.ts";
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

/** The link was used already, or is too old. */
export function resetOverPage({ words, viewer }: PageContext): PageView {
  const { overTitle: title, overText: text } = words.reset;
  const step =
    viewer === null
      ? { href: SIGN_IN.path, label: words.shell.signIn }
      : { href: PATHS.home, label: words.problem.home };
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`<h1 class="visually-hidden">${title}</h1>
      <div class="sheet">${emptyState({ icon: "ticket", title, text, step })}</div>`,
  };
}
