/** Posts that carry a hashtag. */
import { actForm, verbButton } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { pageHead } from "../components/page-head.ts";
import { verb } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function tagPage(
  context: PageContext,
  props: {
    readonly name: string;
    /** The address of the tag's page. */
    readonly iri: string;
    /** Null for visitors. */
    readonly isFollowed: boolean | null;
    readonly feed: FeedProps;
  },
): PageView {
  const { text, emptyTitle, emptyText } = context.words.tag;
  const title = `#${props.name}`;
  return {
    title,
    // It shows what its authors may not want to be listed.
    isPrivate: true,
    ...(props.feed.newestHref ? {} : { live: { on: "tag", name: props.name } }),
    main: html`
      ${pageHead({
        title,
        text: props.isFollowed === true ? context.words.tagFollow.followed : text,
        action: followButton(context, props),
      })}
      ${feed(context, props.feed, emptyState({ icon: "search", title: emptyTitle, text: emptyText }))}`,
  };
}

function followButton(
  context: PageContext,
  { iri, isFollowed }: { readonly iri: string; readonly isFollowed: boolean | null },
): Html {
  if (isFollowed === null) return null;
  const { follow, unfollow } = context.words.tagFollow;
  const children = isFollowed
    ? verbButton({ verb: verb("Remove", "followed-tags"), label: unfollow, class: "button button-quiet" })
    : verbButton({
        verb: verb("Add", "followed-tags"),
        label: follow,
        class: "button button-quiet",
        icon: "plus",
      });
  return actForm(context, { object: iri, children });
}
