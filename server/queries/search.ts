/** Searching: what somebody typed, turned into questions to the index, and what it gives as views. */
import { MAX_KEY } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import * as marks from "../search/marks.ts";
import { isEmpty, parseQuery, type SearchQuery } from "../search/query.ts";
import { type Piece, pieceOf } from "../search/words.ts";
import type { Db, Match, SearchIndex } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import type { FeedRow } from "./store-feeds.ts";
import { createSearchReads, findOwnGroups } from "./store-search.ts";
import type { Looking, Timelines } from "./timeline.ts";
import type { FeedItem } from "./view.ts";

/** Groups of one person whose posts are looked through, those joined last. */
const MAX_GROUPS = 50;
/** Handles in one question: each is asked for. */
const MAX_NAMED = 5;
/** Words so long find those that begin with them too, once nothing has the very word: "teach" teaching, "Bild" Bilder. */
const MIN_STEM = 4;

/** Where the next page begins: in which order of match, and behind which key. */
export interface SearchCursor {
  readonly tier: number;
  readonly before: number;
}

export interface FoundPosts {
  readonly items: readonly FeedItem[];
  readonly next: SearchCursor | null;
}

export interface PostSearch {
  /**
   * What fits best first: words in titles, words in texts, beginnings of words; the newest of each first. Only what the
   * viewer may see and, of people elsewhere, what they want to be found by, or what concerns the viewer.
   */
  best(
    typed: string,
    looking: Looking,
    request: { limit: number; cursor: SearchCursor | null },
  ): Promise<FoundPosts>;
  /** Whatever has the words, the newest first; of one author where `author` is given. */
  newest(
    typed: string,
    looking: Looking,
    page: PageRequest,
    options: { readonly author: number | null },
  ): Promise<Page<FeedItem>>;
}

/** What is asked of the index in each order of match, apart from who asks. */
interface Plan {
  readonly tiers: readonly Match[];
  /** The very words, wherever they stand. */
  readonly exact: Match;
  readonly open: readonly Match[];
  /** Null where nothing concerns whoever asks. */
  readonly own: readonly Match[] | null;
  readonly isOpenWanted: boolean;
  readonly after: number;
  readonly before: number;
}

export function createPostSearch(deps: {
  db: Db;
  index: SearchIndex;
  timelines: Timelines;
  /** The key of an actor by handle. */
  findActor: (handle: string) => Promise<number | null>;
}): PostSearch {
  const { db, index, timelines } = deps;
  const reads = createSearchReads(db, index);

  /** Keys of those who are named; null where one of them is nobody. */
  async function keysOf(
    handles: readonly string[],
    viewer: number | null,
  ): Promise<readonly number[] | null> {
    const keys: number[] = [];
    for (const handle of handles.slice(0, MAX_NAMED)) {
      const key = handle.toLowerCase() === "me" ? viewer : await deps.findActor(handle);
      if (key === null) return null;
      keys.push(key);
    }
    return keys;
  }

  /** Null where nothing can be found. */
  async function planOf(
    query: SearchQuery,
    viewer: number | null,
    author: number | null,
  ): Promise<Plan | null> {
    const from = await keysOf(query.from, viewer);
    const to = await keysOf(query.to, viewer);
    const inGroups = await keysOf(query.groups, viewer);
    if (from === null || to === null || inGroups === null) return null;
    const notFrom = (await Promise.all(query.notFrom.map((handle) => keysOf([handle], viewer)))).flatMap(
      (keys) => keys ?? [],
    );
    const authors = author === null ? from : [author];
    if (author !== null && from.length > 0 && !from.includes(author)) return null;
    const wanted: Match[] = [
      ...query.marks.map(word),
      ...oneOf(query.languages),
      ...oneOf(authors.map(marks.byAuthor)),
      ...oneOf(to.map(marks.naming)),
      ...oneOf(inGroups.map(marks.inGroup)),
    ];
    const unwanted: Match[] = [
      ...query.withoutTerms.map((piece) => matchOf(piece)),
      ...query.withoutMarks.map(word),
      ...notFrom.map((key) => word(marks.byAuthor(key))),
    ];
    const groups =
      viewer === null || query.place !== "all" ? [] : await findOwnGroups(db, viewer, MAX_GROUPS);
    const own =
      viewer === null || query.place === "public"
        ? null
        : [marks.byAuthor(viewer), marks.forPerson(viewer), ...groups.map(marks.inGroup)];
    return {
      ...tiersOf(query.terms, unwanted),
      open: [...wanted, word(marks.OPEN)],
      own: own && [...wanted, ...oneOf(own)],
      isOpenWanted: query.place !== "library",
      after: query.after ?? -1,
      before: query.before ?? MAX_KEY,
    };
  }

  /** A stretch of what both ways lead to, each thing once. */
  const reader = (plan: Plan, tier: Match, viewer: number | null) => async (given: Range) => {
    const range = {
      ...given,
      after: Math.max(given.after, plan.after),
      before: Math.min(given.before, plan.before),
    };
    const ask = (parts: readonly Match[]) => index.textOf(within(tier, parts));
    const asked = {
      open: plan.isOpenWanted ? ask(plan.open) : null,
      own: plan.own === null ? null : ask(plan.own),
    };
    return merged(await reads.things(asked, viewer, range), range);
  };

  async function planned(typed: string, viewer: number | null, author: number | null): Promise<Plan | null> {
    const query = parseQuery(typed);
    return isEmpty(query) ? null : planOf(query, viewer, author);
  }

  return {
    async best(typed, looking, { limit, cursor }) {
      const plan = await planned(typed, looking.viewer, null);
      const items: FeedItem[] = [];
      if (plan === null) return { items, next: null };
      let before = cursor?.before ?? MAX_KEY;
      for (let tier = cursor?.tier ?? 0; tier < plan.tiers.length; tier++) {
        const match = plan.tiers[tier];
        if (match === undefined) break;
        // One more than there is room for tells whether there is a next page.
        const room = limit - items.length;
        const page = await timelines.found(
          looking,
          { limit: Math.max(room, 1), before },
          null,
          reader(plan, match, looking.viewer),
        );
        const first = page.items[0];
        if (room === 0 && first !== undefined) return { items, next: { tier, before } };
        if (room > 0) items.push(...page.items);
        if (room > 0 && page.older !== null) return { items, next: { tier, before: page.older } };
        before = MAX_KEY;
      }
      return { items, next: null };
    },
    async newest(typed, looking, page, { author }) {
      const plan = await planned(typed, looking.viewer, author);
      if (plan === null) return { items: [], older: null, newer: null };
      return timelines.found(looking, page, null, reader(plan, plan.exact, looking.viewer));
    },
  };
}

const word = (mark: string): Match => ({ words: [mark] });

const oneOf = (words: readonly string[]): readonly Match[] =>
  words.length === 0 ? [] : [{ some: words.map(word) }];

const matchOf = ({ words, isBeginning }: Piece, sign: (word: string) => string = (plain) => plain): Match => {
  const [only = ""] = words;
  return isBeginning ? { beginning: sign(only) } : { words: words.map(sign) };
};

/** Without terms there is one order alone, of whatever the marks say. */
function tiersOf(terms: readonly Piece[], unwanted: readonly Match[]): Pick<Plan, "tiers" | "exact"> {
  const without = (which: Match, butNot: readonly Match[]): Match =>
    butNot.length === 0 ? which : { which, butNot: { some: butNot } };
  if (terms.length === 0) {
    const exact = without(EVERYTHING, unwanted);
    return { tiers: [exact], exact };
  }
  const titles: Match = { every: terms.map((piece) => matchOf(piece, marks.titleWord)) };
  const texts: Match = { every: terms.map((piece) => matchOf(piece)) };
  const exact = without(texts, unwanted);
  const tiers = [without(titles, unwanted), without(texts, [titles, ...unwanted])];
  if (!terms.some(isStem)) return { tiers, exact };
  const beginnings: Match = {
    every: terms.map((piece) => matchOf(isStem(piece) ? { ...piece, isBeginning: true } : piece)),
  };
  return { tiers: [...tiers, without(beginnings, [texts, ...unwanted])], exact };
}

const isStem = ({ words, isBeginning }: Piece): boolean =>
  !isBeginning && words.length === 1 && (words[0]?.length ?? 0) >= MIN_STEM;

/** Stands for "no words are asked for" and is left out of what is asked. */
const EVERYTHING: Match = { every: [] };

/** The parts come first where they are few: the index goes on from the rarest. */
function within(tier: Match, parts: readonly Match[]): Match {
  if (tier === EVERYTHING) return { every: parts };
  if ("which" in tier)
    return {
      which: tier.which === EVERYTHING ? { every: parts } : { every: [tier.which, ...parts] },
      butNot: tier.butNot,
    };
  return { every: [tier, ...parts] };
}

/** Each thing once: shown where one of the ways shows it. */
function merged(found: readonly FeedRow[], { order, limit }: Range): readonly FeedRow[] {
  const rows = new Map<number, FeedRow>();
  for (const row of found) if (row.shown === 1 || !rows.has(row.at)) rows.set(row.at, row);
  const sign = order === "ASC" ? 1 : -1;
  return [...rows.values()].sort((a, b) => sign * (a.at - b.at)).slice(0, limit);
}

/** People whose names have words that begin so, and people who say all of these words of themselves; best first. */
export function actorMatches(typed: string, kind: "people" | "groups" | "all"): readonly Match[] {
  const pieces = typed
    .split(/\s+/)
    .slice(0, MAX_NAMED)
    .flatMap((each) => pieceOf(each) ?? []);
  // One letter names nobody.
  if (!pieces.some(({ words, isBeginning }) => isBeginning || words.join("").length > 1)) return [];
  const of = (every: readonly Match[]): Match => {
    const all: Match = { every: [...every, word(kind === "groups" ? marks.GROUP : marks.ACTOR)] };
    return kind === "people" ? { which: all, butNot: word(marks.GROUP) } : all;
  };
  const names = pieces.flatMap(({ words }) =>
    words.map((each): Match => ({ beginning: marks.nameWord(each) })),
  );
  return [of(names), of(pieces.map((piece) => matchOf(piece)))];
}
