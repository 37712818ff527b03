/** From a question to what was found: here, and for those who are signed in also elsewhere. */
import { DEFAULT_PAGE_SIZE } from "../../server/lib/page.ts";
import type { Visit, WebDeps } from "../face.ts";
import { SEARCH, type SearchKind } from "../forms.ts";
import type { PageView } from "../page.ts";
import { SHOWN_OF_EACH, searchPage } from "../pages/search.ts";
import { ask } from "./ask.ts";

/** On a page of one kind; whoever looks for more than this types another word. */
const MOST = { people: 40, groups: 40, tags: 40 } as const;

/** Where the next page of posts begins: the order of match, a dot, a key. */
const CURSOR = /^(\d)\.(\d{1,16})$/;

/** By words that are known here; a whole handle or address is asked for elsewhere, for those who are signed in. */
export async function search(deps: WebDeps, visit: Visit): Promise<PageView> {
  const { searchParams } = visit.url;
  const query = (searchParams.get(SEARCH.fields.query) ?? "").trim();
  const kind = SEARCH.kinds.find((each) => each === searchParams.get(SEARCH.fields.kind)) ?? "all";
  const viewer = visit.viewer?.actorKey ?? null;
  const nothing = { query, kind, people: [], groups: [], tags: [], objects: [], posts: [], olderHref: null };
  if (query === "") return searchPage(visit.context, nothing);
  deps.limits.take(visit.request, "search", visit.viewer?.accountKey);

  const isAddress = /^https?:\/\//.test(query);
  const isHandle = /^@?[^@\s]+@[^@\s]+$/.test(query);
  const found = viewer !== null && (isAddress || isHandle) ? await ask(deps, visit, query) : null;
  const object =
    found === null || found.kind === "actor" ? null : await deps.queries.object(found.key, viewer);
  const one = found?.kind === "actor" ? await deps.queries.actor(found.key) : null;
  if (one !== null || object !== null || isAddress) {
    const people = await known(deps, viewer, one === null ? [] : [one]);
    return searchPage(visit.context, { ...nothing, kind: "all", people, objects: object ? [object] : [] });
  }

  const limitOf = (which: keyof typeof MOST): number =>
    kind === "all" ? SHOWN_OF_EACH[which] : kind === which ? MOST[which] : 0;
  const isFurther = searchParams.has(SEARCH.fields.next);
  const wants = (which: SearchKind): boolean => (kind === "all" || kind === which) && !isFurther;
  const { queries } = deps;
  const [people, groups, tags, posts] = await Promise.all([
    wants("people") ? queries.searchPeople(query, viewer, limitOf("people"), "people") : [],
    wants("groups") ? queries.findGroups(query, viewer, limitOf("groups")) : [],
    wants("tags") ? queries.searchTags(query, viewer, limitOf("tags")) : [],
    kind === "all" || kind === "posts"
      ? queries.searchPosts(query, viewer, { limit: DEFAULT_PAGE_SIZE, cursor: cursorOf(visit) })
      : { items: [], next: null },
  ]);
  return searchPage(visit.context, {
    ...nothing,
    people: await known(deps, viewer, people),
    groups,
    tags,
    posts: posts.items,
    olderHref: posts.next && nextHref(visit, posts.next),
  });
}

function cursorOf({ url }: Visit) {
  const [, tier, before] = CURSOR.exec(url.searchParams.get(SEARCH.fields.next) ?? "") ?? [];
  return tier === undefined ? null : { tier: Number(tier), before: Number(before) };
}

function nextHref(
  { url }: Visit,
  { tier, before }: { readonly tier: number; readonly before: number },
): string {
  const query = new URLSearchParams(url.searchParams);
  query.set(SEARCH.fields.next, `${tier}.${before}`);
  return `${url.pathname}?${query}`;
}

async function known(
  { queries }: WebDeps,
  viewer: number | null,
  people: Awaited<ReturnType<WebDeps["queries"]["searchPeople"]>>,
) {
  const keys = people.map(({ key }) => key);
  const relationships = viewer === null ? null : await queries.relationships(viewer, keys);
  return people.map((actor) => ({ actor, relationship: relationships?.get(actor.key) ?? null }));
}
