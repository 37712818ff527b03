/** The conversations of a group, the one that somebody spoke in last first. */
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows, type ObjectRow } from "./store.ts";
import { type FeedRow, findInGroup } from "./store-feeds.ts";
import { findNewest } from "./store-groups.ts";
import type { Looking } from "./timeline.ts";
import type { FeedItem } from "./view.ts";
import type { Views } from "./views.ts";

/** How far up from what was said last its beginning is looked for: two statements for each step of all. */
const MAX_STEPS = 20;

/** The cursor is the key of what was said last; a conversation is on one page alone. */
export async function findConversations(
  { db, views, sieveFor }: { readonly db: Db; readonly views: Views; readonly sieveFor: SieveFor },
  group: number,
  { viewer, language }: Looking,
  request: PageRequest,
): Promise<Page<FeedItem>> {
  const sieve = await sieveFor(viewer, "public");
  /** What the viewer may see, by key. */
  const visible = new Map<number, ObjectRow>();
  const parts = new Map<number, ObjectParts>();
  const begun = new Map<number, number>();

  async function learn(rows: readonly ObjectRow[]): Promise<void> {
    for (const [key, made] of await views.parts(rows, language)) parts.set(key, made);
  }

  /** From each thing to where its conversation begins, as far up as the viewer sees. */
  async function findRoots(keys: readonly number[]): Promise<void> {
    for (const key of keys) begun.set(key, key);
    for (let step = 0; step < MAX_STEPS; step++) {
      const parents = keys.flatMap((key) => {
        const parent = parts.get(begun.get(key) ?? key)?.parentKey ?? null;
        return parent === null || parent === key ? [] : [[key, parent] as const];
      });
      const unknown = [...new Set(parents.map(([, parent]) => parent))].filter((key) => !visible.has(key));
      const found = await findRows(db, unknown, viewer);
      for (const row of found) visible.set(row.key, row);
      await learn(found);
      const climbed = parents.filter(([, parent]) => visible.has(parent));
      for (const [key, parent] of climbed) begun.set(key, parent);
      if (climbed.length === 0) return;
    }
  }

  function isWanted(row: ObjectRow | undefined): boolean {
    const made = row && parts.get(row.key);
    if (!made || made.isVote || sieve.isAvoided(row.host)) return false;
    return !sieve.isHidden(made, row.owner);
  }

  const page = await fillPage(request, {
    read: (range) => findInGroup(db, group, viewer, range),
    keyOf: ({ at }) => at,
    async keep(rows: readonly FeedRow[]) {
      for (const row of rows) if (row.shown === 1) visible.set(row.key, row);
      await learn(rows);
      await findRoots(rows.map(({ key }) => key));
      const rootOf = ({ key }: FeedRow) => begun.get(key) ?? key;
      const newest = await findNewest(db, group, [...new Set(rows.map(rootOf))]);
      return rows.filter((row) => {
        const root = rootOf(row);
        const isLast = row.key >= (newest.get(root) ?? Number.MAX_SAFE_INTEGER);
        return isLast && isWanted(visible.get(root));
      });
    },
  });
  const roots = page.items.flatMap(({ key }) => visible.get(begun.get(key) ?? key) ?? []);
  const { objects } = await views.assemble(roots, parts, viewer);
  return {
    ...page,
    items: page.items.flatMap(({ at, key }) => {
      const object = objects.get(begun.get(key) ?? key);
      if (!object || object.isDeleted) return [];
      return [{ key: at, object: sieve.marked(object, parts.get(object.key)), sharedBy: null }];
    }),
  };
}
