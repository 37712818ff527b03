/** The SQL of finding people: whom friends follow, whom most follow, who is here, and who knows whom. */
import { isHostListed, isHostShown } from "../core/store-visibility.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { statement } from "./store-statement.ts";

const listOf = (owner: number, name: string) =>
  sql`(SELECT key FROM collection WHERE owner = ${owner} AND name = ${raw(`'${name}'`)})`;

const isOpen = sql`o.kind = 'actor' AND o.deleted IS NULL AND o.held < 2 AND ${isHostShown()} AND ${isHostListed}
  AND NOT EXISTS (SELECT 1 FROM account w WHERE w.actor = o.key AND w.state <> 'active')`;

const friends = statement<{ viewer: number; followed: number; among: number; limit: number }>(
  ({ viewer, followed, among, limit }) => sql`SELECT x.item AS key, count(*) AS many FROM
      (SELECT m.item FROM
        (SELECT f.item, f.cause FROM member f WHERE f.collection = ${listOf(viewer, "following")}
          AND f.cause IS NOT NULL ORDER BY f.cause DESC LIMIT ${followed}) f
        JOIN collection c ON c.owner = f.item AND c.name = 'following'
        JOIN member m ON m.collection = c.key LIMIT ${among}) x
    JOIN object o ON o.key = x.item
    WHERE ${isOpen} GROUP BY x.item ORDER BY many DESC, x.item DESC LIMIT ${limit}`,
);

/** Whom most of the last `followed` people follow whom the viewer follows, counted among so many followings. */
export async function findFriendsOfFriends(
  db: Db,
  viewer: number,
  bounds: { readonly followed: number; readonly among: number; readonly limit: number },
): Promise<number[]> {
  return (await db.all<{ key: number }>(friends({ viewer, ...bounds }))).map(({ key }) => key);
}

const most = statement<{ limit: number }>(
  ({ limit }) => sql`SELECT c.owner AS key FROM collection c JOIN object o ON o.key = c.owner
    WHERE c.name = 'followers' AND c.total > 0 AND ${isOpen} ORDER BY c.total DESC, c.owner DESC LIMIT ${limit}`,
);

/** Whom most people follow, as far as it is known here. */
export const findMostFollowed = async (db: Db, limit: number): Promise<number[]> =>
  (await db.all<{ key: number }>(most({ limit }))).map(({ key }) => key);

const familiar = statement<{ viewer: number; followed: number; limit: number }>(
  ({ viewer, followed, limit }) => sql`SELECT mine.item AS key FROM member mine CROSS JOIN member m
    WHERE mine.collection = ${listOf(viewer, "following")} AND m.collection = ${listOf(followed, "followers")}
      AND m.item = mine.item ORDER BY mine.item DESC LIMIT ${limit}`,
);

/** Of the followers of this one so many whom the viewer follows too. */
export async function findFamiliar(
  db: Db,
  viewer: number,
  followed: number,
  limit: number,
): Promise<number[]> {
  return (await db.all<{ key: number }>(familiar({ viewer, followed, limit }))).map(({ key }) => key);
}

/** Authors of these posts (newest first) with their last one, counted before anybody is looked at. */
const authorsOf = (posts: Sql, limit: number): Sql =>
  sql`SELECT x.owner AS key FROM (SELECT y.owner, MAX(y.key) AS last FROM (${posts}) y GROUP BY y.owner) x
    JOIN object o ON o.key = x.owner WHERE ${isOpen} ORDER BY x.last DESC LIMIT ${limit}`;

const activeHere = statement<{ among: number; limit: number }>(({ among, limit }) =>
  authorsOf(
    sql`SELECT p.owner, p.key FROM object p WHERE p.host = 0 AND p.kind = 'object' AND p.visibility = 0
      ORDER BY p.key DESC LIMIT ${among}`,
    limit,
  ),
);

const activeAnywhere = statement<{ among: number; limit: number }>(({ among, limit }) =>
  authorsOf(
    sql`SELECT p.owner, p.key FROM object p WHERE p.kind = 'object' AND p.visibility = 0
      ORDER BY p.key DESC LIMIT ${among}`,
    limit,
  ),
);

const newHere = statement<{ limit: number }>(
  ({ limit }) => sql`SELECT c.actor AS key FROM account c JOIN object o ON o.key = c.actor
    WHERE c.state = 'active' AND ${isOpen} ORDER BY c.actor DESC LIMIT ${limit}`,
);

const newAnywhere = statement<{ limit: number }>(
  ({ limit }) => sql`SELECT c.key FROM actor c CROSS JOIN object o
    WHERE o.key = c.key AND ${isOpen} ORDER BY c.key DESC LIMIT ${limit}`,
);

/** Who wrote something for everybody lately (among so many posts), or came lately; here, or anywhere. */
export async function findDirectory(
  db: Db,
  which: { readonly order: "active" | "new"; readonly isHere: boolean },
  bounds: { readonly among: number; readonly limit: number },
): Promise<number[]> {
  const { limit } = bounds;
  const query =
    which.order === "active"
      ? (which.isHere ? activeHere : activeAnywhere)(bounds)
      : (which.isHere ? newHere : newAnywhere)({ limit });
  return (await db.all<{ key: number }>(query)).map(({ key }) => key);
}
