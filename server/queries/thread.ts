/** A conversation around one thing: what it answers, and what answers it. */
import { findMemberships } from "../core/store.ts";
import { MAX_THREAD } from "../core/store-threads.ts";
import type { Db } from "../storage/db.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows, type ObjectRow } from "./store.ts";
import { findOwnReplies, findReplies, type ReplyRow } from "./store-threads.ts";
import type { ObjectView, ReplyNode } from "./view.ts";
import type { Views } from "./views.ts";

/** How much of a conversation is read. */
export interface Reach {
  /** How far up: some statements for each step. */
  readonly ancestors: number;
  /** How far down; what is deeper is found with what it answers. */
  readonly levels: number;
  /** Replies to the thing itself, the oldest first. */
  readonly below: number;
  /** Replies to each reply. */
  readonly each: number;
  /** Replies in all. */
  readonly all: number;
}

export const REACHES = {
  /** What a person can still read on one page, and what strangers may make us look up. */
  page: { ancestors: 40, levels: 20, below: 100, each: 30, all: 250 },
  /** For programs of people here, which know no further page: what is ever looked through of one conversation. */
  whole: {
    ancestors: MAX_THREAD,
    levels: MAX_THREAD,
    below: MAX_THREAD,
    each: MAX_THREAD,
    all: MAX_THREAD,
  },
} as const satisfies Readonly<Record<string, Reach>>;

/** Of the viewer's own replies to things of one level, where not all replies are read: the newest, which they look for. */
const MAX_OWN = 40;
/** Things made into views at once: no more people are looked up for them than for a long page. */
const MAX_AT_ONCE = 50;

export interface Thread {
  readonly view: ObjectView;
  /** From the first word of the conversation to what the thing answers, without those whom the viewer avoids. */
  readonly ancestors: readonly ObjectView[];
  readonly replies: readonly ReplyNode[];
  /** The reply to the thing after which more follow; null where these are all. */
  readonly more: number | null;
}

export interface ThreadRequest {
  readonly reach?: keyof typeof REACHES;
  /** Of the replies to the thing itself only those after this one. */
  readonly after?: number;
}

export interface Threads {
  /** Null where the viewer may not see the thing itself. What they may not see around it is left out. */
  thread(
    key: number,
    viewer: number | null,
    request?: ThreadRequest & { readonly language?: string },
  ): Promise<Thread | null>;
}

export function createThreads(deps: { db: Db; views: Views; sieveFor: SieveFor }): Threads {
  const { db, views } = deps;

  async function above(
    first: ObjectRow,
    viewer: number | null,
    parts: Map<number, ObjectParts>,
    { most, language }: { readonly most: number; readonly language: string | undefined },
  ) {
    const rows: ObjectRow[] = [];
    const seen = new Set([first.key]);
    let parent = parts.get(first.key)?.parentKey ?? null;
    while (parent !== null && !seen.has(parent) && rows.length < most) {
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

  async function below(first: number, viewer: number | null, reach: Reach, after: number) {
    const found = new Map<number, ReplyRow>();
    let parents = [first];
    let more: number | null = null;
    for (let level = 0; parents.length > 0 && level < reach.levels && found.size < reach.all; level++) {
      const room = reach.all - found.size;
      const each = Math.min(level === 0 ? reach.below : reach.each, room);
      const from = level === 0 ? after : 0;
      const rows = await findReplies(db, parents, viewer, { after: from, each: each + 1, limit: room + 1 });
      const { kept, isCut } = keptOf(rows, each, room);
      if (level === 0 && isCut) more = kept.at(-1)?.key ?? null;
      const isBegun = level === 0 && after > 0;
      const own =
        isCut && !isBegun && viewer !== null ? await findOwnReplies(db, parents, viewer, MAX_OWN) : [];
      const fresh = [...kept, ...own].filter(({ key }) => key !== first && !found.has(key));
      for (const row of fresh) found.set(row.key, row);
      parents = fresh.map(({ key }) => key);
    }
    return { rows: [...found.values()], more };
  }

  async function addParts(
    rows: readonly ObjectRow[],
    parts: Map<number, ObjectParts>,
    language: string | undefined,
  ): Promise<void> {
    for (let at = 0; at < rows.length; at += MAX_AT_ONCE)
      for (const [key, made] of await views.parts(rows.slice(at, at + MAX_AT_ONCE), language))
        parts.set(key, made);
  }

  return {
    async thread(key, viewer, { reach: name = "page", after = 0, language } = {}) {
      const reach = REACHES[name];
      const [row] = await findRows(db, [key], viewer);
      if (!row) return null;
      const parts = new Map(await views.parts([row], language, "whole"));
      const all = await above(row, viewer, parts, { most: reach.ancestors, language });
      const { rows, more } = await below(key, viewer, reach, after);
      await addParts(rows, parts, language);
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
      return {
        view,
        ancestors: ancestors.flatMap((each) => objects.get(each.key) ?? []),
        replies: treeOf(key, read, objects),
        more,
      };
    },
  };
}

/** The oldest `each` to each thing, and `room` in all; `isCut` tells that there are more. */
function keptOf(rows: readonly ReplyRow[], each: number, room: number) {
  const byParent = [...Map.groupBy(rows, ({ parent }) => parent).values()];
  const kept = byParent
    .flatMap((list) => list.toSorted((a, b) => a.key - b.key).slice(0, each))
    .slice(0, room);
  return { kept, isCut: kept.length < rows.length };
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
