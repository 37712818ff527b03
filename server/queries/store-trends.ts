/** The SQL of trends: what is new and open to all, and the lists that were made of it. */
import { isHostListed, isHostShown } from "../core/store-visibility.ts";
import { paddedList, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export type TrendKind = "tag" | "post" | "link";

/** For everybody, by nobody whom the staff limit, of no server that is refused or limited. */
const IS_OPEN = sql`o.kind = 'object' AND o.visibility = 0 AND o.deleted IS NULL AND o.held < 2
  AND o.owner IS NOT NULL AND ${isHostShown("o")} AND ${isHostListed}`;

export interface OpenRow {
  readonly key: number;
  readonly owner: number;
}

/** Newest first, between these keys. */
export const findOpen = (
  db: Db,
  range: { readonly after: number; readonly before: number; readonly limit: number },
): Promise<OpenRow[]> =>
  db.all<OpenRow>(
    sql`SELECT o.key, o.owner FROM object o WHERE o.key > ${range.after} AND o.key < ${range.before} AND ${IS_OPEN}
        ORDER BY o.key DESC LIMIT ${range.limit}`,
  );

export const findTagsOf = (
  db: Db,
  objects: readonly number[],
): Promise<{ readonly name: string; readonly object: number }[]> =>
  db.all(
    sql`SELECT f.value AS name, f.source AS object FROM fact f
        WHERE f.source IN ${paddedList(objects)} AND f.property = 'hashtag'`,
  );

/** Likes and shares of each that has more than one. */
export const findLiked = (
  db: Db,
  objects: readonly number[],
): Promise<{ readonly object: number; readonly total: number }[]> =>
  db.all(
    sql`SELECT c.owner AS object, SUM(c.total) AS total FROM collection c
        WHERE c.owner IN ${paddedList(objects)} AND c.name IN ('likes', 'shares')
        GROUP BY c.owner HAVING SUM(c.total) > 1`,
  );

export interface TrendRow {
  readonly name: string;
  readonly facts: string;
}

/** The best first, without what the staff hide (or with it). */
export const findTrends = (db: Db, kind: TrendKind, withHidden: boolean): Promise<TrendRow[]> =>
  db.all<TrendRow>(
    sql`SELECT t.name, t.facts FROM trend t WHERE t.kind = ${kind}
        ${withHidden ? raw("") : sql`AND NOT EXISTS (SELECT 1 FROM trend_hidden h WHERE h.kind = t.kind AND h.name = t.name)`}
        ORDER BY t.rank`,
  );

export const putTrends = (kind: TrendKind, rows: readonly TrendRow[]): readonly Sql[] => [
  sql`DELETE FROM trend WHERE kind = ${kind}`,
  ...rows.map(
    ({ name, facts }, rank) =>
      sql`INSERT INTO trend (kind, rank, name, facts) VALUES (${kind}, ${rank}, ${name}, ${facts})`,
  ),
];

export async function findHidden(db: Db, kind: TrendKind): Promise<Set<string>> {
  const rows = await db.all<{ name: string }>(sql`SELECT name FROM trend_hidden WHERE kind = ${kind}`);
  return new Set(rows.map(({ name }) => name));
}

export const hideTrend = (kind: TrendKind, name: string, isHidden: boolean): Sql =>
  isHidden
    ? sql`INSERT INTO trend_hidden (kind, name) VALUES (${kind}, ${name}) ON CONFLICT (kind, name) DO NOTHING`
    : sql`DELETE FROM trend_hidden WHERE kind = ${kind} AND name = ${name}`;
