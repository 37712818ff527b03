/** The SQL of the core's reads: objects, memberships, actors. */
import { createLru, type Lru } from "../lib/lru.ts";
import { list, paddedList, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Kind } from "./entity.ts";
import { type Entity, LOCAL_HOST, VISIBILITIES } from "./entity.ts";
import type { AsObject } from "./object.ts";
import { IN_GROUP, visibleTo } from "./store-visibility.ts";
import { fromStored } from "./stored.ts";

export interface ObjectRow {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly kind: Kind | null;
  readonly type: string | null;
  readonly owner: number | null;
  readonly owner_iri: string | null;
  readonly subject: number | null;
  readonly subject_iri: string | null;
  readonly visibility: number;
  readonly document: string | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  readonly fetched: number | null;
  readonly held: number;
}

export interface MemberRow {
  readonly item: number;
  readonly cause: number | null;
}

export const objectColumns: Sql = sql`o.key, o.iri, o.host, o.kind, o.type, o.owner,
  (SELECT w.iri FROM object w WHERE w.key = o.owner) AS owner_iri, o.subject, s.iri AS subject_iri, o.visibility, o.document, o.updated, o.deleted, o.fetched, o.held`;

/** What `toStored` left out is put back, and the address of the subject. */
export function toEntity(row: ObjectRow): Entity {
  return {
    key: row.key,
    iri: row.iri,
    host: row.host,
    isLocal: row.host === LOCAL_HOST,
    kind: row.kind,
    type: row.type,
    owner: row.owner,
    subject: row.subject,
    visibility: VISIBILITIES[row.visibility] ?? "direct",
    document: row.document === null ? null : documentOf(row, row.document),
    stored: row.document,
    updatedMs: row.updated,
    deletedMs: row.deleted,
    fetchedMs: row.fetched,
    held: row.held,
  };
}

/** Actors whose documents are kept parsed: every activity asks for one of them. About 2 MB. */
const MAX_PARSED = 300;
const parsed = createLru<{
  readonly json: string;
  /** Which the text does not repeat. */
  readonly type: string | null;
  readonly document: AsObject;
}>(MAX_PARSED);

/** Gives them back: few as they are, they lie scattered and hold far more of the heap than their own size. */
export const releaseParsed = (): void => parsed.clear();

function documentOf(row: ObjectRow, json: string): AsObject {
  if (row.kind !== "actor") return parse(row, json);
  const known = parsed.get(row.iri);
  if (known?.json === json && known.type === row.type) return known.document;
  const document = parse(row, json);
  parsed.set(row.iri, { json, type: row.type, document });
  return document;
}

function parse(row: ObjectRow, json: string): AsObject {
  const document = fromStored(json, { ...row, ownerIri: row.owner_iri });
  return row.subject_iri !== null && document.object === undefined
    ? { ...document, object: row.subject_iri }
    : document;
}

export async function findByIris(db: Db, iris: readonly string[]): Promise<Map<string, Entity>> {
  if (iris.length === 0) return new Map();
  const rows = await db.all<ObjectRow>(
    sql`SELECT ${objectColumns} FROM object o LEFT JOIN object s ON s.key = o.subject WHERE o.iri IN ${paddedList(iris)}`,
  );
  return new Map(rows.map((row) => [row.iri, toEntity(row)]));
}

export async function findByKeys(db: Db, keys: readonly number[]): Promise<Map<number, Entity>> {
  const wanted = [...new Set(keys)];
  if (wanted.length === 0) return new Map();
  const rows = await db.all<ObjectRow>(
    sql`SELECT ${objectColumns} FROM object o LEFT JOIN object s ON s.key = o.subject WHERE o.key IN ${paddedList(wanted)}`,
  );
  return new Map(rows.map((row) => [row.key, toEntity(row)]));
}

/** Whether the viewer may see the row: the one predicate, asked for one row. */
export async function isVisible(db: Db, viewer: number | null, key: number): Promise<boolean> {
  return (
    (await db.one(sql`SELECT 1 AS yes FROM object o WHERE o.key = ${key} AND ${visibleTo(viewer)}`)) !== null
  );
}

/** Whether the rules limit this server. */
export const isLimitedHost = async (db: Db, host: number): Promise<boolean> =>
  (await db.one(sql`SELECT 1 AS yes FROM limited_host WHERE host = ${host}`)) !== null;

const membership = (owner: number, name: string) =>
  sql`FROM member m JOIN collection c ON c.key = m.collection WHERE c.owner = ${owner} AND c.name = ${name}`;

export async function findMember(
  db: Db,
  owner: number,
  name: string,
  item: number,
): Promise<MemberRow | null> {
  return db.one<MemberRow>(sql`SELECT m.item, m.cause ${membership(owner, name)} AND m.item = ${item}`);
}

/** Whether anybody is in it. */
export async function hasMembers(db: Db, owner: number, name: string): Promise<boolean> {
  return (await db.one(sql`SELECT 1 AS yes ${membership(owner, name)} LIMIT 1`)) !== null;
}

/** Whether anybody who lives elsewhere is in it. */
export async function hasMembersElsewhere(db: Db, owner: number, name: string): Promise<boolean> {
  const row = await db.one(
    sql`SELECT 1 AS yes ${membership(owner, name)}
        AND (SELECT host FROM object WHERE key = m.item) <> ${LOCAL_HOST} LIMIT 1`,
  );
  return row !== null;
}

/** Local actors among the members: few, or for feeds, which never come through here. */
export async function findLocalMembers(db: Db, owner: number, name: string): Promise<number[]> {
  const rows = await db.all<{ item: number }>(
    sql`SELECT m.item FROM member m JOIN collection c ON c.key = m.collection JOIN object o ON o.key = m.item
        WHERE c.owner = ${owner} AND c.name = ${name} AND o.host = ${LOCAL_HOST}`,
  );
  return rows.map((row) => row.item);
}

export async function findActivityAbout(
  db: Db,
  types: readonly string[],
  owner: number,
  subject: number,
): Promise<number | null> {
  const row = await db.one<{ key: number }>(
    sql`SELECT key FROM object WHERE subject = ${subject} AND type IN ${list(types)} AND owner = ${owner}
        AND deleted IS NULL ORDER BY key DESC LIMIT 1`,
  );
  return row?.key ?? null;
}

/** The groups that the thing is in. */
export async function findGroupsOf(db: Db, object: number): Promise<number[]> {
  const rows = await db.all<{ target: number }>(
    sql`SELECT target FROM link WHERE source = ${object} AND property = ${IN_GROUP}`,
  );
  return rows.map(({ target }) => target);
}

/** People here who hear of every post of one actor, at most. */
const MAX_WATCHERS = 1_000;

/** Who follows the actor and asked to hear of each post. */
export async function findWatchers(db: Db, actor: number): Promise<number[]> {
  const rows = await db.all<{ actor: number }>(
    sql`SELECT t.actor FROM follow_terms t JOIN collection c ON c.owner = t.followed AND c.name = 'followers'
        JOIN member m ON m.collection = c.key AND m.item = t.actor
        WHERE t.followed = ${actor} AND t.tells = 1 ORDER BY t.actor LIMIT ${MAX_WATCHERS}`,
  );
  return rows.map((row) => row.actor);
}

/** No thing is quoted by more people here than are told of it. */
const MAX_POINTING = 200;

/** Owners here of living things that point at the object under this property, each once. */
export async function findPointing(db: Db, object: number, property: string): Promise<number[]> {
  const rows = await db.all<{ owner: number }>(
    sql`SELECT DISTINCT o.owner FROM link l JOIN object o ON o.key = l.source
        WHERE l.target = ${object} AND l.property = ${property} AND o.host = ${LOCAL_HOST} AND o.kind = 'object'
          AND o.deleted IS NULL AND o.owner IS NOT NULL LIMIT ${MAX_POINTING}`,
  );
  return rows.map(({ owner }) => owner);
}

/** Which of these actors here have the other among the members of their own collection (`blocked`). */
export async function findOwnersWith(
  db: Db,
  owners: readonly number[],
  name: string,
  item: number,
): Promise<Set<number>> {
  if (owners.length === 0) return new Set();
  const rows = await db.all<{ owner: number }>(
    sql`SELECT c.owner FROM collection c JOIN member m ON m.collection = c.key
        WHERE c.owner IN ${list(owners)} AND c.name = ${name} AND m.item = ${item}`,
  );
  return new Set(rows.map((row) => row.owner));
}

export interface InboxRow {
  readonly host: number;
  readonly host_name: string;
  readonly inbox: string;
}

/** The distinct inboxes behind the members elsewhere, shared ones preferred (AP §7.1.3). */
export async function findMemberInboxes(db: Db, owner: number, name: string): Promise<InboxRow[]> {
  return db.all<InboxRow>(
    sql`SELECT DISTINCT o.host, h.name AS host_name, COALESCE(a.shared_inbox, a.inbox) AS inbox
        FROM member m JOIN collection c ON c.key = m.collection
        JOIN object o ON o.key = m.item JOIN actor a ON a.key = m.item JOIN host h ON h.key = o.host
        WHERE c.owner = ${owner} AND c.name = ${name} AND o.host <> ${LOCAL_HOST} AND o.deleted IS NULL
        AND o.held < 4 AND a.inbox IS NOT NULL`,
  );
}

/** The inboxes of these actors elsewhere: the shared ones where there are any, or the personal ones. */
export async function findInboxes(
  db: Db,
  actors: readonly number[],
  which: "shared" | "personal",
): Promise<InboxRow[]> {
  if (actors.length === 0) return [];
  const inbox = which === "shared" ? sql`COALESCE(a.shared_inbox, a.inbox)` : sql`a.inbox`;
  return db.all<InboxRow>(
    sql`SELECT DISTINCT o.host, h.name AS host_name, ${inbox} AS inbox
        FROM object o JOIN actor a ON a.key = o.key JOIN host h ON h.key = o.host
        WHERE o.key IN ${list(actors)} AND o.host <> ${LOCAL_HOST} AND o.held < 4 AND a.inbox IS NOT NULL`,
  );
}

/** What this owner made that is not buried yet, the oldest first; its own farewell stays, which others must still be told. */
export function findLeft(db: Db, owner: number, limit: number): Promise<{ key: number; kind: Kind }[]> {
  return db.all<{ key: number; kind: Kind }>(
    sql`SELECT key, kind FROM object WHERE owner = ${owner} AND kind IN ('object', 'activity', 'collection')
        AND deleted IS NULL AND NOT (type = 'Delete' AND COALESCE(subject, 0) = ${owner}) ORDER BY key LIMIT ${limit}`,
  );
}

/** Activities about the actor that keep it in lists of others: whoever followed it, or asked to. */
export async function findFollowsOf(
  db: Db,
  actor: number,
  types: readonly string[],
  limit: number,
): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT key FROM object WHERE subject = ${actor} AND type IN ${list(types)} AND deleted IS NULL ORDER BY key LIMIT ${limit}`,
  );
  return rows.map(({ key }) => key);
}

/** Totals of the named collections of each owner: `owner → name → total`. */
export async function findTotals(
  db: Db,
  owners: readonly number[],
  names: readonly string[],
): Promise<Map<number, Map<string, number>>> {
  const totals = new Map<number, Map<string, number>>();
  if (owners.length === 0 || names.length === 0) return totals;
  const rows = await db.all<{ owner: number; name: string; total: number }>(
    sql`SELECT owner, name, total FROM collection WHERE owner IN ${list([...new Set(owners)])} AND name IN ${list(names)}`,
  );
  for (const row of rows) {
    const named = totals.get(row.owner) ?? new Map<string, number>();
    named.set(row.name, row.total);
    totals.set(row.owner, named);
  }
  return totals;
}

/** Lists of the owner whose names begin so and that are not empty. */
export async function findListNames(db: Db, owner: number, beginning: string): Promise<string[]> {
  const rows = await db.all<{ name: string }>(
    sql`SELECT name FROM collection WHERE owner = ${owner} AND name >= ${beginning}
        AND name < ${`${beginning}\u{10ffff}`} AND total > 0`,
  );
  return rows.map(({ name }) => name);
}

/** Which of `items` are in which of the named collections of `owner`: `name → items`. */
export async function findMemberships(
  db: Db,
  owner: number,
  names: readonly string[],
  items: readonly number[],
): Promise<Map<string, Set<number>>> {
  const found = new Map<string, Set<number>>();
  if (items.length === 0 || names.length === 0) return found;
  const rows = await db.all<{ name: string; item: number }>(
    sql`SELECT c.name, m.item FROM collection c JOIN member m ON m.collection = c.key
        WHERE c.owner = ${owner} AND c.name IN ${list(names)} AND m.item IN ${list(items)}`,
  );
  for (const row of rows) {
    const set = found.get(row.name) ?? new Set<number>();
    set.add(row.item);
    found.set(row.name, set);
  }
  return found;
}

/** The origin under which people here were made, or null where there are none yet. */
export async function findOrigin(db: Db): Promise<string | null> {
  const row = await db.one<{ iri: string }>(
    sql`SELECT o.iri FROM object o WHERE o.host = ${LOCAL_HOST} AND o.kind = 'actor' LIMIT 1`,
  );
  return row && new URL(row.iri).origin;
}

/** Whether nobody lives here, or ever did: all that is here is the actor that stands for the server. */
export async function isUninhabited(db: Db): Promise<boolean> {
  const ours = await db.all(sql`SELECT o.key FROM object o WHERE o.host = ${LOCAL_HOST} LIMIT 2`);
  return ours.length < 2;
}

/** Numbers of servers never change, so what was seen once need not be asked again. About 1 MB. */
const MAX_HOSTS = 5_000;
const hostKeys = new WeakMap<Db, Lru<number>>();

/** The number of a server by its normalised name, given out on first sight. */
export async function hostKey(db: Db, name: string): Promise<number> {
  let remembered = hostKeys.get(db);
  if (!remembered) {
    remembered = createLru(MAX_HOSTS);
    hostKeys.set(db, remembered);
  }
  const key = remembered.get(name) ?? (await storedHostKey(db, name));
  remembered.set(name, key);
  return key;
}

async function storedHostKey(db: Db, name: string): Promise<number> {
  const known = await db.one<{ key: number }>(sql`SELECT key FROM host WHERE name = ${name}`);
  if (known) return known.key;
  const [rows] = await db.batch([
    sql`INSERT INTO host (name) VALUES (${name}) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING key`,
  ]);
  return Number(rows?.[0]?.key);
}
