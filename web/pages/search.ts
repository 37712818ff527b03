/** Finding people, groups, posts and tags by words, by address or by link. */
import type { FeedItem, ObjectView } from "../../server/queries/view.ts";
import type { GroupLine } from "../../server/queries/view-groups.ts";
import { actorRow } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { feed } from "../components/feed.ts";
import { field } from "../components/field.ts";
import { groupRow } from "../components/group-row.ts";
import { icon } from "../components/icon.ts";
import { objectCard } from "../components/object-card.ts";
import { pageHead } from "../components/page-head.ts";
import { tabs } from "../components/tabs.ts";
import { EMPTY_FORM, SEARCH, type SearchKind } from "../forms.ts";
import { PUBLIC_LISTS } from "../forms-moving.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import type { PersonItem } from "./people-list.ts";

export interface SearchProps {
  /** Empty before the first question. */
  readonly query: string;
  readonly kind: SearchKind;
  readonly people: readonly PersonItem[];
  readonly groups: readonly GroupLine[];
  /** Without their sign. */
  readonly tags: readonly string[];
  /** What lies at the address that was asked for. */
  readonly objects: readonly ObjectView[];
  readonly posts: readonly FeedItem[];
  readonly olderHref: string | null;
}

/** Of each kind, where everything is shown. */
export const SHOWN_OF_EACH = { people: 3, groups: 3, tags: 6 } as const;

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
          hasFocus: props.query === "",
        })}
        ${props.kind !== "all" && html`<input type="hidden" name=${SEARCH.fields.kind} value=${props.kind} />`}
        <button class="button">${icon("search")}${words.search.submit}</button>
      </form>
      ${narrowing(context, props.query === "")}
      ${props.query !== "" && kindTabs(context, props)}
      ${results(context, props)}`,
  };
}

function narrowing({ words: { search }, viewer }: PageContext, isOpen: boolean): Html {
  return html`<details class="more search-help" open=${isOpen}>
    <summary>${icon("info")}${search.narrow}</summary>
    <p>${search.narrowText}</p>
    <dl class="search-ways">
      ${search.ways.map(([way, meaning]) => html`<div key=${way}><dt><code>${way}</code></dt><dd>${meaning}</dd></div>`)}
    </dl>
    <p>${viewer === null ? search.strangerFinds : search.whatIsFound}</p>
  </details>`;
}

/** The first page of one kind. */
function hrefOf(query: string, kind: SearchKind): string {
  const parameters = new URLSearchParams({ [SEARCH.fields.query]: query });
  if (kind !== "all") parameters.set(SEARCH.fields.kind, kind);
  return `${SEARCH.path}?${parameters}`;
}

const kindTabs = ({ words: { search } }: PageContext, { query, kind }: SearchProps): Html =>
  tabs(
    search.kinds,
    SEARCH.kinds.map((each) => ({ href: hrefOf(query, each), label: search[each], isHere: each === kind })),
  );

/** Where there is no rail, this is the way to what is for everybody. */
const publicPosts = ({ words: { publicLists }, viewer }: PageContext): Html =>
  viewer && html`<p><a href=${PUBLIC_LISTS.here}>${publicLists.title}</a></p>`;

function results(context: PageContext, props: SearchProps): Html {
  const { search } = context.words;
  const { query, kind, people, groups, tags, objects, posts } = props;
  if (query === "") return publicPosts(context);
  const isEmpty = [people, groups, tags, objects, posts].every((list) => list.length === 0);
  if (isEmpty && kind === "all") {
    return html`<div class="sheet">
      ${emptyState({ icon: "search", title: search.noneTitle, text: search.noneText(query) })}
    </div>`;
  }
  const none = emptyState({ icon: "search", title: search.noneHere, text: search.noneHereText });
  if (isEmpty) return html`<div class="sheet">${none}</div>`;
  const more = (which: "people" | "groups" | "tags", label: string, count: number): Html =>
    kind === "all" &&
    count >= SHOWN_OF_EACH[which] &&
    html`<p class="search-more"><a href=${hrefOf(query, which)}>${label}</a></p>`;
  return html`
    ${section(
      search.people,
      people.length > 0 &&
        html`<div class="sheet feed">${people.map((person) => actorRow(context, person))}</div>`,
      more("people", search.morePeople, people.length),
    )}
    ${section(
      search.groups,
      groups.length > 0 &&
        html`<div class="sheet feed">${groups.map((line) => groupRow(context, line))}</div>`,
      more("groups", search.moreGroups, groups.length),
    )}
    ${section(search.tags, tags.length > 0 && tagList(tags), more("tags", search.moreTags, tags.length))}
    ${section(
      search.posts,
      objects.length > 0 &&
        html`<div class="sheet feed">${objects.map((view) => objectCard(context, { view }))}</div>`,
    )}
    ${section(
      search.posts,
      posts.length > 0 && feed(context, { items: posts, olderHref: props.olderHref }, none),
    )}`;
}

const section = (title: string, list: Html, more: Html = null): Html =>
  list && html`<section class="section"><h2>${title}</h2>${list}${more}</section>`;

const tagList = (tags: readonly string[]): Html =>
  html`<ul class="search-tags">
    ${tags.map((tag) => html`<li key=${tag}><a class="button button-quiet" href=${`/tags/${encodeURIComponent(tag)}`} dir="auto">#${tag}</a></li>`)}
  </ul>`;
