/** Pages of collections as documents list them: outbox, inbox, followers, likes, replies and whatever people keep. */
import { preferencesOf } from "../accounts/preferences.ts";
import { CONFIDED } from "../core/confided.ts";
import type { Entity } from "../core/entity.ts";
import { findMemberships } from "../core/store.ts";
import { CONTEXT } from "../core/thread.ts";
import { REPLIES, WHISPERS } from "../core/whispers.ts";
import { createLru } from "../lib/lru.ts";
import { MAX_PAGE_SIZE, type PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { isPrivate } from "../vocab/groups/rules.ts";
import { findClosed } from "./discreet.ts";
import { fillPage, type Range } from "./fill.ts";
import * as store from "./store-collections.ts";

export interface CollectionItems {
  /**
   * Everything that is in it, seen or not (of an outbox posts and shares that everybody may read, and for its owner all
   * that is listed); null where nobody counts.
   */
  readonly total: number | null;
  /** Addresses, newest first; empty where only the total was asked for. */
  readonly items: readonly string[];
  /** Keys of the same rows. */
  readonly keys: readonly number[];
  /** Where the next (older) page begins, or null at the end. */
  readonly older: number | null;
  readonly newer: number | null;
}

export interface Collections {
  /**
   * `page` null asks for the total alone. Null where there is no such collection, or none for this viewer.
   * The owner's row must have been found visible to the viewer before.
   */
  page(
    owner: Entity,
    name: string,
    viewer: number | null,
    page: Partial<PageRequest> | null,
  ): Promise<CollectionItems | null>;
}

/** Lists of an actor that others may see; every other list of an actor is its owner's own business. */
const OPEN_LISTS: ReadonlySet<string> = new Set([
  "outbox",
  "followers",
  "following",
  "liked",
  "featured",
  "featured-tags",
  "endorsements",
  "members",
  "moderators",
  "owners",
]);

/** Whose lists an actor is in, and what is answered in secret, is told to nobody. */
const HIDDEN_LISTS: ReadonlySet<string> = new Set(["listed", WHISPERS, CONFIDED]);

/** Lists of a group that those who keep its peace see besides. */
const LISTS_OF_MODERATORS: ReadonlySet<string> = new Set([
  "requests",
  "invited",
  "banned",
  "removed",
  "locked",
]);

/** Lists that are there although nothing has been put in them. */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  ...OPEN_LISTS,
  ...LISTS_OF_MODERATORS,
  "inbox",
  "bookmarks",
  "blocked",
  "muted",
  "muted-threads",
  "requested",
  "followed-tags",
  "lists",
  "likes",
  "shares",
  "replies",
  "items",
]);

/** Who chose what in a poll is told to nobody; only how many. */
const SECRET = /^(?:voters|votes-\d+)$/;

/** What an outbox lists is counted row by row; of more than these it would take a twentieth of a second. */
const MAX_COUNTED = 20_000;
/** Outboxes whose open posts are counted already. */
const MAX_COUNTS = 2_000;

/** Lists whose rows have no cause: they are in the order of what is in them. */
const BY_ITEM: ReadonlySet<string> = new Set(["replies", "home", "posts"]);

const SERVED: Readonly<Record<string, store.Served>> = { likes: "causes", shares: "causes", liked: "deeds" };

export function createCollections({ db }: { db: Db }): Collections {
  const counts = createLru<{ readonly of: number; readonly open: number }>(MAX_COUNTS);

  return {
    async page(owner, name, viewer, request) {
      if (!(await isShownTo(viewer, owner, name))) return null;
      const total = await totalOf(owner, name, viewer);
      if (total === undefined) return null;
      if (request === null || SECRET.test(name) || (await hidesItems(owner, name, viewer))) {
        return { total, items: [], keys: [], older: null, newer: null };
      }
      const page = await fillPage(
        { ...request, limit: request.limit ?? MAX_PAGE_SIZE },
        {
          read: (range) => rowsOf(owner, name, viewer, range),
          async keep(rows) {
            const shown = rows.filter(({ shown }) => shown === 1);
            if (name !== "following" || viewer === owner.key) return shown;
            const keys = shown.map(({ key }) => key);
            const closed = await findClosed(db, keys, viewer);
            return shown.filter(({ key }) => !closed.has(key));
          },
          keyOf: ({ at }) => at,
        },
      );
      return {
        total,
        items: page.items.map(({ iri }) => iri),
        keys: page.items.map(({ key }) => key),
        older: page.older,
        newer: page.newer,
      };
    },
  };

  /** How many are in their circle is told, and not who. */
  async function hidesItems(owner: Entity, name: string, viewer: number | null): Promise<boolean> {
    const isCircle = owner.kind === "actor" && (name === "followers" || name === "following");
    return isCircle && viewer !== owner.key && (await preferencesOf(db, owner.key)).hidesCircle;
  }

  /** Of a private group nothing is told to those who are not in it, not even how many are. */
  async function isShownTo(viewer: number | null, owner: Entity, name: string): Promise<boolean> {
    if (HIDDEN_LISTS.has(name)) return false;
    if (owner.kind !== "actor" || viewer === owner.key) return true;
    if (owner.type !== "Group") return OPEN_LISTS.has(name);
    if (LISTS_OF_MODERATORS.has(name)) return isIn(owner, ["moderators", "owners"], viewer);
    if (!OPEN_LISTS.has(name)) return false;
    if (!isPrivate(owner)) return true;
    // A member's server asks in its own name who may keep the peace there.
    const isServer =
      name === "moderators" && viewer !== null && (await store.servesMember(db, owner.key, viewer));
    return isServer || isIn(owner, ["members"], viewer);
  }

  async function isIn(owner: Entity, lists: readonly string[], viewer: number | null): Promise<boolean> {
    return viewer !== null && (await findMemberships(db, owner.key, lists, [viewer])).size > 0;
  }

  /** Undefined where there is no such collection. */
  async function totalOf(
    owner: Entity,
    name: string,
    viewer: number | null,
  ): Promise<number | null | undefined> {
    if (owner.kind === "object" && name === CONTEXT) return null;
    if (owner.kind === "actor" && name === "inbox") return null;
    if (owner.kind === "actor" && name === "outbox") return listedIn(owner, viewer);
    const total = (await store.findTotal(db, owner.key, name)) ?? (ALWAYS_THERE.has(name) ? 0 : undefined);
    if (name !== REPLIES || !total) return total;
    return total - ((await store.findTotal(db, owner.key, WHISPERS)) ?? 0);
  }

  /**
   * Its owner is told how many activities are listed. All others hear how many posts and shares there are for everybody:
   * servers show that number on the page of the actor, and nobody else learns of a post which not everybody may read.
   */
  async function listedIn(owner: Entity, viewer: number | null): Promise<number | null> {
    if (viewer === owner.key) {
      const listed = await store.countOwn(db, owner.key, MAX_COUNTED + 1);
      return listed > MAX_COUNTED ? null : listed;
    }
    const of = (await store.findTotal(db, owner.key, "posts")) ?? 0;
    if (of === 0) return 0;
    const known = counts.get(String(owner.key));
    if (known?.of === of) return known.open;
    if (of > MAX_COUNTED) return null;
    const open = await store.countOpen(db, owner.key);
    counts.set(String(owner.key), { of, open });
    return open;
  }

  function rowsOf(
    owner: Entity,
    name: string,
    viewer: number | null,
    range: Range,
  ): Promise<readonly store.ListedRow[]> {
    if (owner.kind === "actor" && name === "outbox") return store.findOutbox(db, owner.key, viewer, range);
    if (owner.kind === "actor" && name === "inbox") return store.findInbox(db, owner.key, range);
    if (owner.kind === "object" && name === CONTEXT)
      return store.findConversation(db, owner.key, viewer, range);
    if (BY_ITEM.has(name)) return store.findItems(db, owner.key, name, viewer, range);
    const served = SERVED[name] ?? "items";
    return store.findCaused(db, { owner: owner.key, name, served }, viewer, range);
  }
}
