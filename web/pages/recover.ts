/** Coming in with a code on paper, where the passkey is lost and there is no password. */
import { csrfField, hidden } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, localReturn, PATHS, pathWithReturn, SIGN_IN } from "../forms.ts";
import { RECOVER } from "../forms-sign-in.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function recoverPage(
  context: PageContext,
  props: {
    /** Where to go once there is a new passkey. */
    readonly returnTo?: string;
    readonly form?: FormState;
  } = {},
): PageView {
  const { words } = context;
  const { recover: said } = words;
  const { form = EMPTY_FORM } = props;
  const { fields } = RECOVER;
  const returnTo = localReturn(props.returnTo, PATHS.home);
  return {
    title: said.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title, text: said.text })}
      <form class="form sheet sheet-body" method="post" action=${RECOVER.path}>
        ${csrfField(context)}${hidden(fields.return, returnTo)}${formProblem(form, words.form.somethingWrong)}
        ${field({
          name: fields.name,
          label: words.signIn.name,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "username",
        })}
        ${field({
          name: fields.code,
          label: said.code,
          help: said.codeHelp,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "off",
          maxLength: 40,
        })}
        <button class="button">${words.signIn.submit}</button>
      </form>
      <div class="small quiet">
        <p>${said.lost}</p>
        <p><a href=${pathWithReturn(SIGN_IN.path, returnTo)}>${said.back}</a></p>
      </div>`,
  };
}
