/** Coming back: name and password. */
import { csrfField, hidden } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, localReturn, PATHS, SIGN_IN, SIGN_UP } from "../forms.ts";
import { APPEAL } from "../forms-peace.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface SignInProps {
  readonly form?: FormState;
  /** Where to go afterwards. */
  readonly returnTo?: string | null;
}

export function signInPage(context: PageContext, props: SignInProps = {}): PageView {
  const { words, site } = context;
  const { form = EMPTY_FORM } = props;
  const { fields, ids } = SIGN_IN;
  const idOf = (name: string): string => (name === fields.password ? ids.password : ids.name);
  return {
    title: words.signIn.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.signIn.title })}
      <form class="form sheet sheet-body" method="post" action=${SIGN_IN.path}>
        ${csrfField(context)}${hidden(fields.return, localReturn(props.returnTo, PATHS.home))}
        ${formProblem(form, words.form.somethingWrong, idOf)}
        ${form.problem?.reason === "account-disabled" && html`<p><a href=${APPEAL.path}>${words.standing.closedLink}</a></p>`}
        ${field({
          name: fields.name,
          id: ids.name,
          label: words.signIn.name,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "username",
        })}
        ${field({
          name: fields.password,
          id: ids.password,
          type: "password",
          label: words.form.password,
          form,
          isRequired: true,
          autocomplete: "current-password",
        })}
        <button class="button" type="submit">${words.signIn.submit}</button>
      </form>
      <div class="small quiet">
        ${site.registration !== "closed" && html`<p>${words.signIn.noAccount} <a href=${SIGN_UP.path}>${words.signIn.join}</a></p>`}
        <p>${words.signIn.forgot}</p>
      </div>`,
  };
}
