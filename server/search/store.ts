/** The SQL of the feed: what waits to be put into the index, what decides who finds it, and walks over everything. */
import type { Kind } from "../core/entity.ts";
import { IN_GROUP } from "../core/store-visibility.ts";
import { has, paddedList, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db, Dialect } from "../storage/db.ts";

/** A row whose entry may have to change, with the row as it is; `kind` is null where there is none any more. */
export interface PendingRow {
  readonly key: number;
  /** Counted up with each change. */
  readonly stamp: number;
  /** 1 where it waits only because somebody here answered it. */
  readonly is_echo: number;
  readonly iri: string | null;
  readonly host: number | null;
  readonly kind: Kind | null;
  readonly type: string | null;
  readonly owner: number | null;
  readonly owner_iri: string | null;
  readonly visibility: number | null;
  readonly deleted: number | null;
  readonly document: string | null;
  /** Of actors, where it is confirmed. */
  readonly handle: string | null;
}

/** The newest things first: who has just written something looks for it. */
export const findPending = (db: Db, limit: number): Promise<PendingRow[]> =>
  db.all<PendingRow>(
    sql`SELECT p.key, p.stamp, p.is_echo, o.iri, o.host, o.kind, o.type, o.owner,
        (SELECT w.iri FROM object w WHERE w.key = o.owner) AS owner_iri, o.visibility, o.deleted, o.document,
        (SELECT a.handle FROM actor a WHERE a.key = p.key) AS handle
      FROM search_pending p LEFT JOIN object o ON o.key = p.key ORDER BY p.key DESC LIMIT ${limit}`,
  );

/**
 * It was put into the index as it was when it was read; touches no row where it has changed since, or is being changed: who
 * writes two of them and waits for the second must not find the feed waiting for the first.
 */
export function settlePending({ skipLocked }: Dialect, key: number, stamp: number): Sql {
  const itself = sql`key = ${key} AND stamp = ${stamp}`;
  if (skipLocked === "") return sql`DELETE FROM search_pending WHERE ${itself}`;
  return sql`DELETE FROM search_pending WHERE key IN
    (SELECT key FROM search_pending WHERE ${itself} ${raw(skipLocked)})`;
}

/** What is answered by somebody here is found by them. */
export const echoTo = (iri: string): Sql =>
  sql`INSERT INTO search_pending (key, stamp, is_echo)
      SELECT key, 1, 1 FROM object WHERE iri = ${iri} AND document IS NOT NULL ON CONFLICT (key) DO NOTHING`;

export interface InvolvedRow {
  readonly key: number;
  readonly person: number;
}

/** Who here is concerned with these things: they were sent to them, or they did something about them that still counts. */
export const findInvolved = (db: Db, keys: readonly number[]): Promise<InvolvedRow[]> =>
  db.all<InvolvedRow>(
    sql`SELECT l.source AS key, l.target AS person FROM link l JOIN object t ON t.key = l.target
        WHERE l.source IN ${paddedList(keys)} AND l.property = 'audience' AND t.host = 0 AND t.kind = 'actor'
      UNION SELECT d.subject, d.owner FROM object d
        WHERE d.subject IN ${paddedList(keys)} AND d.host = 0 AND d.kind = 'activity' AND d.deleted IS NULL
          AND d.type <> 'Create' AND ${has(sql`FROM member m WHERE m.cause = d.key`)}
      UNION SELECT c.owner, r.owner FROM collection c JOIN member m ON m.collection = c.key
        JOIN object r ON r.key = m.item
        WHERE c.owner IN ${paddedList(keys)} AND c.name = 'replies' AND r.host = 0`,
  );

export interface GroupRow {
  readonly key: number;
  readonly group: number;
  readonly host: number;
}

/** The groups that these things are in. */
export const findGroups = (db: Db, keys: readonly number[]): Promise<GroupRow[]> =>
  db.all<GroupRow>(
    sql`SELECT l.source AS key, l.target AS "group", g.host FROM link l JOIN object g ON g.key = l.target
        WHERE l.source IN ${paddedList(keys)} AND l.property = ${raw(`'${IN_GROUP}'`)}`,
  );

export interface NamedActor {
  readonly iri: string;
  readonly key: number;
  readonly host: number;
}

/** Actors that are known here, by their addresses. */
export const findNamedActors = (db: Db, iris: readonly string[]): Promise<NamedActor[]> =>
  db.all<NamedActor>(
    sql`SELECT iri, key, host FROM object WHERE iri IN ${paddedList(iris)} AND kind = 'actor'`,
  );

/** Which of these actors agree that everybody finds what they write. */
export async function findConsenting(db: Db, actors: readonly number[]): Promise<Set<number>> {
  if (actors.length === 0) return new Set();
  const rows = await db.all<{ actor: number }>(
    sql`SELECT actor FROM search_consent WHERE actor IN ${paddedList(actors)}`,
  );
  return new Set(rows.map(({ actor }) => actor));
}

export const insertConsent = (actor: number): Sql =>
  sql`INSERT INTO search_consent (actor) VALUES (${actor}) ON CONFLICT (actor) DO NOTHING`;

export const dropConsent = (actor: number): Sql => sql`DELETE FROM search_consent WHERE actor = ${actor}`;

/** Walks that are over nobody's things alone: over all actors, and then over all that actors made. */
export const ALL = { actors: 0, things: -1 } as const;

/** A walk over everything that the owner made, or over `ALL`, from the newest on. */
export const startWalk = (owner: number, before: number): Sql =>
  sql`INSERT INTO search_walk (owner, before) VALUES (${owner}, ${before})
      ON CONFLICT (owner) DO UPDATE SET before = excluded.before`;

export interface WalkRow {
  readonly owner: number;
  readonly before: number;
}

/** That of one owner before that of all, and actors before things: what these find hangs on what those want. */
export const findWalks = (db: Db, limit: number): Promise<WalkRow[]> =>
  db.all<WalkRow>(sql`SELECT owner, before FROM search_walk ORDER BY owner DESC LIMIT ${limit}`);

/** Where the walk over all things is, or null where there is none. */
export async function findGreatWalk(db: Db): Promise<number | null> {
  const row = await db.one<WalkRow>(sql`SELECT owner, before FROM search_walk WHERE owner = ${ALL.things}`);
  return row?.before ?? null;
}

/** The next rows of a walk, the newest first. */
export async function findStretch(db: Db, { owner, before }: WalkRow, limit: number): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    owner === ALL.actors
      ? sql`SELECT o.key FROM actor a JOIN object o ON o.key = a.key WHERE a.key < ${before}
          AND o.document IS NOT NULL ORDER BY a.key DESC LIMIT ${limit}`
      : owner === ALL.things
        ? sql`SELECT o.key FROM object o WHERE o.key < ${before} AND o.kind IN ('object', 'collection')
          AND o.document IS NOT NULL ORDER BY o.key DESC LIMIT ${limit}`
        : sql`SELECT o.key FROM object o WHERE o.owner = ${owner} AND o.kind = 'object' AND o.key < ${before}
          ORDER BY o.key DESC LIMIT ${limit}`,
  );
  return rows.map(({ key }) => key);
}

/** They wait to be looked at. */
export const insertPending = (keys: readonly number[]): Sql =>
  sql`INSERT INTO search_pending (key, stamp, is_echo)
      SELECT o.key, 1, 1 FROM object o WHERE o.key IN ${paddedList(keys)} ON CONFLICT (key) DO NOTHING`;

export const moveWalk = ({ owner, before }: WalkRow): Sql =>
  sql`UPDATE search_walk SET before = ${before} WHERE owner = ${owner}`;

export const endWalk = (owner: number): Sql => sql`DELETE FROM search_walk WHERE owner = ${owner}`;
