/** Posts that carry a hashtag. */
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { pageHead } from "../components/page-head.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function tagPage(
  context: PageContext,
  props: { readonly name: string; readonly feed: FeedProps },
): PageView {
  const { text, emptyTitle, emptyText } = context.words.tag;
  const title = `#${props.name}`;
  return {
    title,
    // It shows what its authors may not want to be listed.
    isPrivate: true,
    main: html`
      ${pageHead({ title, text })}
      ${feed(context, props.feed, emptyState({ icon: "search", title: emptyTitle, text: emptyText }))}`,
  };
}
