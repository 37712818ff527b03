/** What the people whom the viewer follows have posted, below a place to write. */
import { announcement, type ShownAnnouncement } from "../components/announcement.ts";
import { composer, emptyComposer } from "../components/composer.ts";
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { movedNote } from "../components/moved-note.ts";
import { type FormState, SEARCH } from "../forms.ts";
import { SCHEDULED } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface HomeProps {
  readonly feed: FeedProps;
  /** What was typed, where posting failed. */
  readonly form?: FormState;
  /** What the people who run the server say, until the viewer puts it aside. */
  readonly announcements?: readonly ShownAnnouncement[];
  /** How many posts for later could not be published. */
  readonly failedPosts?: number;
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
      ${isFirst && failedNote(context, props.failedPosts ?? 0)}
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

/** Stays until they are put off once more, or given up. */
const failedNote = ({ words }: PageContext, failed: number): Html =>
  failed > 0 &&
  html`<div class="sheet sheet-body">
    <p role="status">${words.later.failedAtHome(failed)}</p>
    <a class="button button-quiet" href=${SCHEDULED.path}>${words.later.failedGo}</a>
  </div>`;

function homeAside({ words, site, viewer }: PageContext): Html {
  if (viewer === null) return null;
  return html`<section class="aside-note">
    <h2>${words.home.asideTitle}</h2>
    <p class="address">@${viewer.actor.handle}@${site.host}</p>
    <p>${words.home.asideText}</p>
  </section>`;
}
