/** Tags: which of them somebody follows or shows, and how often they are used. */
import type { Addresses } from "../core/addresses.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { keyAt, timeOfKey } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { FEATURED_TAGS, FOLLOWED_TAGS, MAX_FEATURED_TAGS } from "../vocab/personal/places.ts";
import { tagAt } from "../vocab/personal/tags.ts";
import { fillPage } from "./fill.ts";
import * as store from "./store-tags.ts";
import type { TagView } from "./view.ts";

/** A week, as clients draw it. */
const DAYS = 7;
/** Of tags that everybody uses the newest posts are counted, so many for a page of tags, and no earlier days. */
const MAX_USES = 4_000;
/** Posts of one person among which their tags are counted. */
const MAX_OWN_POSTS = 2_000;
const MAX_SUGGESTED = 10;

export interface FeaturedTag {
  /** The activity that keeps it there. */
  readonly key: number;
  readonly name: string;
  readonly posts: number;
  readonly lastMs: number | null;
}

export interface TagReads {
  /** The newest first; the cursor is the activity that keeps the tag there. */
  followedTags(viewer: number, page: PageRequest): Promise<Page<string>>;
  /** Tags (as stored) with their figures, and what they are to the viewer; in the order of `names`. */
  tags(names: readonly string[], viewer: number | null): Promise<readonly TagView[]>;
  /** Tags that somebody here shows on their page, in the order in which they were put there. */
  featuredTags(actor: number): Promise<readonly FeaturedTag[]>;
  /** Tags that somebody uses often and does not show. */
  suggestedTags(actor: number): Promise<readonly string[]>;
}

export function createTagReads(deps: { db: Db; addresses: Addresses; now: Now }): TagReads {
  const { db, addresses, now } = deps;

  async function kept(owner: number, name: string, request: PageRequest) {
    const page = await fillPage(request, {
      read: (range) => store.findKeptTags(db, owner, name, range),
      keep: async (rows) => rows,
      keyOf: ({ at }) => at,
    });
    return {
      ...page,
      items: page.items.flatMap(({ at, iri }) => {
        const tag = tagAt(iri, addresses.origin);
        return tag === null ? [] : [{ key: at, tag }];
      }),
    };
  }

  const featured = (actor: number) => kept(actor, FEATURED_TAGS, { limit: MAX_FEATURED_TAGS });

  /** The days of the last week, today first, of each tag. */
  async function historiesOf(tags: readonly string[]): Promise<ReadonlyMap<string, TagView["history"]>> {
    const today = Math.floor(now() / DAY_MS) * DAY_MS;
    const each = Math.ceil(MAX_USES / Math.max(tags.length, 1));
    const rows = await store.findUses(db, tags, keyAt(today - (DAYS - 1) * DAY_MS), each);
    const dayOf = (key: number) => Math.floor(timeOfKey(key) / DAY_MS) * DAY_MS;
    const byDay = Map.groupBy(rows, ({ value, source }) => `${dayOf(source)} ${value}`);
    const days = Array.from({ length: DAYS }, (_, n) => today - n * DAY_MS);
    return new Map(
      tags.map((tag) => [
        tag,
        days.map((dayMs) => {
          const used = byDay.get(`${dayMs} ${tag}`) ?? [];
          return { dayMs, uses: used.length, people: new Set(used.map(({ owner }) => owner)).size };
        }),
      ]),
    );
  }

  return {
    async followedTags(viewer, request) {
      const page = await kept(viewer, FOLLOWED_TAGS, request);
      return { ...page, items: page.items.map(({ tag }) => tag) };
    },
    async tags(names, viewer) {
      const iris = new Map(names.map((name) => [name, addresses.tag(name)]));
      const [histories, keeping] = await Promise.all([
        historiesOf([...new Set(names)]),
        viewer === null
          ? []
          : store.findKeeping(db, viewer, [FOLLOWED_TAGS, FEATURED_TAGS], [...iris.values()]),
      ]);
      const isIn = (list: string, tag: string) =>
        keeping.some(({ name, iri }) => name === list && iri === iris.get(tag));
      return names.map((name) => ({
        name,
        isFollowed: isIn(FOLLOWED_TAGS, name),
        isFeatured: isIn(FEATURED_TAGS, name),
        history: histories.get(name) ?? [],
      }));
    },
    async featuredTags(actor) {
      const [{ items }, used] = await Promise.all([
        featured(actor),
        store.findOwnTags(db, actor, MAX_OWN_POSTS),
      ]);
      const figures = new Map(used.map((row) => [row.tag, row]));
      return items.toReversed().map(({ key, tag }) => {
        const row = figures.get(tag);
        return { key, name: tag, posts: row?.posts ?? 0, lastMs: row ? timeOfKey(row.last) : null };
      });
    },
    async suggestedTags(actor) {
      const [{ items }, used] = await Promise.all([
        featured(actor),
        store.findOwnTags(db, actor, MAX_OWN_POSTS),
      ]);
      const shown = new Set(items.map(({ tag }) => tag));
      return used
        .map(({ tag }) => tag)
        .filter((tag) => !shown.has(tag))
        .slice(0, MAX_SUGGESTED);
    },
  };
}
