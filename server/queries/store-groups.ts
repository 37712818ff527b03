/** The SQL of groups: lists of them, who is what in them, and what was done as them. */
import { IN_GROUP } from "../core/store-visibility.ts";
import { DONE_BY, RECORD } from "../core/store-writes.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { ranged, statement } from "./store-statement.ts";

/** What of the conversations on one page is ever looked through: some fifty long ones. */
const MAX_WALKED = 5_000;

export interface GroupRow {
  /** The cursor. */
  readonly at: number;
  readonly item: number;
}

const followed = ranged<{ person: number }>(
  ({ person, before, after, limit }, _, order) => sql`SELECT m.cause AS at, m.item
    FROM member m JOIN object o ON o.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${person} AND name = 'following')
      AND m.cause IS NOT NULL AND m.cause < ${before} AND m.cause > ${after}
      AND o.type = 'Group' AND o.deleted IS NULL AND o.held < 4
    ORDER BY m.cause ${order} LIMIT ${limit}`,
);

/** Groups that the person has joined, here and elsewhere, the last joined first. */
export const findJoined = (db: Db, person: number, range: Range): Promise<GroupRow[]> =>
  db.all<GroupRow>(followed({ person }, range, null));

const here = ranged<Record<never, never>>(
  ({ before, after, limit }, _, order) => sql`SELECT o.key AS at, o.key AS item FROM object o
    WHERE o.host = 0 AND o.kind = 'actor' AND o.type = 'Group' AND o.key < ${before} AND o.key > ${after}
      AND o.deleted IS NULL AND o.held < 2
    ORDER BY o.key ${order} LIMIT ${limit}`,
);

/** Groups that live here and may be listed, the newest first. */
export const findHere = (db: Db, range: Range): Promise<GroupRow[]> =>
  db.all<GroupRow>(here({}, range, null));

const among = statement<{ actors: readonly number[] }>(
  ({ actors }) => sql`SELECT o.key FROM object o WHERE o.key IN ${actors} AND o.type = 'Group'`,
);

/** Those of the actors that are groups. */
export async function findGroupsAmong(db: Db, actors: readonly number[]): Promise<number[]> {
  if (actors.length === 0) return [];
  return (await db.all<{ key: number }>(among({ actors }))).map(({ key }) => key);
}

export interface StandingRow {
  readonly owner: number;
  readonly name: string;
}

const standings = statement<{ groups: readonly number[]; person: number }>(
  ({ groups, person }) => sql`SELECT c.owner, c.name FROM collection c
    JOIN member m ON m.collection = c.key AND m.item = ${person}
    WHERE c.owner IN ${groups}
      AND c.name IN ('owners', 'moderators', 'members', 'followers', 'requests', 'invited', 'banned')`,
);

/** In which lists of these groups the person is. */
export async function findStandings(
  db: Db,
  groups: readonly number[],
  person: number,
): Promise<StandingRow[]> {
  return groups.length === 0 ? [] : db.all<StandingRow>(standings({ groups, person }));
}

export interface KeeperRow {
  readonly item: number;
  readonly name: string;
}

const keepers = statement<{ group: number; limit: number }>(
  ({ group, limit }) => sql`SELECT m.item, c.name FROM collection c JOIN member m ON m.collection = c.key
    WHERE c.owner = ${group} AND c.name IN ('owners', 'moderators') LIMIT ${limit}`,
);

/** Who looks after the group; owners stand in both lists. */
export const findKeepers = (db: Db, group: number, limit: number): Promise<KeeperRow[]> =>
  db.all<KeeperRow>(keepers({ group, limit }));

const newestBelow = statement<{ group: number; roots: readonly number[] }>(
  ({ group, roots }) => sql`WITH RECURSIVE thread (root, key) AS (
      SELECT r.key, r.key FROM object r WHERE r.key IN ${roots}
      UNION
      SELECT t.root, m.item FROM thread t JOIN collection c ON c.owner = t.key AND c.name = 'replies'
      JOIN member m ON m.collection = c.key
    )
    SELECT x.root, MAX(x.key) AS newest FROM (SELECT root, key FROM thread LIMIT ${MAX_WALKED}) x
    JOIN link g ON g.target = ${group} AND g.property = ${raw(`'${IN_GROUP}'`)} AND g.source = x.key
    JOIN object o ON o.key = x.key WHERE o.deleted IS NULL AND o.kind <> 'activity' GROUP BY x.root`,
);

/** Of each conversation the key of what was last said in the group. */
export async function findNewest(
  db: Db,
  group: number,
  roots: readonly number[],
): Promise<Map<number, number>> {
  if (roots.length === 0) return new Map();
  const rows = await db.all<{ root: number; newest: number }>(newestBelow({ group, roots }));
  return new Map(rows.map(({ root, newest }) => [root, newest]));
}

export interface DeedRow {
  /** The activity. */
  readonly at: number;
  /** The person who did it as the group, where it was one from here. */
  readonly doer: number | null;
}

const DOER: Sql = sql`(SELECT l.target FROM link l WHERE l.source = m.item AND l.property = ${raw(`'${DONE_BY}'`)}
  ORDER BY l.target LIMIT 1)`;

const deeds = ranged<{ group: number }>(
  ({ group, before, after, limit }, _, order) => sql`SELECT m.item AS at, ${DOER} AS doer FROM member m
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${group} AND name = ${raw(`'${RECORD}'`)})
      AND m.item < ${before} AND m.item > ${after}
    ORDER BY m.item ${order} LIMIT ${limit}`,
);

/** What was done as the group, the newest first. */
export const findDeeds = (db: Db, group: number, range: Range): Promise<DeedRow[]> =>
  db.all<DeedRow>(deeds({ group }, range, null));
