/** The SQL of moving: who here has somebody in a list, a page at a time. */
import { LOCAL_HOST } from "../core/entity.ts";
import { has, raw, type Sql, sql } from "../lib/sql.ts";
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
