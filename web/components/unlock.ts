/** In place of what is worth guarding: the way to showing once more who one is. */
import { pathWithReturn } from "../forms.ts";
import { CONFIRM } from "../forms-sign-in.ts";
import { type Html, html } from "../html.ts";

/** `returnTo` is the path of the page that it stands on; `label` says on the button what comes after. */
export const unlock = (
  text: string,
  label: string,
  returnTo: string,
): Html => html`<div class="sheet sheet-body">
  <p>${text}</p>
  <p><a class="button" href=${pathWithReturn(CONFIRM.path, returnTo)}>${label}</a></p>
</div>`;
