/** Somebody who is known elsewhere makes an account here, in each of the ways in which a server lets people in. */
import { csrfField } from "../components/act-form.ts";
import { tick } from "../components/choices.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, PATHS, SIGN_IN } from "../forms.ts";
import { FACTORS, JOIN } from "../forms-sign-in.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { closedPage } from "./sign-up-ends.ts";

export interface JoinProps {
  readonly place: string;
  /** Who they are there, as it was told. */
  readonly label: string;
  /** What is filled in where the person typed nothing yet. */
  readonly suggested: { readonly name: string; readonly displayName: string; readonly email: string };
  /** The place's word is enough: nobody has to be asked. */
  readonly isAdmitted: boolean;
  readonly invitation: string | null;
  readonly domains: readonly string[];
  readonly hasRules: boolean;
  readonly form?: FormState;
}

export function joinPage(context: PageContext, props: JoinProps): PageView {
  const { join: said, signUp, form: words } = context.words;
  const { form = EMPTY_FORM, suggested, isAdmitted } = props;
  const { registration, host } = context.site;
  const { fields } = JOIN;
  if (registration === "closed") return closedPage(context);
  const isFree = isAdmitted || registration === "open" || props.invitation !== null;
  const asks = !isFree && registration === "approval";
  const needsEmail = !isFree && registration === "domain";
  const title = said.title(props.place);
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title, text: asks ? said.asks : said.text })}
      <form class="form sheet sheet-body" method="post" action=${JOIN.path}>
        ${csrfField(context)}${formProblem(form, words.somethingWrong)}
        <p class="quiet"><bdi>${props.label}</bdi></p>
        ${
          !isFree && registration === "invitation"
            ? field({
                name: fields.invitation,
                label: signUp.invitationCode,
                help: signUp.invitationHelp,
                form,
                isRequired: true,
                isCode: true,
                autocomplete: "off",
              })
            : props.invitation !== null &&
              html`<input type="hidden" name=${fields.invitation} value=${props.invitation} />`
        }
        ${field({
          name: fields.displayName,
          label: words.displayName,
          help: words.displayNameHelp,
          form,
          value: suggested.displayName,
          autocomplete: "name",
          maxLength: 80,
        })}
        ${field({
          name: fields.name,
          label: words.name,
          help: words.nameHelp,
          form,
          value: suggested.name,
          isRequired: true,
          isCode: true,
          autocomplete: "username",
          affix: `@${host}`,
          pattern: "[A-Za-z0-9_]+",
          maxLength: 30,
        })}
        ${field({
          name: fields.email,
          type: "email",
          label: words.email,
          help: needsEmail ? signUp.domain(props.domains.join(", ")) : words.emailHelp,
          form,
          value: suggested.email,
          isRequired: needsEmail,
          autocomplete: "email",
          ...(needsEmail ? {} : { hint: words.optional }),
        })}
        ${
          asks &&
          field({
            name: fields.reason,
            type: "textarea",
            label: signUp.reason,
            help: signUp.reasonHelp,
            form,
            isRequired: true,
            maxLength: 1000,
          })
        }
        ${
          props.hasRules &&
          html`${tick({ name: fields.agree, label: signUp.agree, form, isRequired: true })}
            <p class="small"><a href=${PATHS.rules}>${signUp.readRules}</a></p>`
        }
        <button class="button">${asks ? signUp.ask : signUp.submit}</button>
      </form>
      <p class="small quiet">
        ${said.haveAccount} <a href=${`${SIGN_IN.path}?return=${encodeURIComponent(FACTORS.path)}`}>${said.linkInstead}</a>
      </p>`,
  };
}
