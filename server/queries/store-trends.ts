/** The SQL of trends: what is new and open to all, and the lists that were made of it. */
import { isHostListed, isHostShown } from "../core/store-visibility.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export type TrendKind = "tag" | "post" | "link";

/** For everybody, by nobody whom the staff limit, of no server that is refused or limited. */
const IS_OPEN = sql`o.kind = 'object' AND o.visibility = 0 AND o.deleted IS NULL AND o.held < 2
  AND o.owner IS NOT NULL AND ${isHostShown("o")} AND ${isHostListed}`;

export interface TagUse {
  readonly name: string;
  readonly object: number;
  readonly owner: number;
}

/** Newest first. */
export const findTagUses = (db: Db, sinceKey: number, limit: number): Promise<TagUse[]> =>
  db.all<TagUse>(
    sql`SELECT f.value AS name, o.key AS object, o.owner FROM object o
          JOIN fact f ON f.source = o.key AND f.property = 'hashtag'
        WHERE o.key > ${sinceKey} AND ${IS_OPEN} ORDER BY o.key DESC LIMIT ${limit}`,
  );

export interface Liked {
  readonly object: number;
  readonly owner: number;
  /** Likes and shares. */
  readonly total: number;
}

/** What was liked and shared most. */
export const findMostLiked = (db: Db, sinceKey: number, limit: number): Promise<Liked[]> =>
  db.all<Liked>(
    sql`SELECT o.key AS object, o.owner, SUM(c.total) AS total FROM object o
          JOIN collection c ON c.owner = o.key AND c.name IN ('likes', 'shares')
        WHERE o.key > ${sinceKey} AND ${IS_OPEN} GROUP BY o.key, o.owner HAVING SUM(c.total) > 1
        ORDER BY total DESC, o.key DESC LIMIT ${limit}`,
  );

/** Newest first. */
export const findOpenKeys = (
  db: Db,
  sinceKey: number,
  limit: number,
): Promise<{ readonly key: number; readonly owner: number }[]> =>
  db.all(
    sql`SELECT o.key, o.owner FROM object o WHERE o.key > ${sinceKey} AND ${IS_OPEN} ORDER BY o.key DESC LIMIT ${limit}`,
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
