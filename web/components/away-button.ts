/** A button that leads to a place elsewhere where the person signs in, and back. */
import { AWAY, type AwayUse } from "../forms-sign-in.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";

export const awayButton = (
  context: PageContext,
  props: {
    /** Key of the place. */
    readonly provider: string;
    readonly use: AwayUse;
    readonly label: string;
    readonly returnTo: string;
    /** An invitation that somebody came with. */
    readonly invitation?: string;
  },
): Html => html`<form key=${props.provider} method="post" action=${AWAY.path}>
  ${csrfField(context)}${hidden(AWAY.fields.provider, props.provider)}
  ${hidden(AWAY.fields.use, props.use)}
  ${hidden(AWAY.fields.return, props.returnTo)}
  ${props.invitation && hidden(AWAY.fields.invitation, props.invitation)}
  <button class="button button-quiet button-wide">${props.label}</button>
</form>`;
