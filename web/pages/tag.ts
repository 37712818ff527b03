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
    /** It stands on the viewer's own page. */
    readonly isFeatured?: boolean;
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
  props: { readonly iri: string; readonly isFollowed: boolean | null; readonly isFeatured?: boolean },
): Html {
  if (props.isFollowed === null) return null;
  const { follow, unfollow, feature, unfeature } = context.words.tagFollow;
  const quiet = { class: "button button-quiet" };
  return actForm(context, {
    object: props.iri,
    class: "tag-actions",
    children: html`
      ${
        props.isFollowed
          ? verbButton({ verb: verb("Remove", "followed-tags"), label: unfollow, ...quiet })
          : verbButton({ verb: verb("Add", "followed-tags"), label: follow, icon: "plus", ...quiet })
      }
      ${
        props.isFeatured
          ? verbButton({
              verb: verb("Remove", "featured-tags"),
              label: unfeature,
              class: "button button-plain",
            })
          : verbButton({ verb: verb("Add", "featured-tags"), label: feature, class: "button button-plain" })
      }`,
  });
}
