/** The SQL of lists of people, and of finding them. */
import { isHostListed, isHostShown } from "../core/store-visibility.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { ranged, statement } from "./store-statement.ts";

export interface ListedRow {
  /** The cursor: the activity that keeps the person in the list. */
  readonly at: number;
  readonly item: number;
  /** 1 unless the account is gone. */
  readonly shown: number;
}

const members = ranged<{ owner: number; name: string }>(
  (
    hole,
    _,
    order,
  ) => sql`SELECT m.cause AS at, m.item, CASE WHEN o.deleted IS NULL AND o.held < 4 AND ${isHostShown()} THEN 1 ELSE 0 END AS shown
    FROM member m JOIN object o ON o.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${hole.owner} AND name = ${hole.name})
      AND m.cause IS NOT NULL AND m.cause < ${hole.before} AND m.cause > ${hole.after}
    ORDER BY m.cause ${order} LIMIT ${hole.limit}`,
);

/** Actors in a list, the newest addition first (or last, by the order of the range). */
export const findMembers = (db: Db, owner: number, name: string, range: Range): Promise<ListedRow[]> =>
  db.all<ListedRow>(members({ owner, name }, range, null));

/** Somebody who waits for approval is not there yet. */
export const isHereAlready = (alias: "a" | "o"): Sql =>
  sql`NOT EXISTS (SELECT 1 FROM account WHERE account.actor = ${raw(alias)}.key AND account.state = 'pending')`;

/** The actor of this handle (as stored), or null. */
export async function findByHandle(db: Db, handle: string): Promise<number | null> {
  const row = await db.one<{ key: number }>(
    sql`SELECT a.key FROM actor a JOIN object o ON o.key = a.key
      WHERE a.handle = ${handle} AND o.deleted IS NULL AND ${isHereAlready("a")} AND ${isHostShown()}`,
  );
  return row?.key ?? null;
}

const byHandle = statement<{ from: string; to: string; limit: number }>(
  ({ from, to, limit }) => sql`SELECT a.key FROM actor a JOIN object o ON o.key = a.key
    WHERE a.handle >= ${from} AND a.handle < ${to} AND o.deleted IS NULL
      AND o.held < 2 AND ${isHereAlready("a")} AND ${isHostShown()} AND ${isHostListed}
    ORDER BY a.handle LIMIT ${limit}`,
);

/** Keys of actors whose handle begins with `prefix` (lower case), in the order of their handles. */
export async function findByHandlePrefix(db: Db, prefix: string, limit: number): Promise<number[]> {
  const rows = await db.all<{ key: number }>(byHandle({ from: prefix, to: `${prefix}\u{10ffff}`, limit }));
  return rows.map(({ key }) => key);
}

const acquainted = statement<{ viewer: number; limit: number }>(
  ({ viewer, limit }) => sql`SELECT m.item AS key FROM member m
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'following')
      AND m.cause IS NOT NULL
    ORDER BY m.cause DESC LIMIT ${limit}`,
);

/** Whom the viewer follows, those followed last first. */
export async function findFollowed(db: Db, viewer: number, limit: number): Promise<number[]> {
  return (await db.all<{ key: number }>(acquainted({ viewer, limit }))).map(({ key }) => key);
}

const residents = statement<{ limit: number }>(
  ({ limit }) =>
    sql`SELECT c.actor AS key FROM account c JOIN object o ON o.key = c.actor
      WHERE c.state = 'active' AND o.held < 2 ORDER BY c.actor DESC LIMIT ${limit}`,
);

/** People who live here, those who came last first. */
export async function findResidents(db: Db, limit: number): Promise<number[]> {
  return (await db.all<{ key: number }>(residents({ limit }))).map(({ key }) => key);
}
