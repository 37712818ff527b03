/** What is for everybody: written by people here, or come from everywhere. */
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { tabs } from "../components/tabs.ts";
import { PUBLIC_LISTS } from "../forms-moving.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function publicPage(
  context: PageContext,
  props: { readonly which: "here" | "everywhere"; readonly feed: FeedProps },
): PageView {
  const { publicLists: said } = context.words;
  const { which } = props;
  return {
    title: `${said[which]} · ${said.title}`,
    // It shows what its authors may not want to be listed.
    isPrivate: true,
    ...(props.feed.newestHref ? {} : { live: { on: which } }),
    main: html`
      <h1>${said.title}</h1>
      ${tabs(
        said.title,
        (["here", "everywhere"] as const).map((name) => ({
          href: PUBLIC_LISTS[name],
          label: said[name],
          isHere: name === which,
        })),
      )}
      ${feed(
        context,
        props.feed,
        emptyState({
          icon: "globe",
          title: which === "here" ? said.hereEmpty : said.everywhereEmpty,
          text: said.emptyText,
        }),
      )}`,
  };
}
