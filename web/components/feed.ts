/** Things one below the other, newest first, on one sheet. */
import type { FeedItem } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { keptCard } from "./kept-card.ts";
import { pager } from "./pager.ts";

/** One page of a list, as the pages get it. */
export interface FeedProps {
  readonly items: readonly FeedItem[];
  readonly olderHref: string | null;
  readonly newestHref?: string | null;
}

/** `empty` is shown where there is nothing at all; where the list goes on, an empty page leads there. */
export function feed(context: PageContext, props: FeedProps, empty: Html): Html {
  if (props.items.length === 0 && props.olderHref === null) return html`<div class="sheet">${empty}</div>`;
  return html`<div class="sheet feed">
    ${props.items.map(({ object, sharedBy }) => keptCard(context, { view: object, sharedBy }))}
    ${pager(context, { olderHref: props.olderHref, newestHref: props.newestHref ?? null })}
  </div>`;
}
