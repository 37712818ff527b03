/** The SQL of looking for what is missing: when that was done last, and what is here already. */
import { LOCAL_HOST } from "../core/entity.ts";
import { threadBelow } from "../core/store-threads.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface WalkRow {
  readonly walked: number;
  readonly found: number;
  readonly total: number;
}

/** Null where nobody has looked yet. */
export const findWalk = (db: Db, object: number): Promise<WalkRow | null> =>
  db.one<WalkRow>(sql`SELECT walked, found, total FROM walk WHERE object = ${object}`);

export const saveWalk = (object: number, nowMs: number, found: number): Sql =>
  sql`INSERT INTO walk (object, walked, found, total) VALUES (${object}, ${nowMs}, ${found}, ${found})
      ON CONFLICT (object) DO UPDATE SET walked = excluded.walked, found = excluded.found,
        total = walk.total + excluded.found`;

/** What nobody has looked at for so long that it may as well be new. */
export const sweepWalks = (beforeMs: number): Sql => sql`DELETE FROM walk WHERE walked < ${beforeMs}`;

/** Keys of the thing and of what answers it, the nearest first, as far as it is here. */
export async function findThreadKeys(db: Db, root: number): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT o.key FROM ${threadBelow(root)} t JOIN object o ON o.key = t.key
        WHERE o.document IS NOT NULL AND o.deleted IS NULL AND o.kind = 'object'`,
  );
  return rows.map(({ key }) => key);
}

/** The Follow by which somebody here first came to follow this actor, or waits to; null where nobody does. */
export async function findFirstFollow(db: Db, actor: number): Promise<number | null> {
  const row = await db.one<{ first: number | null }>(
    sql`SELECT min(m.cause) AS first FROM member m JOIN collection c ON c.key = m.collection
        JOIN object o ON o.key = m.item
        WHERE c.owner = ${actor} AND c.name IN ('followers', 'requests') AND o.host = ${LOCAL_HOST}`,
  );
  return row?.first ?? null;
}

/** Keys of all that is in a list of an actor elsewhere. */
export async function findMembersOf(db: Db, owner: number, name: string): Promise<number[]> {
  const rows = await db.all<{ item: number }>(
    sql`SELECT m.item FROM member m JOIN collection c ON c.key = m.collection
        WHERE c.owner = ${owner} AND c.name = ${name}`,
  );
  return rows.map(({ item }) => item);
}
