/** The first page of a new server: its first person claims it. */
import { accountFields } from "../components/account-fields.ts";
import { csrfField } from "../components/act-form.ts";
import { field, formProblem } from "../components/field.ts";
import { icon } from "../components/icon.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, SETUP, SIGN_IN } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface SetupProps {
  /** From the link that the first start printed; asked for where it is missing. */
  readonly token?: string | null;
  readonly isClaimed?: boolean;
  readonly form?: FormState;
}

export function setupPage(context: PageContext, props: SetupProps): PageView {
  const { words, site } = context;
  const { form = EMPTY_FORM } = props;
  if (props.isClaimed) return claimedPage(context);
  const token = form.values[SETUP.fields.token] ?? props.token ?? "";
  const tokenIsWrong = form.problem?.field === SETUP.fields.token;
  return {
    title: words.setup.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.setup.title, text: words.setup.text })}
      <form class="form sheet sheet-body" method="post" action=${SETUP.path}>
        ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
        ${
          token && !tokenIsWrong
            ? html`<input type="hidden" name=${SETUP.fields.token} value=${token} />`
            : field({
                name: SETUP.fields.token,
                label: words.setup.token,
                help: words.setup.tokenHelp,
                form,
                isRequired: true,
                isCode: true,
                autocomplete: "off",
              })
        }
        <section class="form-section">
          <h2>${words.setup.place}</h2>
          ${field({
            name: SETUP.fields.siteName,
            label: words.setup.siteName,
            help: words.setup.siteNameHelp,
            form,
            value: site.name,
            isRequired: true,
            maxLength: 80,
          })}
        </section>
        <section class="form-section">
          <h2>${words.setup.you}</h2>
          ${accountFields(context, form, { emailIsRequired: false })}
        </section>
        <button class="button">${words.setup.submit}</button>
      </form>`,
  };
}

function claimedPage({ words }: PageContext): PageView {
  return {
    title: words.setup.doneTitle,
    width: "narrow",
    main: html`<div class="sheet empty">
      ${icon("key-round")}
      <h1>${words.setup.doneTitle}</h1>
      <p>${words.setup.doneText}</p>
      <a class="button" href=${SIGN_IN.path}>${words.shell.signIn}</a>
    </div>`,
  };
}
