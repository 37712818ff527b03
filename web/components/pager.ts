/** The end of a list: a real link to the next page, or the word that there is none. */
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";

export function pager(
  { words }: PageContext,
  props: {
    /** The next (older) page, or null at the end. */
    readonly olderHref: string | null;
    /** The first page, where this is not it. */
    readonly newestHref?: string | null;
  },
): Html {
  const { olderHref, newestHref } = props;
  return html`<div class="pager">
    ${newestHref && html`<a class="button button-plain" href=${newestHref}>${words.pager.newer}</a>`}
    ${olderHref ? html`<a class="button button-quiet" href=${olderHref} rel="next">${words.pager.more}</a>` : html`<p>${words.pager.end}</p>`}
  </div>`;
}
