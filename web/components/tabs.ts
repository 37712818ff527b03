/** Sister pages of one subject, as links. */
import { type Html, html } from "../html.ts";

export interface Tab {
  readonly href: string;
  readonly label: string;
  readonly isHere: boolean;
}

export const tabs = (
  label: string,
  items: readonly Tab[],
): Html => html`<nav class="tabs" aria-label=${label}>
  ${items.map(
    (
      item,
    ) => html`<a key=${item.href} class="tab" href=${item.href} aria-current=${item.isHere ? "page" : undefined}>
      ${item.label}</a>`,
  )}
</nav>`;
