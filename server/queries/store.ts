/** The SQL of views: versions, documents, tallies and people, each for many rows in one statement. */
import { CONFIDED } from "../core/confided.ts";
import type { Kind } from "../core/entity.ts";
import { IN_GROUP, isHostShown, visibleTo } from "../core/store-visibility.ts";
import { has, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Stamp } from "./remembered.ts";
import { statement, statementFor } from "./store-statement.ts";

/** A row without its document: what changes, and whether the viewer may see it. */
export interface ObjectRow extends Stamp {
  readonly key: number;
  readonly owner: number | null;
  readonly visibility: number;
  /** What the staff decided about it (`HELD`). */
  readonly held: number;
  readonly host: number;
  /** 1 where the viewer keeps it. */
  readonly bookmarked: number;
}

export interface DocumentRow {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly kind: Kind;
  readonly type: string | null;
  readonly updated: number | null;
  readonly fetched: number | null;
  readonly document: string;
}

/** Columns of `ObjectRow`. The size of a text is in its row's header: the text itself is not read. */
export const rowColumns = (viewer: number | null): Sql =>
  sql`o.key, o.owner, o.visibility, o.held, o.host, o.updated, o.fetched, o.deleted, octet_length(o.document) AS size,
    ${
      viewer === null
        ? raw("0")
        : sql`CASE WHEN ${has(sql`FROM member b WHERE b.item = o.key AND b.collection =
            (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'bookmarks')`)} THEN 1 ELSE 0 END`
    } AS bookmarked`;

/** What everybody could see before it was deleted still says so; of everything else not even that is told. */
const shownTo = (viewer: number | null): Sql =>
  sql`(${visibleTo(viewer)} OR (o.deleted IS NOT NULL AND o.visibility <= 1))`;

const rows = statementFor<{ keys: readonly number[] }>(
  ({ keys }, viewer) => sql`SELECT ${rowColumns(viewer)} FROM object o
    WHERE o.key IN ${keys} AND o.document IS NOT NULL AND o.kind <> 'actor' AND ${shownTo(viewer)}`,
);

/** Rows of the objects among `keys` that the viewer may see, and tombstones of those that anybody could. */
export async function findRows(db: Db, keys: readonly number[], viewer: number | null): Promise<ObjectRow[]> {
  if (keys.length === 0) return [];
  return db.all<ObjectRow>(rows({ keys }, viewer));
}

const documents = statement<{ keys: readonly number[] }>(
  ({
    keys,
  }) => sql`SELECT o.key, o.iri, o.host, o.kind, o.type, o.updated, o.fetched, o.document FROM object o
    WHERE o.key IN ${keys} AND o.document IS NOT NULL`,
);

/** Documents of rows that were found visible before. */
export async function findDocuments(db: Db, keys: readonly number[]): Promise<DocumentRow[]> {
  return keys.length === 0 ? [] : db.all<DocumentRow>(documents({ keys }));
}

export interface ParentRow {
  readonly key: number;
  readonly owner: number | null;
}

const parents = statementFor<{ keys: readonly number[] }>(
  ({ keys }, viewer) => sql`SELECT o.key, o.owner FROM object o
    WHERE o.key IN ${keys} AND o.document IS NOT NULL AND o.kind <> 'actor' AND ${shownTo(viewer)}`,
);

/** What is answered, as far as it is here and the viewer may see it. */
export async function findParents(
  db: Db,
  keys: readonly number[],
  viewer: number | null,
): Promise<ParentRow[]> {
  return keys.length === 0 ? [] : db.all<ParentRow>(parents({ keys }, viewer));
}

const inGroups = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT l.source, MIN(l.target) AS target FROM link l
    WHERE l.source IN ${keys} AND l.property = ${raw(`'${IN_GROUP}'`)} GROUP BY l.source`,
);

/** The group that each of these things is in, of several the oldest known. */
export async function findInGroups(db: Db, keys: readonly number[]): Promise<Map<number, number>> {
  if (keys.length === 0) return new Map();
  const rows = await db.all<{ source: number; target: number }>(inGroups({ keys }));
  return new Map(rows.map(({ source, target }) => [source, target]));
}

export interface TallyRow {
  readonly owner: number;
  readonly name: string;
  readonly total: number;
  /** 1 where the viewer is in it. */
  readonly mine: number;
}

const tallies = statementFor<{ keys: readonly number[] }>(
  ({ keys }, viewer) =>
    sql`SELECT c.owner, c.name, c.total, ${
      viewer === null
        ? raw("0")
        : sql`CASE WHEN c.name <> 'replies'
          AND ${has(sql`FROM member m WHERE m.collection = c.key AND m.item = ${viewer}`)} THEN 1 ELSE 0 END`
    } AS mine FROM collection c WHERE c.owner IN ${keys}`,
);

/** Totals of every collection of these objects, and whether the viewer is in it. */
export async function findTallies(
  db: Db,
  keys: readonly number[],
  viewer: number | null,
): Promise<TallyRow[]> {
  if (keys.length === 0) return [];
  return db.all<TallyRow>(tallies({ keys }, viewer));
}

export interface PersonRow extends Stamp {
  readonly key: number;
  readonly handle: string | null;
}

const personColumns = raw(
  "o.key, o.updated, o.fetched, o.deleted, octet_length(o.document) AS size, a.handle",
);

const people = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT ${personColumns}
    FROM object o LEFT JOIN actor a ON a.key = o.key WHERE o.key IN ${keys} AND o.kind = 'actor'`,
);

export async function findPeople(db: Db, keys: readonly number[]): Promise<PersonRow[]> {
  return keys.length === 0 ? [] : db.all<PersonRow>(people({ keys }));
}

export interface CountedRow extends PersonRow {
  readonly posts: number | null;
  /** Of the posts those that are for those addressed alone. */
  readonly confided: number | null;
  readonly followers: number | null;
  readonly following: number | null;
  /** Key of the newest line of their profile that is not for those addressed alone. */
  readonly last: number | null;
}

const totalOf = (name: string): Sql =>
  sql`(SELECT total FROM collection WHERE owner = o.key AND name = ${raw(`'${name}'`)}) AS ${raw(name)}`;

const listOf = (name: string): Sql =>
  sql`(SELECT key FROM collection WHERE owner = o.key AND name = ${raw(`'${name}'`)})`;

const counted = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT ${personColumns},
      ${totalOf("posts")}, ${totalOf(CONFIDED)}, ${totalOf("followers")}, ${totalOf("following")},
      (SELECT m.item FROM member m WHERE m.collection = ${listOf("posts")}
        AND NOT ${has(sql`FROM member c WHERE c.collection = ${listOf(CONFIDED)} AND c.item = m.item`)}
        ORDER BY m.item DESC LIMIT 1) AS last
    FROM object o LEFT JOIN actor a ON a.key = o.key WHERE o.key IN ${keys} AND o.kind = 'actor'
      AND o.held < 4 AND ${isHostShown()}`,
);

/** The same of those who are not out of sight, with what belongs to a profile: how much they wrote, and their circle. */
export async function findCounted(db: Db, keys: readonly number[]): Promise<CountedRow[]> {
  return keys.length === 0 ? [] : db.all<CountedRow>(counted({ keys }));
}

export interface PersonDocumentRow {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly type: string | null;
  readonly document: string | null;
}

const personDocuments = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT o.key, o.iri, o.host, o.type, o.document FROM object o WHERE o.key IN ${keys}`,
);

export async function findPersonDocuments(db: Db, keys: readonly number[]): Promise<PersonDocumentRow[]> {
  return keys.length === 0 ? [] : db.all<PersonDocumentRow>(personDocuments({ keys }));
}

export interface NamedRow {
  readonly iri: string;
  readonly key: number;
  /** Confirmed, of actors. */
  readonly handle: string | null;
}

const named = statement<{ iris: readonly string[] }>(
  ({ iris }) => sql`SELECT o.iri, o.key, a.handle FROM object o LEFT JOIN actor a ON a.key = o.key
    WHERE o.iri IN ${iris}`,
);

/** What documents name by address, as far as it has a row here. */
export async function findNamed(db: Db, iris: readonly string[]): Promise<Map<string, NamedRow>> {
  if (iris.length === 0) return new Map();
  return new Map((await db.all<NamedRow>(named({ iris }))).map((row) => [row.iri, row]));
}
