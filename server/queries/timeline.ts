/** Feeds: pages of things, each with the reason why it is there. */
import { LOCAL_HOST } from "../core/entity.ts";
import type { Registry } from "../core/registry.ts";
import { bareTag } from "../lib/hashtag.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { FilterContext } from "../moderation/filter.ts";
import type { Db } from "../storage/db.ts";
import { fillPage, type Range } from "./fill.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { SieveFor } from "./sifting.ts";
import * as store from "./store-feeds.ts";
import type { FeedItem } from "./view.ts";
import type { Views } from "./views.ts";

/** Who is looking (an actor's key, or null), and in which language the words of vocabularies are wanted. */
export interface Looking {
  readonly viewer: number | null;
  readonly language?: string;
}

/** What of a feed is wanted; nothing said is everything. */
export interface Narrowing {
  /** With a picture, film or sound. */
  readonly onlyMedia?: boolean;
  readonly onlyHere?: boolean;
  readonly onlyElsewhere?: boolean;
  /** With all of these tags, and with none of those (without `#`, in any case). */
  readonly all?: readonly string[];
  readonly none?: readonly string[];
}

export interface ProfileOptions extends Narrowing {
  readonly withReplies: boolean;
  /** With what they shared of others, where nothing else is said. */
  readonly withShares?: boolean;
}

export interface Timelines {
  /** Posts and shares of those whom the viewer follows, and the viewer's own; the cursor is the activity's key. */
  home(viewer: number, page: PageRequest, language?: string): Promise<Page<FeedItem>>;
  /** Posts and shares of the people in a list of the viewer's; the cursor is the activity's key. */
  ofList(list: number, viewer: number, page: PageRequest, language?: string): Promise<Page<FeedItem>>;
  /** What an actor published and shared; the cursor is the activity's key. */
  profile(
    actor: number,
    looking: Looking,
    page: PageRequest,
    options: ProfileOptions,
  ): Promise<Page<FeedItem>>;
  /** What people here wrote for everybody, without replies; the cursor is the object's key. */
  local(looking: Looking, page: PageRequest, narrowing?: Narrowing): Promise<Page<FeedItem>>;
  /** What is for everybody and has come here from anywhere, without replies; the cursor is the object's key. */
  everywhere(looking: Looking, page: PageRequest, narrowing?: Narrowing): Promise<Page<FeedItem>>;
  /** What is for everybody and carries one of the tags, written in any way (`#Maths`, `maths`). */
  tagged(
    tags: readonly string[],
    looking: Looking,
    page: PageRequest,
    narrowing?: Narrowing,
  ): Promise<Page<FeedItem>>;
  /** What the viewer keeps; the cursor is the key of the activity that keeps it. */
  bookmarks(viewer: number, page: PageRequest, language?: string): Promise<Page<FeedItem>>;
  /** First words of conversations that the viewer has muted. */
  mutedThreads(viewer: number, page: PageRequest, language?: string): Promise<Page<FeedItem>>;
  liked(viewer: number, page: PageRequest, language?: string): Promise<Page<FeedItem>>;
  /** What an actor put at the top of its page. */
  featured(actor: number, looking: Looking, page: PageRequest): Promise<Page<FeedItem>>;
  /** Whatever `read` gives, as it is shown to whoever looks; the cursor is its own. */
  found(
    looking: Looking,
    page: PageRequest,
    context: FilterContext | null,
    read: (range: Range) => Promise<readonly store.FeedRow[]>,
  ): Promise<Page<FeedItem>>;
  /** What is in a group; the cursor is the object's key. */
  inGroup(
    group: number,
    looking: Looking,
    page: PageRequest,
    options: { readonly withReplies: boolean },
  ): Promise<Page<FeedItem>>;
}

type Keep = (parts: ObjectParts, row: store.FeedRow) => boolean;

/** Which of the rows may be wanted: asked before their texts are looked at, which is ten times the work. */
type Sift = (rows: readonly store.FeedRow[]) => Promise<readonly store.FeedRow[]>;

const isNoVote: Keep = (parts) => !parts.isVote;
const isFirst: Keep = (parts) => parts.parentIri === null;

/** What a feed keeps anyway, and of that what is wanted. */
function narrowed(keep: Keep, narrowing: Narrowing | undefined): Keep {
  if (narrowing === undefined) return keep;
  const { onlyMedia } = narrowing;
  const all = (narrowing.all ?? []).map(bareTag);
  const none = new Set((narrowing.none ?? []).map(bareTag));
  return (parts, row) => {
    const { attachments, tags } = parts.fixed;
    if (!keep(parts, row)) return false;
    if (onlyMedia && !attachments.some(({ kind }) => kind !== "link" && kind !== "file")) return false;
    return all.every((tag) => tags.includes(tag)) && !tags.some((tag) => none.has(tag));
  };
}

const everything: Sift = async (rows) => rows;

export function createTimelines(deps: {
  db: Db;
  registry: Registry;
  views: Views;
  sieveFor: SieveFor;
}): Timelines {
  const { db, registry, views } = deps;

  /** Those that come from where things are wanted from and, where only media are, do not plainly have none. */
  const sifted =
    ({ onlyHere, onlyElsewhere, onlyMedia }: Narrowing = {}): Sift =>
    async (rows) => {
      const near = rows.filter(({ host }) => (host === LOCAL_HOST ? !onlyElsewhere : !onlyHere));
      if (!onlyMedia) return near;
      const likely = await store.findWithMedia(
        db,
        near.map(({ key }) => key),
      );
      return near.filter(({ key }) => likely.has(key));
    };

  async function feed(
    { viewer, language }: Looking,
    page: PageRequest,
    context: FilterContext | null,
    read: (range: Range) => Promise<readonly store.FeedRow[]>,
    wanted: Keep = isNoVote,
    sift: Sift = everything,
  ): Promise<Page<FeedItem>> {
    const sieve = await deps.sieveFor(viewer, context);
    const parts = new Map<number, ObjectParts>();
    const seen = new Set<number>();
    const filled = await fillPage(page, {
      read,
      keyOf: (row) => row.at,
      async keep(rows) {
        const shown = await sift(
          rows.filter(
            (row) => row.shown === 1 && !sieve.isAvoided(row.host) && !sieve.isAvoided(row.actor_host),
          ),
        );
        for (const [key, made] of await views.parts(shown, language)) parts.set(key, made);
        return shown.filter((row) => {
          const made = parts.get(row.key);
          if (!made || seen.has(row.key) || !wanted(made, row) || sieve.isHidden(made, row.owner))
            return false;
          seen.add(row.key);
          return true;
        });
      },
    });
    const sharers = filled.items.flatMap((row) => (isShare(row) && row.actor !== null ? row.actor : []));
    const shownParts = new Map(filled.items.flatMap(({ key }) => pairOf(key, parts)));
    const { objects, actors } = await views.assemble(filled.items, shownParts, viewer, sharers);
    return {
      ...filled,
      items: filled.items.flatMap((row) => {
        const object = objects.get(row.key);
        const sharedBy = isShare(row) ? (actors.get(row.actor ?? 0) ?? null) : null;
        return object ? [{ key: row.at, object: sieve.marked(object, parts.get(row.key)), sharedBy }] : [];
      }),
    };
  }

  const isShare = ({ activity_type }: store.FeedRow): boolean =>
    activity_type !== null && !registry.isA(activity_type, "Create");

  const mine = (viewer: number, language: string | undefined): Looking => ({
    viewer,
    ...(language === undefined ? {} : { language }),
  });

  return {
    home: (viewer, page, language) =>
      feed(mine(viewer, language), page, "home", (range) => store.findHome(db, viewer, range)),
    ofList: (list, viewer, page, language) =>
      feed(mine(viewer, language), page, "home", (range) => store.findOfList(db, list, viewer, range)),
    profile: (actor, looking, page, { withReplies, withShares = true, ...narrowing }) =>
      feed(
        looking,
        page,
        "profiles",
        (range) => store.findPosts(db, actor, looking.viewer, range, withReplies ? "all" : "withoutReplies"),
        narrowed(withShares ? isNoVote : (parts, row) => isNoVote(parts, row) && !isShare(row), narrowing),
        sifted(narrowing),
      ),
    local: (looking, page, narrowing) =>
      feed(
        looking,
        page,
        "public",
        (range) => store.findLocal(db, looking.viewer, range),
        narrowed(isFirst, narrowing),
        sifted(narrowing),
      ),
    everywhere: (looking, page, narrowing) =>
      feed(
        looking,
        page,
        "public",
        (range) => store.findEverywhere(db, looking.viewer, range),
        narrowed(isFirst, narrowing),
        sifted(narrowing),
      ),
    tagged(tags, looking, page, narrowing) {
      const read = (tag: string, range: Range) => store.findTagged(db, tag, looking.viewer, range);
      const [first = "", ...others] = [...new Set(tags.map(bareTag))].slice(0, MAX_TAGS);
      const readAll = async (range: Range) => {
        const rows = await Promise.all([first, ...others].map((tag) => read(tag, range)));
        return rows
          .flat()
          .sort((a, b) => (range.order === "ASC" ? a.at - b.at : b.at - a.at))
          .slice(0, range.limit);
      };
      const source = others.length === 0 ? (range: Range) => read(first, range) : readAll;
      return feed(looking, page, "public", source, narrowed(isNoVote, narrowing), sifted(narrowing));
    },
    bookmarks: (viewer, page, language) =>
      feed(mine(viewer, language), page, null, (range) =>
        store.findListed(db, viewer, "bookmarks", viewer, range),
      ),
    mutedThreads: (viewer, page, language) =>
      feed(mine(viewer, language), page, null, (range) =>
        store.findListed(db, viewer, "muted-threads", viewer, range),
      ),
    liked: (viewer, page, language) =>
      feed(mine(viewer, language), page, null, (range) =>
        store.findListed(db, viewer, "liked", viewer, range),
      ),
    featured: (actor, looking, page) =>
      feed(looking, page, "profiles", (range) =>
        store.findListed(db, actor, "featured", looking.viewer, range),
      ),
    found: (looking, page, context, read) => feed(looking, page, context, read),
    inGroup: (group, looking, page, { withReplies }) =>
      feed(
        looking,
        page,
        "public",
        (range) => store.findInGroup(db, group, looking.viewer, range),
        withReplies ? isNoVote : (parts) => parts.parentIri === null,
      ),
  };
}

/** Tags of one feed: Mastodon's clients offer four. */
const MAX_TAGS = 5;

function pairOf<T>(key: number, map: ReadonlyMap<number, T>): readonly (readonly [number, T])[] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}
