/** Nothing here yet: what would be here, and the first step towards it. */
import type { IconName } from "../assets/icon-names.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";

export const emptyState = (props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly step?: { readonly href: string; readonly label: string };
  /** Where the page has a more important button. */
  readonly isQuiet?: boolean;
}): Html => html`<div class="empty">
  ${icon(props.icon)}
  <h2>${props.title}</h2>
  <p>${props.text}</p>
  ${props.step && html`<a class=${props.isQuiet ? "button button-quiet" : "button"} href=${props.step.href}>${props.step.label}</a>`}
</div>`;
