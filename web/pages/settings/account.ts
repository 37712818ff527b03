/** The account itself: its e-mail address, and closing it for good. */
import type { LedGroup } from "../../../server/accounts/store-groups.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { field, formProblem } from "../../components/field.ts";
import { unlock } from "../../components/unlock.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ACCOUNT, MOVING } from "../../forms-moving.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface AccountProps {
  readonly name: string;
  readonly email: string | null;
  /** Groups that nobody else owns. */
  readonly alone: readonly Pick<LedGroup, "name">[];
  /** Whether the person has just proven who they are; otherwise nothing can be changed. */
  readonly isUnlocked: boolean;
  readonly form?: FormState;
}

export function accountPage(context: PageContext, props: AccountProps): PageView {
  const { leaving: said, form: words } = context.words;
  const { form = EMPTY_FORM, isUnlocked } = props;
  return settingsView(
    context,
    said.tab,
    html`
      ${formProblem(form, words.somethingWrong)}
      ${!isUnlocked && unlock(said.unlockText, said.unlock, ACCOUNT.path)}
      ${emailPart(context, props, form)}
      ${closingPart(context, props, form)}`,
  );
}

function emailPart(context: PageContext, { email, isUnlocked }: AccountProps, form: FormState): Html {
  const { leaving: said } = context.words;
  return html`<section class="section">
    <h2>${said.email}</h2>
    <p class="quiet">${said.emailText}</p>
    ${
      isUnlocked
        ? html`<form class="form sheet sheet-body" method="post" action=${ACCOUNT.path}>
            ${csrfField(context)}${hidden(ACCOUNT.fields.action, ACCOUNT.actions.email)}
            ${field({
              name: ACCOUNT.fields.email,
              type: "email",
              label: said.emailLabel,
              help: said.emailHelp,
              form,
              value: email ?? "",
              autocomplete: "email",
            })}
            <button class="button button-quiet">${said.emailSave}</button>
          </form>`
        : html`<p class="sheet sheet-body">${email === null ? said.noEmail : html`<bdi>${email}</bdi>`}</p>`
    }
  </section>`;
}

/** What cannot be taken back asks for the name. */
function closingPart(context: PageContext, props: AccountProps, form: FormState): Html {
  const { leaving: said } = context.words;
  const mayClose = props.isUnlocked && props.alone.length === 0;
  return html`<section class="section">
    <h2>${said.title}</h2>
    <div class="sheet sheet-body">
      <div class="rich-text"><ul>${said.means.map((line) => html`<li key=${line}>${line}</li>`)}</ul></div>
      <p>${said.before} <a href=${MOVING.path}>${said.archive}</a></p>
      ${
        props.alone.length > 0 &&
        html`<p>${said.alone}</p>
          <div class="rich-text"><ul>${props.alone.map(
            ({ name }) => html`<li key=${name}><a href=${`/@${name}`}><bdi>@${name}</bdi></a></li>`,
          )}</ul></div>`
      }
      ${
        mayClose &&
        html`<details class="more" open=${form.problem?.field === ACCOUNT.fields.sure}>
          <summary>${said.close}</summary>
          <form class="form" method="post" action=${ACCOUNT.path}>
            ${csrfField(context)}${hidden(ACCOUNT.fields.action, ACCOUNT.actions.close)}
            ${field({
              name: ACCOUNT.fields.sure,
              label: said.sure(props.name),
              form,
              isCode: true,
              isRequired: true,
              autocomplete: "off",
            })}
            <div><button class="button button-bad">${said.closeNow}</button></div>
          </form>
        </details>`
      }
    </div>
  </section>`;
}
