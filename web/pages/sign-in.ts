/** Coming back: name and password. */
import { csrfField, hidden } from "../components/act-form.ts";
import { awayButton } from "../components/away-button.ts";
import { field, formProblem } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { passkeyForm } from "../components/passkey-form.ts";
import { serverForm } from "../components/server-form.ts";
import {
  EMPTY_FORM,
  type FormState,
  localReturn,
  PATHS,
  pathWithReturn,
  SIGN_IN,
  SIGN_UP,
} from "../forms.ts";
import { APPEAL } from "../forms-peace.ts";
import { RECOVER } from "../forms-sign-in.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface SignInProps {
  readonly form?: FormState;
  /** Where to go afterwards. */
  readonly returnTo?: string | null;
  /** Places whose accounts are good here, each with a button. */
  readonly places?: readonly { readonly provider: string; readonly place: string }[];
  /** Whether people may name a server of the Fediverse. */
  readonly takesServers?: boolean;
}

export function signInPage(context: PageContext, props: SignInProps = {}): PageView {
  const { words, site } = context;
  const { form = EMPTY_FORM, places = [] } = props;
  const { fields, ids } = SIGN_IN;
  const returnTo = localReturn(props.returnTo, PATHS.home);
  const leadsAway = places.length > 0 || props.takesServers === true;
  const idOf = (name: string): string => (name === fields.password ? ids.password : ids.name);
  return {
    title: words.signIn.title,
    width: "narrow",
    isPrivate: true,
    // Where it leads is known only when it is asked.
    formTargets: leadsAway ? ["https:"] : [],
    main: html`
      ${pageHead({ title: words.signIn.title })}
      <form class="form sheet sheet-body" method="post" action=${SIGN_IN.path}>
        ${csrfField(context)}${hidden(fields.return, returnTo)}
        ${formProblem(form, words.form.somethingWrong, idOf)}
        ${form.problem?.reason === "account-disabled" && html`<p><a href=${APPEAL.path}>${words.standing.closedLink}</a></p>`}
        ${field({
          name: fields.name,
          id: ids.name,
          label: words.signIn.name,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "username webauthn",
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
      <div class="ways-in">
      ${passkeyForm(context, { use: "sign-in", label: words.passkey.use, returnTo, isOffered: true })}
      ${places.map(({ provider, place }) =>
        awayButton(context, { provider, use: "sign-in", label: words.away.with(place), returnTo }),
      )}
      ${props.takesServers && serverForm(context, { use: "sign-in", returnTo, form, label: words.away.server })}
      </div>
      <div class="small quiet">
        ${site.registration !== "closed" && html`<p>${words.signIn.noAccount} <a href=${pathWithReturn(SIGN_UP.path, returnTo)}>${words.signIn.join}</a></p>`}
        <p>${words.signIn.forgot}</p>
        <p><a href=${pathWithReturn(RECOVER.path, returnTo)}>${words.recover.title}</a></p>
      </div>`,
  };
}
