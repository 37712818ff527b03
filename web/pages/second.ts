/** The second question of signing in: a code, or a passkey. */
import { csrfField, hidden } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { passkeyForm } from "../components/passkey-form.ts";
import { EMPTY_FORM, type FormState, localReturn, PATHS, SIGN_IN } from "../forms.ts";
import { SECOND } from "../forms-sign-in.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface SecondProps {
  /** What the account has. */
  readonly codes: boolean;
  readonly passkeys: boolean;
  readonly returnTo: string;
  readonly form?: FormState;
}

export function secondPage(context: PageContext, props: SecondProps): PageView {
  const { second: said, form: words, passkey } = context.words;
  const { form = EMPTY_FORM } = props;
  const returnTo = localReturn(props.returnTo, PATHS.home);
  return {
    title: said.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title, text: props.codes ? said.text : said.textPasskey })}
      <div class="sheet sheet-body ways-in">
        ${props.passkeys && passkeyForm(context, { use: "second", label: passkey.answer, returnTo, isMain: !props.codes })}
        <form class="form" method="post" action=${SECOND.path}>
          ${csrfField(context)}${hidden(SECOND.fields.return, returnTo)}${formProblem(form, words.somethingWrong)}
          ${field({
            name: SECOND.fields.code,
            label: said.code,
            help: props.codes ? said.codeHelp : said.paperHelp,
            form,
            isRequired: true,
            isCode: true,
            autocomplete: "one-time-code",
            maxLength: 40,
            hasFocus: props.codes,
          })}
          <button class=${props.codes ? "button" : "button button-quiet"}>${said.submit}</button>
        </form>
      </div>
      <div class="small quiet">
        <p>${said.lost}</p>
        <p><a href=${SIGN_IN.path}>${said.again}</a></p>
      </div>`,
  };
}
