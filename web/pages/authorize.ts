/** Consent: an app asks to use the viewer's account. */
import { csrfField, hidden } from "../components/act-form.ts";
import { pageHead } from "../components/page-head.ts";
import { personChip } from "../components/person-chip.ts";
import { scopeList } from "../components/scopes.ts";
import { AUTHORIZE } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface AuthorizeProps {
  readonly app: { readonly name: string; readonly website: string | null };
  readonly scopes: readonly string[];
  /** Where the answer goes: an address, or a scheme of the app's own. */
  readonly redirectUri: string;
  /** Everything that the client sent (RFC 6749 §4.1.1, RFC 7636 §4.3), posted back unchanged. */
  readonly request: Readonly<Record<string, string>>;
}

export function authorizePage(context: PageContext, props: AuthorizeProps): PageView {
  const { words, viewer } = context;
  const { app } = props;
  const title = words.authorize.title(app.name);
  const { fields, decisions } = AUTHORIZE;
  return {
    title,
    width: "narrow",
    isPrivate: true,
    formTargets: [targetOf(props.redirectUri)],
    main: html`
      ${pageHead({ title })}
      <form class="form sheet sheet-body" method="post" action=${AUTHORIZE.path}>
        ${csrfField(context)}${Object.entries(props.request).map(([name, value]) => hidden(name, value))}
        ${viewer && html`<div><p class="small quiet">${words.authorize.signedInAs}</p>${personChip(viewer.actor)}</div>`}
        <div>
          <p>${words.authorize.asks}</p>
          ${scopeList(context, props.scopes)}
        </div>
        <p class="small quiet">
          ${words.authorize.goesTo(hostOf(props.redirectUri))} ${words.authorize.unchecked}
          ${app.website && html` <a href=${app.website} rel="noopener nofollow">${words.authorize.website}</a>`}
        </p>
        <div class="button-row">
          <button class="button" name=${fields.decision} value=${decisions.allow}>${words.authorize.allow}</button>
          <button class="button button-quiet" name=${fields.decision} value=${decisions.deny}>${words.authorize.deny}</button>
        </div>
      </form>`,
  };
}

/** What the CSP must let the form end at: browsers hold redirects to `form-action` too. */
function targetOf(redirectUri: string): string {
  const url = URL.parse(redirectUri);
  if (url === null) return "'self'";
  return url.protocol === "https:" || url.protocol === "http:" ? url.origin : url.protocol;
}

const hostOf = (redirectUri: string): string => URL.parse(redirectUri)?.host || redirectUri;
