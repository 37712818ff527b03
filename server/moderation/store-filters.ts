/** The SQL of filters, of muting's ends, and of servers that somebody avoids. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface FilterRow {
  readonly key: number;
  readonly title: string;
  readonly phrases: string;
  readonly objects: string;
  readonly contexts: string;
  readonly action: string;
  readonly expires: number | null;
}

export const findFilters = (db: Db, actor: number, limit: number): Promise<FilterRow[]> =>
  db.all<FilterRow>(
    sql`SELECT key, title, phrases, objects, contexts, action, expires FROM filter
        WHERE actor = ${actor} ORDER BY key LIMIT ${limit}`,
  );

export const findFilter = (db: Db, actor: number, key: number): Promise<FilterRow | null> =>
  db.one<FilterRow>(
    sql`SELECT key, title, phrases, objects, contexts, action, expires FROM filter
        WHERE key = ${key} AND actor = ${actor}`,
  );

export const insertFilter = (actor: number, row: FilterRow): Sql =>
  sql`INSERT INTO filter (key, actor, title, phrases, objects, contexts, action, expires)
      VALUES (${row.key}, ${actor}, ${row.title}, ${row.phrases}, ${row.objects}, ${row.contexts}, ${row.action},
        ${row.expires})`;

/** Touches one row while this filter is one of no more than `most`. */
export const isWithinFilters = (actor: number, key: number, most: number): Sql =>
  sql`UPDATE filter SET key = key WHERE key = ${key} AND (SELECT count(*) FROM filter WHERE actor = ${actor}) <= ${most}`;

export const updateFilter = (actor: number, row: FilterRow): Sql =>
  sql`UPDATE filter SET title = ${row.title}, phrases = ${row.phrases}, objects = ${row.objects}, contexts = ${row.contexts},
        action = ${row.action}, expires = ${row.expires}
      WHERE key = ${row.key} AND actor = ${actor}`;

/** Touches no row where the filter is no longer as `before`. */
export const replaceFilter = (actor: number, before: FilterRow, row: FilterRow): Sql =>
  sql`${updateFilter(actor, row)} AND title = ${before.title} AND phrases = ${before.phrases}
        AND objects = ${before.objects} AND contexts = ${before.contexts} AND action = ${before.action}
        AND COALESCE(expires, 0) = ${before.expires ?? 0}`;

export const deleteFilter = (actor: number, key: number): Sql =>
  sql`DELETE FROM filter WHERE key = ${key} AND actor = ${actor}`;

/** Servers that the person avoids, by name. */
export const findAvoidedHosts = (
  db: Db,
  actor: number,
  limit: number,
): Promise<{ readonly host: number; readonly name: string; readonly since: number }[]> =>
  db.all(
    sql`SELECT v.host, h.name, v.since FROM avoided_host v JOIN host h ON h.key = v.host
        WHERE v.actor = ${actor} ORDER BY v.host LIMIT ${limit}`,
  );

export const insertAvoidedHost = (actor: number, host: number, nowMs: number): Sql =>
  sql`INSERT INTO avoided_host (actor, host, since) VALUES (${actor}, ${host}, ${nowMs})
      ON CONFLICT (actor, host) DO NOTHING`;

/** Touches one row while this server is one of no more than `most`. */
export const isWithinAvoided = (actor: number, host: number, most: number): Sql =>
  sql`UPDATE avoided_host SET since = since WHERE actor = ${actor} AND host = ${host}
        AND (SELECT count(*) FROM avoided_host WHERE actor = ${actor}) <= ${most}`;

export const deleteAvoidedHost = (actor: number, host: number): Sql =>
  sql`DELETE FROM avoided_host WHERE actor = ${actor} AND host = ${host}`;

/** Follows between the person and anybody of that server: the activities that keep them. */
export const findTies = (
  db: Db,
  actor: number,
  host: number,
  list: "following" | "requested" | "followers" | "requests",
  limit: number,
): Promise<{ readonly item: number; readonly iri: string; readonly asked: string }[]> =>
  db.all(
    sql`SELECT m.item, o.iri, a.iri AS asked FROM member m JOIN object o ON o.key = m.item
          JOIN object a ON a.key = m.cause
        WHERE m.collection = (SELECT key FROM collection WHERE owner = ${actor} AND name = ${list})
          AND o.host = ${host} LIMIT ${limit}`,
  );

/** What somebody did not want to read who is gone for good. */
export const dropTastesOf = (actor: number): readonly Sql[] => [
  sql`DELETE FROM filter WHERE actor = ${actor}`,
  sql`DELETE FROM avoided_host WHERE actor = ${actor}`,
  sql`DELETE FROM notice_policy WHERE actor = ${actor}`,
  sql`DELETE FROM notice_sender WHERE actor = ${actor} OR sender = ${actor}`,
];
