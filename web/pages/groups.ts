/** The groups of this server and those that the viewer is in: to find one, or to make one. */
import type { GroupLine } from "../../server/queries/view-groups.ts";
import { emptyState } from "../components/empty-state.ts";
import { field } from "../components/field.ts";
import { groupRow } from "../components/group-row.ts";
import { icon } from "../components/icon.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { EMPTY_FORM, SEARCH } from "../forms.ts";
import { GROUP_NEW, GROUPS } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface GroupsProps {
  /** Null for visitors, and where somebody searches. */
  readonly mine: readonly GroupLine[] | null;
  /** The rest of them. */
  readonly moreMineHref: string | null;
  /** Of this server, or what was found; null where somebody goes on through their own. */
  readonly here: readonly GroupLine[] | null;
  readonly query: string;
  readonly olderHref: string | null;
  readonly mayCreate: boolean;
}

export function groupsPage(context: PageContext, props: GroupsProps): PageView {
  const { groups } = context.words;
  const { query } = props;
  return {
    title: query ? `${query} · ${groups.title}` : groups.title,
    isPrivate: query !== "",
    main: html`
      ${pageHead({
        title: groups.title,
        text: groups.text,
        action:
          props.mayCreate && html`<a class="button" href=${GROUP_NEW.path}>${icon("plus")}${groups.make}</a>`,
      })}
      <form class="search-form" role="search" aria-label=${groups.search} action=${GROUPS.path}>
        ${field({
          name: GROUPS.fields.query,
          type: "search",
          label: groups.searchLabel,
          form: EMPTY_FORM,
          value: query,
          autocomplete: "off",
        })}
        <button class="button button-quiet">${icon("search")}${groups.searchSubmit}</button>
      </form>
      ${props.mine && mineSection(context, props.mine, props.moreMineHref)}
      ${props.here && hereSection(context, props, props.here)}`,
  };
}

const mineSection = (context: PageContext, mine: readonly GroupLine[], moreHref: string | null): Html => {
  const { groups } = context.words;
  return html`<section class="section">
    <h2>${groups.mine}</h2>
    <div class="sheet feed">
      ${
        mine.length === 0
          ? html`<p class="sheet-body quiet">${groups.mineEmptyTitle}. ${groups.mineEmptyText}</p>`
          : mine.map((line) => groupRow(context, line))
      }
      ${moreHref && pager(context, { olderHref: moreHref })}
    </div>
  </section>`;
};

function hereSection(
  context: PageContext,
  { query, olderHref }: GroupsProps,
  here: readonly GroupLine[],
): Html {
  const { groups } = context.words;
  const empty = query
    ? emptyState({
        icon: "search",
        title: groups.foundNothingTitle,
        text: groups.foundNothingText,
        step: {
          href: `${SEARCH.path}?${SEARCH.fields.query}=${encodeURIComponent(query)}`,
          label: groups.elsewhere,
        },
        isQuiet: true,
      })
    : emptyState({ icon: "users-round", title: groups.hereEmptyTitle, text: groups.hereEmptyText });
  return html`<section class="section">
    <h2>${query ? groups.found(query) : groups.here}</h2>
    <div class="sheet feed">
      ${
        here.length === 0 && olderHref === null
          ? empty
          : html`${here.map((line) => groupRow(context, line))}
            ${query === "" && pager(context, { olderHref })}`
      }
    </div>
  </section>`;
}
