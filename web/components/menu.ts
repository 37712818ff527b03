/** More than fits in a row, behind one button: works without scripts, one open at a time. */
import type { IconName } from "../assets/icon-names.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

export function menu(props: {
  /** What the button is called. */
  readonly label: string;
  readonly children: Html;
  readonly icon?: IconName;
  /** Shown instead of the icon. */
  readonly face?: Html;
}): Html {
  return html`<details class="menu" name="menu">
    <summary class="menu-button" title=${props.label}>
      ${props.face ?? icon(props.icon ?? "ellipsis")}<span class="visually-hidden">${props.label}</span>
    </summary>
    <div class="menu-list">${props.children}</div>
  </details>`;
}
