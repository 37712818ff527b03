/** Sister pages of one subject, as links. */
import { type Html, html } from "../html.ts";

export interface Tab {
  readonly href: string;
  readonly label: string;
  readonly isHere: boolean;
}

/** Quiet ones stand below other tabs. */
export function tabs(
  label: string,
  items: readonly Tab[],
  { isQuiet = false }: { readonly isQuiet?: boolean } = {},
): Html {
  return html`<nav class=${isQuiet ? "tabs tabs-quiet" : "tabs"} aria-label=${label}>
    ${items.map(
      (
        item,
      ) => html`<a key=${item.href} class=${isQuiet ? "tab tab-quiet" : "tab"} href=${item.href} aria-current=${item.isHere ? "page" : undefined}>
        ${item.label}</a>`,
    )}
  </nav>`;
}
