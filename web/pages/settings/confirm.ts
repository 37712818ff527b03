/** Who one is once more, before what is worth guarding. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { awayButton } from "../../components/away-button.ts";
import { field, formProblem } from "../../components/field.ts";
import { pageHead } from "../../components/page-head.ts";
import { passkeyForm } from "../../components/passkey-form.ts";
import { EMPTY_FORM, type FormState, localReturn, pathWithReturn } from "../../forms.ts";
import { CONFIRM, FACTORS, RECOVER } from "../../forms-sign-in.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";

export interface ConfirmProps {
  readonly name: string;
  readonly hasPassword: boolean;
  readonly hasPasskeys: boolean;
  /** Linked accounts elsewhere that can be asked. */
  readonly places: readonly { readonly provider: string; readonly place: string }[];
  readonly returnTo: string;
  readonly form?: FormState;
}

export function confirmPage(context: PageContext, props: ConfirmProps): PageView {
  const { confirm: said, form: words, passkey, recover } = context.words;
  const { form = EMPTY_FORM, hasPassword } = props;
  const returnTo = localReturn(props.returnTo, FACTORS.path);
  const isStuck = !hasPassword && !props.hasPasskeys && props.places.length === 0;
  return {
    title: said.title,
    width: "narrow",
    isPrivate: true,
    formTargets: props.places.length > 0 ? ["https:"] : [],
    main: html`
      ${pageHead({ title: said.title, text: isStuck ? said.nothing : said.text })}
      ${
        !isStuck &&
        html`<div class="sheet sheet-body ways-in">
          ${!hasPassword && formProblem(form, words.somethingWrong)}
          ${props.hasPasskeys && passkeyForm(context, { use: "confirm", label: passkey.confirm, returnTo, isMain: !hasPassword })}
          ${
            hasPassword &&
            html`<form class="form" method="post" action=${CONFIRM.path}>
              ${csrfField(context)}${hidden(CONFIRM.fields.return, returnTo)}
              ${formProblem(form, words.somethingWrong)}
              <input class="visually-hidden" type="text" name="username" value=${props.name} autocomplete="username"
                tabindex="-1" aria-hidden="true" readonly />
              ${field({
                name: CONFIRM.fields.password,
                type: "password",
                label: words.password,
                form,
                isRequired: true,
                autocomplete: "current-password",
                hasFocus: true,
              })}
              <button class="button">${said.submit}</button>
            </form>`
          }
          ${props.places.map(({ provider, place }) =>
            awayButton(context, {
              provider,
              use: "confirm",
              label: said.elsewhere(place),
              returnTo,
            }),
          )}
        </div>`
      }
      ${!hasPassword && props.hasPasskeys && html`<p class="small"><a href=${pathWithReturn(RECOVER.path, returnTo)}>${recover.title}</a></p>`}`,
  };
}
