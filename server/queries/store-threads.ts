/** The SQL of conversations. */
import { isHostListed, visibleTo } from "../core/store-visibility.ts";
import { has, join, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { type ObjectRow, rowColumns } from "./store.ts";
import { statement, statementFor } from "./store-statement.ts";

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

const isRead = (viewer: number | null): Sql =>
  sql`o.document IS NOT NULL AND ${visibleTo(viewer)} AND ${isListed(viewer)} AND NOT (${isAvoided(viewer)})`;

/**
 * The oldest replies of each: a bound on the item, found once by walking the index past what the viewer does not read,
 * keeps a crowd below one post out.
 */
const replies = statementFor<{ parents: readonly number[]; after: number; each: number; limit: number }>(
  ({ parents, after, each, limit }, viewer) => sql`WITH p AS MATERIALIZED (
      SELECT l.key, l.owner, COALESCE((SELECT e.item FROM member e JOIN object o ON o.key = e.item
        WHERE e.collection = l.key AND e.item > ${after} AND ${isRead(viewer)}
        ORDER BY e.item LIMIT 1 OFFSET ${each}), ${Number.MAX_SAFE_INTEGER}) AS before
      FROM collection l WHERE l.owner IN ${parents} AND l.name = 'replies')
    SELECT p.owner AS parent, ${rowColumns(viewer)}
    FROM p JOIN member m ON m.collection = p.key JOIN object o ON o.key = m.item
    WHERE m.item > ${after} AND m.item < p.before AND ${isRead(viewer)}
    LIMIT ${limit}`,
);

/** The first `each` replies after `after` to each of `parents` that the viewer may see and wants to; in no order. */
export async function findReplies(
  db: Db,
  parents: readonly number[],
  viewer: number | null,
  bounds: { readonly after: number; readonly each: number; readonly limit: number },
): Promise<ReplyRow[]> {
  if (parents.length === 0) return [];
  return db.all<ReplyRow>(replies({ parents, ...bounds }, viewer));
}

const own = statement<{ parents: readonly number[]; viewer: number; limit: number }>(
  ({ parents, viewer, limit }) => sql`SELECT c.owner AS parent, ${rowColumns(viewer)}
    FROM collection c JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item
    WHERE c.owner IN ${parents} AND c.name = 'replies' AND o.owner = ${viewer}
      AND o.document IS NOT NULL AND ${visibleTo(viewer)}
    ORDER BY m.item DESC LIMIT ${limit}`,
);

/** What the viewer has answered to any of `parents`, the newest first. */
export const findOwnReplies = (
  db: Db,
  parents: readonly number[],
  viewer: number,
  limit: number,
): Promise<ReplyRow[]> => db.all<ReplyRow>(own({ parents, viewer, limit }));
