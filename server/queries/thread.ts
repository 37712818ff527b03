/** A conversation around one thing: what it answers, and what answers it. */
import { findMemberships } from "../core/store.ts";
import type { Db } from "../storage/db.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows, type ObjectRow } from "./store.ts";
import { findReplies, type ReplyRow } from "./store-threads.ts";
import type { ObjectView, ReplyNode } from "./view.ts";
import type { Views } from "./views.ts";

/** How far up a conversation is followed: one statement for each step. */
export const MAX_ANCESTORS = 40;
/** How far down; what is deeper is on the page of what it answers. */
export const MAX_LEVELS = 20;
/** Replies to the thing itself, the oldest first. */
export const MAX_REPLIES_BELOW = 100;
/** Replies to each reply. */
export const MAX_REPLIES_EACH = 30;
/** Replies in all: a page that a person can still read. */
export const MAX_REPLIES = 250;

export interface Thread {
  readonly view: ObjectView;
  /** From the first word of the conversation to what the thing answers, without those whom the viewer avoids. */
  readonly ancestors: readonly ObjectView[];
  readonly replies: readonly ReplyNode[];
  /** There are more replies than these. */
  readonly isCut: boolean;
}

export interface Threads {
  /** Null where the viewer may not see the thing itself. What they may not see around it is left out. */
  thread(key: number, viewer: number | null, language?: string): Promise<Thread | null>;
}

export function createThreads(deps: { db: Db; views: Views; sieveFor: SieveFor }): Threads {
  const { db, views } = deps;

  async function above(
    first: ObjectRow,
    viewer: number | null,
    parts: Map<number, ObjectParts>,
    language?: string,
  ) {
    const rows: ObjectRow[] = [];
    const seen = new Set([first.key]);
    let parent = parts.get(first.key)?.parentKey ?? null;
    while (parent !== null && !seen.has(parent) && rows.length < MAX_ANCESTORS) {
      seen.add(parent);
      const [row] = await findRows(db, [parent], viewer);
      if (!row) break;
      rows.push(row);
      const made = (await views.parts([row], language)).get(row.key);
      if (made) parts.set(row.key, made);
      parent = made?.parentKey ?? null;
    }
    return rows.reverse();
  }

  /** Whom of those who wrote these the viewer does not want to read. */
  async function avoidedAmong(
    rows: readonly ObjectRow[],
    viewer: number | null,
  ): Promise<ReadonlySet<number>> {
    const owners = [...new Set(rows.flatMap(({ owner }) => owner ?? []))];
    if (viewer === null || owners.length === 0) return new Set();
    const lists = await findMemberships(db, viewer, ["blocked", "muted"], owners);
    return new Set([...lists.values()].flatMap((list) => [...list]));
  }

  async function below(first: number, viewer: number | null) {
    const found = new Map<number, ReplyRow>();
    let parents = [first];
    let isCut = false;
    for (let level = 0; parents.length > 0 && level < MAX_LEVELS && found.size < MAX_REPLIES; level++) {
      const limit = MAX_REPLIES - found.size;
      const each = level === 0 ? MAX_REPLIES_BELOW : MAX_REPLIES_EACH;
      const rows = await findReplies(db, parents, viewer, { each, limit: limit + 1 });
      isCut ||= rows.length > limit;
      const fresh = rows.slice(0, limit).filter(({ key }) => key !== first && !found.has(key));
      for (const row of fresh) found.set(row.key, row);
      parents = fresh.map(({ key }) => key);
    }
    return { rows: [...found.values()], isCut };
  }

  return {
    async thread(key, viewer, language) {
      const [row] = await findRows(db, [key], viewer);
      if (!row) return null;
      const parts = new Map(await views.parts([row], language));
      const all = await above(row, viewer, parts, language);
      const { rows, isCut } = await below(key, viewer);
      for (const [reply, made] of await views.parts(rows, language)) parts.set(reply, made);
      const sieve = await deps.sieveFor(viewer, "threads");
      const avoided = await avoidedAmong(all, viewer);
      const ancestors = all.filter((each) => {
        const made = parts.get(each.key);
        const isAvoided = avoided.has(each.owner ?? 0) || sieve.isAvoided(each.host);
        return !isAvoided && !(made && sieve.isHidden(made, each.owner));
      });
      const read = rows.filter((reply) => {
        const made = parts.get(reply.key);
        return made?.isVote === false && !sieve.isAvoided(reply.host) && !sieve.isHidden(made, reply.owner);
      });
      const assembled = await views.assemble([...ancestors, row, ...read], parts, viewer);
      // What was opened on purpose is shown.
      const objects = new Map(
        [...assembled.objects].map(([at, view]) => [
          at,
          at === key ? view : sieve.marked(view, parts.get(at)),
        ]),
      );
      const view = objects.get(key);
      if (!view) return null;
      const counted = view.counts.replies > rows.filter(({ parent }) => parent === key).length;
      return {
        view,
        ancestors: ancestors.flatMap((each) => objects.get(each.key) ?? []),
        replies: treeOf(key, read, objects),
        isCut: isCut || (counted && view.counts.replies > MAX_REPLIES_BELOW),
      };
    },
  };
}

function treeOf(
  root: number,
  rows: readonly ReplyRow[],
  objects: ReadonlyMap<number, ObjectView>,
): readonly ReplyNode[] {
  const byParent = Map.groupBy(rows, ({ parent }) => parent);
  const nodesOf = (parent: number): readonly ReplyNode[] =>
    (byParent.get(parent) ?? [])
      .toSorted((a, b) => a.key - b.key)
      .flatMap(({ key }) => {
        const view = objects.get(key);
        return view ? [{ view, replies: nodesOf(key) }] : [];
      });
  return nodesOf(root);
}
