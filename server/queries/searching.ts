/** What faces ask for when somebody searches: posts, people, groups and tags. */
import { bareTag } from "../lib/hashtag.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import { asTyped, isEmpty, parseQuery } from "../search/query.ts";
import type { Db } from "../storage/db.ts";
import { searchIndexOf } from "../storage/search.ts";
import type { GroupReads } from "./groups.ts";
import type { People } from "./people.ts";
import { actorMatches, createPostSearch, type FoundPosts, type SearchCursor } from "./search.ts";
import type { TasteOf } from "./sifting.ts";
import { createSearchReads } from "./store-search.ts";
import type { Timelines } from "./timeline.ts";
import type { ActorView, FeedItem } from "./view.ts";
import type { GroupLine } from "./view-groups.ts";
import type { Views } from "./views.ts";

/** Actors whose names fit that are looked at, to show the best known of them first. */
const MAX_RANKED = 60;
/** Tags that begin so and are looked at, in alphabetical order. */
const MAX_TAGS = 40;

export interface SearchQueries {
  /**
   * People and groups, or `people` alone: by a whole handle, its beginning, a part of the name among those near, then by
   * the beginning of any name and by what they say of themselves. Those who did not agree are found by their whole
   * handle and by their followers.
   */
  searchPeople(
    text: string,
    viewer: number | null,
    limit: number,
    which?: "all" | "people",
  ): Promise<readonly ActorView[]>;
  /** Groups here and elsewhere that the viewer may know of. */
  findGroups(text: string, viewer: number | null, limit: number): Promise<readonly GroupLine[]>;
  /** Best match first, with the words of `search/query.ts`; `cursor` is the `next` of the page before. */
  searchPosts(
    text: string,
    viewer: number | null,
    request: { readonly limit: number; readonly cursor: SearchCursor | null },
  ): Promise<FoundPosts>;
  /** The newest first; of one author alone where one is named. The cursor is the thing's key. */
  searchNewest(
    text: string,
    viewer: number | null,
    page: PageRequest,
    options: { readonly author: number | null },
  ): Promise<Page<FeedItem>>;
  /** Tags without their sign that begin with the first word of the text, in alphabetical order. */
  searchTags(text: string, viewer: number | null, limit: number): Promise<readonly string[]>;
}

/** Gives the searches of readers who speak a language, and see groups as `groups` does. */
export function createSearchQueries(deps: {
  db: Db;
  views: Views;
  people: People;
  timelines: Timelines;
  tasteOf: TasteOf | undefined;
}): (language: string, groups: Pick<GroupReads, "searchGroups" | "groupLines">) => SearchQueries {
  const { db, views, people } = deps;
  const index = searchIndexOf(db);
  const reads = createSearchReads(db, index);
  const posts = createPostSearch({ ...deps, index, findActor: people.find });

  /** By names first, then by what they say; the best known of each first. */
  async function named(
    text: string,
    kind: "all" | "people" | "groups",
    limit: number,
  ): Promise<readonly ActorView[]> {
    if (hasOperators(text) || /@/.test(text.slice(1))) return [];
    const found: ActorView[] = [];
    for (const match of actorMatches(text, kind)) {
      if (found.length >= limit) break;
      const actors = await views.actors(await reads.actors(index.textOf(match), MAX_RANKED));
      const ranked = [...actors.values()].filter(({ isDiscoverable }) => isDiscoverable);
      found.push(...ranked.sort((a, b) => b.counts.followers - a.counts.followers));
    }
    return found;
  }

  return (language, groups) => ({
    async searchPeople(typed, viewer, limit, which = "all") {
      const text = asTyped(typed);
      const [near, found, taste] = await Promise.all([
        people.search(text, viewer, limit),
        named(text, which, limit),
        viewer === null ? null : (deps.tasteOf?.(viewer) ?? null),
      ]);
      const shown = [...near, ...found]
        .filter(({ type }) => which === "all" || type !== "Group")
        .filter(({ host }) => host === null || !taste?.hostNames.has(host));
      const all = [...new Map(shown.map((actor) => [actor.key, actor])).values()];
      const isKnown = await knownGroups(groups, all, text, viewer);
      return all.filter(isKnown).slice(0, limit);
    },
    async findGroups(typed, viewer, limit) {
      const text = asTyped(typed);
      const [here, found] = await Promise.all([
        groups.searchGroups(text, viewer, limit),
        named(text, "groups", limit),
      ]);
      const known = new Set(here.map(({ actor }) => actor.key));
      const others = found.map(({ key }) => key).filter((key) => !known.has(key));
      return [...here, ...(await groups.groupLines(others.slice(0, limit), viewer))].slice(0, limit);
    },
    searchPosts: (text, viewer, request) => posts.best(text, { viewer, language }, request),
    searchNewest: (text, viewer, page, options) => posts.newest(text, { viewer, language }, page, options),
    async searchTags(typed, viewer, limit) {
      const text = asTyped(typed);
      if (hasOperators(text)) return [];
      const [first = ""] = text.trim().split(/\s+/);
      const beginning = bareTag(first.replace(/^＃/, "#"));
      if (beginning === "") return [];
      return (await reads.tags(beginning, viewer, MAX_TAGS)).slice(0, limit);
    },
  });
}

/** Groups of which the viewer may not know are found by those alone who know the whole handle. */
async function knownGroups(
  groups: Pick<GroupReads, "groupLines">,
  actors: readonly ActorView[],
  text: string,
  viewer: number | null,
): Promise<(actor: ActorView) => boolean> {
  const keys = actors.flatMap(({ key, type }) => (type === "Group" ? key : []));
  if (keys.length === 0) return () => true;
  const lines = await groups.groupLines(keys, viewer);
  const known = new Set(lines.map(({ actor }) => actor.key));
  const named = text.trim().replace(/^@/, "").toLowerCase();
  return ({ key, type, handle }) => type !== "Group" || known.has(key) || handle === named;
}

/** Who narrows down what a post must be means posts. */
function hasOperators(text: string): boolean {
  const query = parseQuery(text);
  return !isEmpty({ ...query, terms: [], marks: query.marks.filter((mark) => !mark.startsWith("#")) });
}
