/** Consent: an app asks to use the viewer's account. */
import { csrfField, hidden } from "../components/act-form.ts";
import { pageHead } from "../components/page-head.ts";
import { personChip } from "../components/person-chip.ts";
import { scopeList } from "../components/scopes.ts";
import { AUTHORIZE } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface AuthorizeProps {
  readonly app: {
    readonly name: string;
    readonly website: string | null;
    /** The server on which the app describes itself; null where it registered here. */
    readonly host: string | null;
  };
  readonly scopes: readonly string[];
  /** Where the answer goes: a host, a scheme of the app's own, or empty where the code is shown here. */
  readonly returnsTo: string;
  /** Everything that the client sent (RFC 6749 §4.1.1, RFC 7636 §4.3), posted back unchanged. */
  readonly request: readonly (readonly [name: string, value: string])[];
}

export function authorizePage(context: PageContext, props: AuthorizeProps): PageView {
  const { words, viewer } = context;
  const { app } = props;
  const title = words.authorize.title(app.name);
  const { fields, decisions } = AUTHORIZE;
  // `negative` is Mastodon's: tests of programs press the other button.
  return {
    title,
    width: "narrow",
    isPrivate: true,
    formTargets: "anywhere",
    main: html`
      ${pageHead({ title })}
      <form class="form sheet sheet-body" method="post" action=${AUTHORIZE.path}>
        ${csrfField(context)}${props.request.map(([name, value]) => hidden(name, value))}
        ${viewer && html`<div><p class="small quiet">${words.authorize.signedInAs}</p>${personChip(viewer.actor)}</div>`}
        <div>
          <p>${words.authorize.asks}</p>
          ${scopeList(context, props.scopes)}
        </div>
        ${app.host && html`<p>${words.authorize.describedAt(app.host)}</p>`}
        <p class="small quiet">
          ${props.returnsTo === "" ? words.authorize.showsCode : words.authorize.goesTo(props.returnsTo)}
          ${" "}${words.authorize.unchecked}
          ${app.website && html` <a href=${app.website} rel="noopener nofollow">${words.authorize.website}</a>`}
        </p>
        <div class="button-row">
          <button class="button" type="submit" name=${fields.decision} value=${decisions.allow}>${words.authorize.allow}</button>
          <button class="button button-quiet negative" type="submit" name=${fields.decision} value=${decisions.deny}>${words.authorize.deny}</button>
        </div>
      </form>`,
  };
}
