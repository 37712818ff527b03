/** Posts that the viewer keeps. */
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { pageHead } from "../components/page-head.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function bookmarksPage(context: PageContext, props: { readonly feed: FeedProps }): PageView {
  const { title, text, emptyTitle, emptyText } = context.words.bookmarks;
  return {
    title,
    isPrivate: true,
    main: html`
      ${pageHead({ title, text })}
      ${feed(context, props.feed, emptyState({ icon: "bookmark", title: emptyTitle, text: emptyText }))}`,
  };
}
