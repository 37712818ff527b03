/** The SQL of conversations. */
import { isHostListed, visibleTo } from "../core/store-visibility.ts";
import { has, join, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { type ObjectRow, rowColumns } from "./store.ts";
import { statementFor } from "./store-statement.ts";

export interface ReplyRow extends ObjectRow {
  readonly parent: number;
}

/** Of people and servers that are limited answers are shown to those who follow them, and to themselves. */
const isListed = (viewer: number | null): Sql =>
  viewer === null
    ? sql`(o.held < 2 AND ${isHostListed})`
    : sql`((o.held < 2 AND ${isHostListed}) OR o.owner = ${viewer} OR ${isIn(viewer, "following")})`;

/** The viewer has the author among those blocked or muted. */
const isAvoided = (viewer: number | null): Sql =>
  viewer === null
    ? raw("1 = 0")
    : join(
        ["blocked", "muted"].map((name) => isIn(viewer, name)),
        " OR ",
      );

const isIn = (viewer: number, name: string): Sql =>
  has(sql`FROM member h WHERE h.item = o.owner AND h.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${raw(`'${name}'`)})`);

/** The oldest replies of each: a bound on the item, found by walking the index, keeps a crowd below one post out. */
const replies = statementFor<{ parents: readonly number[]; each: number; limit: number }>(
  ({ parents, each, limit }, viewer) => sql`SELECT c.owner AS parent, ${rowColumns(viewer)}
    FROM collection c JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item
    WHERE c.owner IN ${parents} AND c.name = 'replies'
      AND m.item < COALESCE((SELECT e.item FROM member e WHERE e.collection = c.key ORDER BY e.item LIMIT 1 OFFSET ${each}), ${Number.MAX_SAFE_INTEGER})
      AND o.document IS NOT NULL AND ${visibleTo(viewer)} AND ${isListed(viewer)} AND NOT (${isAvoided(viewer)})
    LIMIT ${limit}`,
);

/** The first `each` replies to each of `parents`, those of them that the viewer may see and wants to; in no order. */
export async function findReplies(
  db: Db,
  parents: readonly number[],
  viewer: number | null,
  bounds: { readonly each: number; readonly limit: number },
): Promise<ReplyRow[]> {
  if (parents.length === 0) return [];
  return db.all<ReplyRow>(replies({ parents, each: bounds.each, limit: bounds.limit }, viewer));
}
