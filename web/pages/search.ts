/** Finding people by name or address, and posts by their link. */
import type { ObjectView } from "../../server/queries/view.ts";
import { actorRow } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { field } from "../components/field.ts";
import { icon } from "../components/icon.ts";
import { objectCard } from "../components/object-card.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, SEARCH } from "../forms.ts";
import { PUBLIC_LISTS } from "../forms-moving.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import type { PersonItem } from "./people-list.ts";

export interface SearchProps {
  /** Empty before the first question. */
  readonly query: string;
  readonly people: readonly PersonItem[];
  readonly objects: readonly ObjectView[];
}

export function searchPage(context: PageContext, props: SearchProps): PageView {
  const { words } = context;
  return {
    title: props.query ? `${props.query} · ${words.search.title}` : words.search.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.search.title })}
      <form class="search-form" role="search" aria-label=${words.search.title} action=${SEARCH.path}>
        ${field({
          name: SEARCH.fields.query,
          type: "search",
          label: words.search.label,
          help: words.search.help,
          form: EMPTY_FORM,
          value: props.query,
          autocomplete: "off",
          isCode: true,
          hasFocus: props.query === "",
        })}
        <button class="button">${icon("search")}${words.search.submit}</button>
      </form>
      ${results(context, props)}`,
  };
}

/** Where there is no rail, this is the way to what is for everybody. */
const publicPosts = ({ words: { publicLists }, viewer }: PageContext): Html =>
  viewer && html`<p><a href=${PUBLIC_LISTS.here}>${publicLists.title}</a></p>`;

function results(context: PageContext, { query, people, objects }: SearchProps): Html {
  const { search } = context.words;
  if (query === "") return publicPosts(context);
  if (people.length === 0 && objects.length === 0) {
    return html`<div class="sheet">
      ${emptyState({ icon: "search", title: search.noneTitle, text: search.noneText(query) })}
    </div>`;
  }
  return html`
    ${
      people.length > 0 &&
      html`<section class="section"><h2>${search.people}</h2>
        <div class="sheet feed">${people.map((person) => actorRow(context, person))}</div></section>`
    }
    ${
      objects.length > 0 &&
      html`<section class="section"><h2>${search.posts}</h2>
        <div class="sheet feed">${objects.map((view) => objectCard(context, { view }))}</div></section>`
    }`;
}
