/** What the people whom the viewer follows have posted, below a place to write. */
import { announcement, type ShownAnnouncement } from "../components/announcement.ts";
import { composer, emptyComposer } from "../components/composer.ts";
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { movedNote } from "../components/moved-note.ts";
import { type FormState, SEARCH } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface HomeProps {
  readonly feed: FeedProps;
  /** What was typed, where posting failed. */
  readonly form?: FormState;
  /** What the people who run the server say, until the viewer puts it aside. */
  readonly announcements?: readonly ShownAnnouncement[];
}

export function homePage(context: PageContext, props: HomeProps): PageView {
  const { words } = context;
  const isFirst = !props.feed.newestHref;
  return {
    title: words.home.title,
    isPrivate: true,
    ...(isFirst ? { live: { on: "home" } } : {}),
    main: html`
      <h1 class="visually-hidden">${words.home.title}</h1>
      ${context.viewer && movedNote(context, context.viewer.actor)}
      ${isFirst && props.announcements?.map((each) => announcement(context, each))}
      ${isFirst && !context.viewer?.actor.movedTo && (props.form ? composer(context, { form: props.form }) : emptyComposer(context))}
      ${feed(
        context,
        props.feed,
        emptyState({
          icon: "users-round",
          title: words.home.emptyTitle,
          text: words.home.emptyText,
          step: { href: SEARCH.path, label: words.home.emptyStep },
          isQuiet: true,
        }),
      )}`,
    aside: homeAside(context),
  };
}

function homeAside({ words, site, viewer }: PageContext): Html {
  if (viewer === null) return null;
  return html`<section class="aside-note">
    <h2>${words.home.asideTitle}</h2>
    <p class="address">@${viewer.actor.handle}@${site.host}</p>
    <p>${words.home.asideText}</p>
  </section>`;
}
