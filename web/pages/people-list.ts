/** Lists of people: followers, followed, and those who ask to follow. */
import type { ActorView, Relationship } from "../../server/queries/view.ts";
import { actorRow } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { requestButtons } from "../components/notice-line.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { nameOf } from "../components/person-chip.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface PersonItem {
  readonly actor: ActorView;
  /** What the viewer is to them; null for visitors. */
  readonly relationship: Relationship | null;
}

export interface PeopleListProps {
  readonly of: ActorView;
  readonly which: "followers" | "following";
  readonly people: readonly PersonItem[];
  readonly olderHref: string | null;
}

export function peopleListPage(context: PageContext, props: PeopleListProps): PageView {
  const { words } = context;
  const { of, which } = props;
  const name = nameOf(of);
  const title =
    which === "followers" ? words.peopleList.followersOf(name) : words.peopleList.followingOf(name);
  const isOver = props.people.length === 0 && props.olderHref === null;
  const isHidden = isOver && of.isLocal && of.counts[which] > 0;
  const empty = emptyState(
    isHidden
      ? { icon: "lock", title: words.circle.hiddenTitle, text: words.circle.hiddenText }
      : which === "followers"
        ? { icon: "users-round", title: words.peopleList.noFollowers, text: words.peopleList.noFollowersText }
        : {
            icon: "users-round",
            title: words.peopleList.noFollowing,
            text: words.peopleList.noFollowingText,
          },
  );
  const note = of.isLocal ? null : html`<p class="small quiet">${words.peopleList.notAll}</p>`;
  return {
    title,
    isPrivate: true,
    main: html`
      ${pageHead({ title, text: html`<a href=${of.path}>${words.peopleList.back}</a>` })}
      ${peopleSheet(context, props.people, props.olderHref, empty)}
      ${note}`,
  };
}

export function peopleSheet(
  context: PageContext,
  people: readonly PersonItem[],
  olderHref: string | null,
  empty: Html,
): Html {
  if (people.length === 0 && olderHref === null) return html`<div class="sheet">${empty}</div>`;
  return html`<div class="sheet feed">
    ${people.map((person) => actorRow(context, person))}
    ${pager(context, { olderHref })}
  </div>`;
}

export interface RequestsProps {
  readonly people: readonly ActorView[];
  readonly olderHref: string | null;
}

export function requestsPage(context: PageContext, { people, olderHref }: RequestsProps): PageView {
  const { words } = context;
  const { title, text, emptyTitle, emptyText } = words.requests;
  return {
    title,
    isPrivate: true,
    main: html`
      ${pageHead({ title, text: people.length > 0 ? text : null })}
      <div class="sheet feed">
        ${
          people.length === 0 && olderHref === null
            ? emptyState({ icon: "user-check", title: emptyTitle, text: emptyText })
            : html`${people.map((actor) => actorRow(context, { actor, actions: requestButtons(context, actor.iri) }))}
              ${pager(context, { olderHref })}`
        }
      </div>`,
  };
}
