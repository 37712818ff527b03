/** The form that a passkey answers: it appears where the browser knows passkeys. */
import { localReturn } from "../forms.ts";
import { PASSKEY, type PasskeyUse } from "../forms-sign-in.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { icon } from "./icon.ts";

export function passkeyForm(
  context: PageContext,
  props: {
    readonly use: PasskeyUse;
    readonly label: string;
    readonly returnTo?: string;
    /** More questions, above the button. */
    readonly children?: Html;
    /** The browser offers passkeys where the name is typed. */
    readonly isOffered?: boolean;
    readonly isMain?: boolean;
  },
): Html {
  const { fields } = PASSKEY;
  return html`<form class="form passkey-form" method="post" action=${PASSKEY.path} data-island="passkey"
    data-options=${PASSKEY.options} data-kind=${props.use === "new" ? "create" : "get"}
    data-conditional=${props.isOffered ? "" : undefined} data-failed=${context.words.passkey.failed} hidden>
    ${csrfField(context)}${hidden(fields.use, props.use)}${hidden(fields.token, "")}${hidden(fields.credential, "")}
    ${hidden(fields.return, localReturn(props.returnTo, "/"))}
    ${props.children}
    <button class=${`button ${props.isMain ? "" : "button-quiet"} ${props.use === "new" ? "" : "button-wide"}`}>${icon("key-round")}${props.label}</button>
    <p class="small" role="status"></p>
  </form>`;
}
