/** The SQL of conversations of those who are addressed, as they lie before one person. */
import { visibleTo } from "../core/store-visibility.ts";
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { AUTHOR, isBlocked } from "./store-feeds.ts";
import { ranged } from "./store-statement.ts";

export interface TalkRow {
  readonly key: number;
  readonly root: number;
  readonly last: number;
  readonly unread: number;
}

const talks = ranged<{ owner: number }>(
  ({ owner, before, after, limit }, _, order) => sql`SELECT t.key, t.root, t.last, t.unread FROM talk t
    WHERE t.actor = ${owner} AND t.last < ${before} AND t.last > ${after} ORDER BY t.last ${order} LIMIT ${limit}`,
);

/** By what was said last. */
export const findTalks = (db: Db, viewer: number, range: Range): Promise<TalkRow[]> =>
  db.all<TalkRow>(talks({ owner: viewer }, range, null));

export const findTalk = (db: Db, viewer: number, key: number): Promise<TalkRow | null> =>
  db.one<TalkRow>(sql`SELECT key, root, last, unread FROM talk WHERE key = ${key} AND actor = ${viewer}`);

/** The viewer's conversation that this thing is part of. */
export const findTalkWith = (db: Db, viewer: number, object: number): Promise<TalkRow | null> =>
  db.one<TalkRow>(
    sql`SELECT t.key, t.root, t.last, t.unread FROM talk_post p JOIN talk t ON t.root = p.root AND t.actor = ${viewer}
        WHERE p.object = ${object}`,
  );

/** Who else takes part in each of them. */
export async function findTalking(db: Db, keys: readonly number[]): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  if (keys.length === 0) return found;
  const rows = await db.all<{ talk: number; person: number }>(
    sql`SELECT talk, person FROM talk_person WHERE talk IN ${list(keys)} ORDER BY talk, person`,
  );
  for (const { talk, person } of rows) found.set(talk, [...(found.get(talk) ?? []), person]);
  return found;
}

/** The newest of these conversations that the viewer may see, and wants to, by the first thing of each. */
export async function findLastLeft(
  db: Db,
  viewer: number,
  roots: readonly number[],
): Promise<Map<number, number>> {
  if (roots.length === 0) return new Map();
  const rows = await db.all<{ root: number; last: number }>(
    sql`SELECT p.root, MAX(p.object) AS last FROM talk_post p JOIN object o ON o.key = p.object
        WHERE p.root IN ${list(roots)} AND ${visibleTo(viewer)} AND NOT ${isBlocked(viewer, AUTHOR)}
        GROUP BY p.root`,
  );
  return new Map(rows.map(({ root, last }) => [root, last]));
}

export const markTalk = (viewer: number, key: number, isUnread: boolean): Sql =>
  sql`UPDATE talk SET unread = ${isUnread ? 1 : 0} WHERE key = ${key} AND actor = ${viewer}`;

/** It comes back when somebody says something in it. */
export const dropTalk = (viewer: number, key: number): readonly Sql[] => [
  sql`DELETE FROM talk_person WHERE talk IN (SELECT key FROM talk WHERE key = ${key} AND actor = ${viewer})`,
  sql`DELETE FROM talk WHERE key = ${key} AND actor = ${viewer}`,
];
