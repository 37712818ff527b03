/** Making an account, in each of the ways in which a server lets people in. */
import { accountFields } from "../components/account-fields.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { awayButton } from "../components/away-button.ts";
import { tick } from "../components/choices.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import {
  EMPTY_FORM,
  type FormState,
  localReturn,
  PATHS,
  pathWithReturn,
  SIGN_IN,
  SIGN_UP,
} from "../forms.ts";
import { PASSKEY } from "../forms-sign-in.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { closedPage, waitingPage } from "./sign-up-ends.ts";

export interface SignUpProps {
  readonly form?: FormState;
  /** From an invitation link; the name of whoever made it where it is known. */
  readonly invitation?: { readonly code: string; readonly invitedBy: string | null } | null;
  /** Those who may join, where `site.registration` is `domain`. */
  readonly domains?: readonly string[];
  readonly hasRules?: boolean;
  /** Where to go afterwards. */
  readonly returnTo?: string | null;
  /** Places whose accounts are good here, each with a button. */
  readonly places?: readonly { readonly provider: string; readonly place: string }[];
  /** Without a password: the device makes a passkey. */
  readonly withPasskey?: boolean;
  /** The request was sent and waits for an answer. */
  readonly isWaiting?: boolean;
}

export function signUpPage(context: PageContext, props: SignUpProps): PageView {
  const { words, site } = context;
  if (props.isWaiting) return waitingPage(context);
  // An invitation is good in every mode but this one.
  if (site.registration === "closed") return closedPage(context);
  const { form = EMPTY_FORM, domains = [], places = [] } = props;
  const returnTo = localReturn(props.returnTo, PATHS.home);
  const title = words.signUp.title(site.name);
  const asks = site.registration === "approval" && !props.invitation;
  const intro = props.invitation?.invitedBy
    ? words.signUp.invitedBy(props.invitation.invitedBy)
    : site.registration === "domain"
      ? words.signUp.domain(domains.join(", "))
      : words.signUp[site.registration];
  return {
    title,
    width: "narrow",
    formTargets: places.length > 0 ? ["https:"] : [],
    main: html`
      ${pageHead({ title, text: intro })}
      ${props.withPasskey && html`<p class="sheet sheet-body" data-without-passkeys>${words.passkey.joinScripts}</p>`}
      <form class="form sheet sheet-body passkey-form" method="post"
        action=${props.withPasskey ? PASSKEY.join : SIGN_UP.path} ...${props.withPasskey ? island(context) : {}}>
        ${csrfField(context)}${hidden(SIGN_UP.fields.return, returnTo)}
        ${props.withPasskey && html`${hidden(PASSKEY.fields.use, "join")}${hidden(PASSKEY.fields.token, "")}${hidden(PASSKEY.fields.credential, "")}`}
        ${formProblem(form, words.form.somethingWrong)}
        ${invitationField(context, props, form)}
        ${accountFields(context, form, {
          emailIsRequired: site.registration === "domain" || asks,
          hasPassword: !props.withPasskey,
        })}
        ${
          asks &&
          field({
            name: SIGN_UP.fields.reason,
            type: "textarea",
            label: words.signUp.reason,
            help: words.signUp.reasonHelp,
            form,
            isRequired: true,
            maxLength: 1000,
          })
        }
        ${props.hasRules && rulesTick(context, form)}
        <button class="button">${asks ? words.signUp.ask : words.signUp.submit}</button>
        ${props.withPasskey && html`<p class="small" role="status"></p>`}
      </form>
      <p><a href=${otherWay(props)}>${props.withPasskey ? words.passkey.joinWithPassword : words.passkey.join}</a></p>
      ${
        places.length > 0 &&
        html`<div class="ways-in">
          ${places.map(({ provider, place }) =>
            awayButton(context, {
              provider,
              use: "sign-in",
              label: words.away.joinWith(place),
              returnTo,
              ...(props.invitation ? { invitation: props.invitation.code } : {}),
            }),
          )}
        </div>`
      }
      <p class="small quiet">${words.signUp.haveAccount} <a href=${pathWithReturn(SIGN_IN.path, returnTo)}>${words.shell.signIn}</a></p>`,
  };
}

const island = ({ words }: PageContext) => ({
  "data-island": "passkey",
  "data-options": PASSKEY.options,
  "data-kind": "create",
  "data-failed": words.passkey.failed,
  hidden: true,
});

/** The same page with the other thing to sign in with. */
function otherWay({ withPasskey, invitation, returnTo }: SignUpProps): string {
  const query = new URLSearchParams({
    ...(withPasskey ? {} : { [SIGN_UP.with.name]: SIGN_UP.with.passkey }),
    ...(invitation ? { [SIGN_UP.fields.invitation]: invitation.code } : {}),
    ...(returnTo ? { [SIGN_UP.fields.return]: returnTo } : {}),
  }).toString();
  return query === "" ? SIGN_UP.path : `${SIGN_UP.path}?${query}`;
}

function invitationField({ words, site }: PageContext, { invitation }: SignUpProps, form: FormState): Html {
  const name = SIGN_UP.fields.invitation;
  const isWrong = form.problem?.field === name;
  if (invitation && !isWrong) return html`<input type="hidden" name=${name} value=${invitation.code} />`;
  if (site.registration !== "invitation" && !isWrong) return null;
  const isNeeded = site.registration === "invitation";
  return field({
    name,
    label: words.signUp.invitationCode,
    help: words.signUp.invitationHelp,
    form,
    value: invitation?.code ?? "",
    isRequired: isNeeded,
    ...(isNeeded ? {} : { hint: words.form.optional }),
    isCode: true,
    autocomplete: "off",
  });
}

const rulesTick = ({ words }: PageContext, form: FormState): Html =>
  html`${tick({ name: SIGN_UP.fields.agree, label: words.signUp.agree, form, isRequired: true })}
    <p class="small"><a href=${PATHS.rules}>${words.signUp.readRules}</a></p>`;
