/** The SQL of moving: who here has somebody in a list, a page at a time. */
import { LOCAL_HOST } from "../core/entity.ts";
import { LISTED } from "../core/store-lanes.ts";
import { has, list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface FollowerHere {
  readonly follower: number;
  /** The address of the Follow that keeps them in the list, or null. */
  readonly follow: string | null;
  /** 1 where they follow the new one, have asked to, or do not want to meet it. */
  readonly settled: number;
  /** 1 where they own the old one, a group, which would be nobody's without them. */
  readonly owns: number;
}

const isIn = (owner: Sql, name: "followers" | "requests" | "owners" | "blocked", item: Sql): Sql =>
  has(sql`FROM member h WHERE h.item = ${item} AND h.collection =
    (SELECT key FROM collection WHERE owner = ${owner} AND name = ${raw(`'${name}'`)})`);

/** Followers of `from` who live here, by key, and how they stand to `to`. */
export const findFollowersHere = (
  db: Db,
  from: number,
  to: number,
  after: number,
  limit: number,
): Promise<FollowerHere[]> =>
  db.all<FollowerHere>(
    sql`SELECT m.item AS follower, f.iri AS follow,
          CASE WHEN m.item = ${to} OR ${isIn(sql`${to}`, "followers", raw("m.item"))}
            OR ${isIn(sql`${to}`, "requests", raw("m.item"))}
            OR ${isIn(raw("m.item"), "blocked", sql`${to}`)} THEN 1 ELSE 0 END AS settled,
          CASE WHEN ${isIn(sql`${from}`, "owners", raw("m.item"))} THEN 1 ELSE 0 END AS owns
        FROM member m JOIN collection c ON c.key = m.collection JOIN object o ON o.key = m.item
        LEFT JOIN object f ON f.key = m.cause
        WHERE c.owner = ${from} AND c.name = 'followers' AND o.host = ${LOCAL_HOST} AND o.deleted IS NULL
          AND m.item > ${after}
        ORDER BY m.item LIMIT ${limit}`,
  );

export interface Avoiding {
  readonly owner: number;
  readonly owner_iri: string;
  readonly name: "blocked" | "muted";
}

/** People here who block or mute `from`, but neither follow `to` nor have it in that list. Found by what they did. */
export const findAvoiding = (
  db: Db,
  from: number,
  to: number,
  after: number,
  limit: number,
): Promise<Avoiding[]> =>
  db.all<Avoiding>(
    sql`SELECT DISTINCT c.owner, o.iri AS owner_iri, c.name
        FROM object a JOIN collection c ON c.owner = a.owner AND c.name IN ('blocked', 'muted')
        JOIN member m ON m.collection = c.key AND m.item = a.subject JOIN object o ON o.key = a.owner
        WHERE a.subject = ${from} AND a.type IN ('Block', 'Add') AND a.deleted IS NULL
          AND o.host = ${LOCAL_HOST} AND o.deleted IS NULL AND c.owner <> ${to} AND c.owner > ${after}
          AND NOT ${has(sql`FROM member h WHERE h.collection = c.key AND h.item = ${to}`)}
          AND NOT ${isIn(sql`${to}`, "followers", raw("c.owner"))}
        ORDER BY c.owner LIMIT ${limit}`,
  );

/** Lists of these people here that hold `from` and not `to`, as addresses. */
export async function findListsHolding(
  db: Db,
  from: number,
  to: number,
  owners: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await db.all<{ owner: number; iri: string }>(
    sql`SELECT l.owner, o.iri FROM member m JOIN person_list l ON l.key = m.item JOIN object o ON o.key = l.key
        WHERE m.collection = (SELECT key FROM collection WHERE owner = ${from} AND name = ${LISTED})
          AND l.owner IN ${list(owners)} AND NOT EXISTS (SELECT 1 FROM member n WHERE n.item = l.key
            AND n.collection = (SELECT key FROM collection WHERE owner = ${to} AND name = ${LISTED}))`,
  );
  const lists = new Map<number, string[]>();
  for (const { owner, iri } of rows) lists.set(owner, [...(lists.get(owner) ?? []), iri]);
  return lists;
}

/** Whoever follows or knows `from` on terms of their own, or noted something, does so of `to`, unless they did already. */
export const carryAcquaintances = (from: number, to: number): readonly Sql[] => [
  sql`INSERT INTO follow_terms (actor, followed, shares, tells, languages)
      SELECT actor, CAST(${to} AS BIGINT), shares, tells, languages FROM follow_terms WHERE followed = ${from}
      ON CONFLICT (actor, followed) DO NOTHING`,
  sql`INSERT INTO remark (actor, about, text)
      SELECT actor, CAST(${to} AS BIGINT), text FROM remark WHERE about = ${from}
      ON CONFLICT (actor, about) DO NOTHING`,
];
