/** The SQL of what a person takes along when moving: lists as a whole, and how much of a list is still to be read in. */
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface OwnedRow {
  readonly iri: string;
  /** Of actors: `alice`, `bob@there.example`, or null where it was never confirmed. */
  readonly handle: string | null;
  readonly host: number;
}

/** What is in a list of the owner, by key from `after` on. */
export const findOwned = (
  db: Db,
  owner: number,
  name: string,
  after: number,
  limit: number,
): Promise<(OwnedRow & { readonly item: number })[]> =>
  db.all(
    sql`SELECT m.item, o.iri, a.handle, o.host FROM collection c JOIN member m ON m.collection = c.key
        JOIN object o ON o.key = m.item LEFT JOIN actor a ON a.key = m.item
        WHERE c.owner = ${owner} AND c.name = ${name} AND o.deleted IS NULL AND m.item > ${after}
        ORDER BY m.item LIMIT ${limit}`,
  );

/** The same of whom the owner follows, with the terms where they are not the usual ones. */
export const findFollowed = (
  db: Db,
  owner: number,
  after: number,
  limit: number,
): Promise<
  (OwnedRow & {
    readonly item: number;
    readonly shares: number | null;
    readonly tells: number | null;
    readonly languages: string | null;
  })[]
> =>
  db.all(
    sql`SELECT m.item, o.iri, a.handle, o.host, t.shares, t.tells, t.languages
        FROM collection c JOIN member m ON m.collection = c.key
        JOIN object o ON o.key = m.item LEFT JOIN actor a ON a.key = m.item
        LEFT JOIN follow_terms t ON t.actor = c.owner AND t.followed = m.item
        WHERE c.owner = ${owner} AND c.name = 'following' AND o.deleted IS NULL AND m.item > ${after}
        ORDER BY m.item LIMIT ${limit}`,
  );

/** Keys of the lists that the owner has made. */
export async function findListKeys(db: Db, owner: number): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT key FROM person_list WHERE owner = ${owner} ORDER BY key`,
  );
  return rows.map(({ key }) => key);
}

/** Jobs of this kind and lane that have not ended. */
export async function countWaiting(db: Db, kind: string, lane: string): Promise<number> {
  const row = await db.one<{ waiting: number }>(
    sql`SELECT count(*) AS waiting FROM job WHERE kind = ${kind} AND lane = ${lane} AND buried IS NULL`,
  );
  return row?.waiting ?? 0;
}
