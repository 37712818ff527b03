/** The SQL of the core's writes: statements that a caller batches. */
import { Problem } from "../lib/problem.ts";
import { expecting, holding, list, raw, type Sql, sql } from "../lib/sql.ts";
import { hasChanged } from "./as-read.ts";
import { refused } from "./behaviour.ts";
import type { AsRead, Ref } from "./effects.ts";
import { HELD, HELD_BY_OWNER, type Kind, LOCAL_HOST, VISIBILITIES, type VisibilityName } from "./entity.ts";
import type { AsObject } from "./object.ts";
import { IN_GROUP } from "./store-visibility.ts";
import { toStored } from "./stored.ts";
import { type Earlier, MAX_VERSIONS } from "./versions.ts";

/** The key of a row, as SQL: known already, or looked up when the statement runs. */
export const keyOf = (ref: Ref): Sql =>
  typeof ref === "number" ? sql`${ref}` : sql`(SELECT key FROM object WHERE iri = ${ref.iri})`;

export const visibilityNumber = (name: VisibilityName): number => VISIBILITIES.indexOf(name);

export interface NewObject {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly kind: Kind;
  readonly type: string;
  readonly owner: Ref | null;
  /** The owner's address, where it is at hand: the document need not repeat it then. */
  readonly ownerIri?: string | null;
  readonly subject: Ref | null;
  readonly visibility: VisibilityName;
  readonly document: AsObject;
  readonly updatedMs: number | null;
  readonly fetchedMs: number | null;
}

const documentOf = ({ ownerIri = null, ...object }: NewObject): string =>
  toStored(object.document, { ...object, ownerIri }, object.subject !== null);

/** A new row; or the document of one known by its address only. A row that has a document is a conflict. */
export const insertObject = (object: NewObject): Sql =>
  sql`INSERT INTO object (key, iri, host, kind, type, owner, subject, visibility, document, updated, fetched, held)
      VALUES (${object.key}, ${object.iri}, ${object.host}, ${object.kind}, ${object.type},
        ${object.owner === null ? raw("NULL") : keyOf(object.owner)},
        ${object.subject === null ? raw("NULL") : keyOf(object.subject)},
        ${visibilityNumber(object.visibility)},
        ${documentOf(object)}, ${object.updatedMs}, ${object.fetchedMs}, ${heldWith(object.owner)})`;

/** What is decided about its owner holds for whatever they make. */
const heldWith = (owner: Ref | null): Sql =>
  owner === null
    ? raw("0")
    : sql`COALESCE((SELECT w.held & ${HELD_BY_OWNER} FROM object w WHERE w.key = ${keyOf(owner)}), 0)`;

/** One row's own bits: those of `bits` are set, and those of `not` go. What the row's owner made takes them over by a job. */
export const hold = (row: Ref, bits: number, not = 0): Sql =>
  sql`UPDATE object SET held = (held | ${bits}) & ${(HELD_BY_OWNER | HELD.hidden) - not} WHERE key = ${keyOf(row)}`;

/** Fills a row that so far was an address only; touches nothing where somebody was quicker. */
export const fillObject = (object: NewObject): Sql =>
  sql`UPDATE object SET kind = ${object.kind}, type = ${object.type},
        owner = ${object.owner === null ? raw("NULL") : keyOf(object.owner)},
        subject = ${object.subject === null ? raw("NULL") : keyOf(object.subject)},
        visibility = ${visibilityNumber(object.visibility)},
        document = ${documentOf(object)},
        updated = ${object.updatedMs}, fetched = ${object.fetchedMs}, held = held | ${heldWith(object.owner)}
      WHERE key = ${object.key} AND document IS NULL`;

/** Makes an address known, so that it has a key; nothing where it is. */
export const insertAddress = (key: number, iri: string, host: number): Sql =>
  sql`INSERT INTO object (key, iri, host) VALUES (${key}, ${iri}, ${host}) ON CONFLICT (iri) DO NOTHING`;

export function updateObject(
  key: number,
  document: AsObject,
  changes: {
    type: string;
    visibility: VisibilityName | null;
    updatedMs: number;
    fetchedMs: number | null;
    hasSubject: boolean;
    /** Fails the batch (`hasChanged`) where the row has another text, type or other times by now, or is buried. */
    asRead?: AsRead;
  },
): Sql {
  const { asRead } = changes;
  const asItWas = asRead
    ? sql`AND document = ${asRead.stored} AND COALESCE(type, '') = ${asRead.type ?? ""}
        AND COALESCE(updated, 0) = ${asRead.updatedMs ?? 0} AND COALESCE(fetched, 0) = ${asRead.fetchedMs ?? 0}`
    : raw("");
  const statement = sql`UPDATE object SET document = ${toStored(document, changedRow(key, changes.type), changes.hasSubject)}, type = ${changes.type},
        visibility = COALESCE(${changes.visibility === null ? null : visibilityNumber(changes.visibility)}, visibility),
        updated = ${changes.updatedMs}, fetched = COALESCE(${changes.fetchedMs}, fetched)
      WHERE key = ${key} AND deleted IS NULL ${asItWas}`;
  return asRead ? expecting(1, statement, hasChanged) : statement;
}

const changedRow = (key: number, type: string) => ({ key, iri: "", kind: null, type, ownerIri: null });

/** The text goes; address, type and times stay (AS2 Tombstone). */
export const buryObject = (key: number, atMs: number): Sql =>
  sql`UPDATE object SET document = '{}', deleted = ${atMs} WHERE key = ${key} AND deleted IS NULL`;

/** A version that was edited away, and none but the newest of them. */
export const keepVersion = (key: number, object: number, earlier: Earlier): readonly Sql[] => [
  sql`INSERT INTO version (key, object, made, document) VALUES (${key}, ${object}, ${earlier.madeMs}, ${earlier.json})`,
  sql`DELETE FROM version WHERE object = ${object} AND key NOT IN
      (SELECT key FROM version WHERE object = ${object} ORDER BY key DESC LIMIT ${MAX_VERSIONS})`,
];

/** What is deleted was never said. */
export const dropVersions = (object: number): Sql => sql`DELETE FROM version WHERE object = ${object}`;

export const upsertActor = (
  key: Ref,
  actor: { handle: string | null; inbox: string | null; sharedInbox: string | null },
): Sql =>
  sql`INSERT INTO actor (key, handle, inbox, shared_inbox)
      VALUES (${keyOf(key)}, ${actor.handle}, ${actor.inbox}, ${actor.sharedInbox})
      ON CONFLICT (key) DO UPDATE SET handle = COALESCE(excluded.handle, actor.handle),
        inbox = excluded.inbox, shared_inbox = excluded.shared_inbox`;

export const insertActorKey = (
  actor: number,
  iri: string,
  pair: { kind: string; publicPem: string; privatePem: string },
  nowMs: number,
): Sql =>
  sql`INSERT INTO actor_key (actor, kind, iri, public_pem, private_pem, created)
      VALUES (${actor}, ${pair.kind}, ${iri}, ${pair.publicPem}, ${pair.privatePem}, ${nowMs})`;

/** A handle that moved to another actor (a server set up anew) leaves the old one. */
export const releaseHandle = (handle: string, exceptKey: Ref): Sql =>
  sql`UPDATE actor SET handle = NULL WHERE handle = ${handle} AND key <> ${keyOf(exceptKey)}`;

const collectionKey = (owner: Ref, name: string) =>
  sql`(SELECT key FROM collection WHERE owner = ${keyOf(owner)} AND name = ${name})`;

/** The collection's row, made if missing and locked until the batch ends, so that its total stays true. */
export const ensureCollection = (owner: Ref, name: string): Sql =>
  sql`INSERT INTO collection (owner, name) VALUES (${keyOf(owner)}, ${name})
      ON CONFLICT (owner, name) DO UPDATE SET total = collection.total`;

/**
 * An item joins a collection once, and is counted once; needs `ensureCollection` before it in the batch. With
 * `elseRefused` the batch fails for that reason where the item is in it.
 */
export function addMember(
  owner: Ref,
  name: string,
  item: Ref,
  cause: Ref | null,
  elseRefused?: string,
): readonly Sql[] {
  const added = sql`INSERT INTO member (collection, item, cause)
      VALUES (${collectionKey(owner, name)}, ${keyOf(item)}, ${cause === null ? raw("NULL") : keyOf(cause)})
      ON CONFLICT (collection, item) DO NOTHING`;
  return [
    sql`UPDATE collection SET total = total + 1 WHERE owner = ${keyOf(owner)} AND name = ${name}
      AND NOT EXISTS (SELECT 1 FROM member WHERE collection = collection.key AND item = ${keyOf(item)})`,
    elseRefused === undefined ? added : expecting(1, added, () => refused(elseRefused)),
  ];
}

/** After `addMember` in the batch, which it fails where more than `most` are in the collection now. */
export const requireRoom = (
  owner: Ref,
  name: string,
  { most, elseRefused }: { readonly most: number; readonly elseRefused: string },
): Sql => expecting(1, hasRoom(owner, name, most), () => refused(elseRefused));

/** Touches one row where no more than `most` are in the collection; waits for whoever adds to it at the same time. */
export const hasRoom = (owner: Ref, name: string, most: number): Sql =>
  sql`UPDATE collection SET total = total WHERE owner = ${keyOf(owner)} AND name = ${name} AND total <= ${most}`;

/**
 * Holds the collections of which `which` is true, in one order for all: of batches that take the same out at once the
 * second sees that it is gone. Without it the second would look at what was there when it began to wait for the first,
 * and take it from the total again.
 */
export const holdCollections = (which: Sql): Sql =>
  holding(sql`SELECT key FROM collection WHERE ${which} ORDER BY key`);

export const dropMember = (owner: Ref, name: string, item: Ref): readonly Sql[] => [
  holdCollections(sql`owner = ${keyOf(owner)} AND name = ${name}`),
  sql`UPDATE collection SET total = total - 1 WHERE owner = ${keyOf(owner)} AND name = ${name}
      AND EXISTS (SELECT 1 FROM member WHERE collection = collection.key AND item = ${keyOf(item)})`,
  sql`DELETE FROM member WHERE collection = ${collectionKey(owner, name)} AND item = ${keyOf(item)}`,
];

/** Everything that the causes keep anywhere leaves, and is uncounted. */
export const releaseCauses = (causes: readonly number[]): readonly Sql[] => [
  holdCollections(sql`key IN (SELECT collection FROM member WHERE cause IN ${list(causes)})`),
  sql`UPDATE collection SET total = total - (SELECT count(*) FROM member
        WHERE collection = collection.key AND cause IN ${list(causes)})
      WHERE key IN (SELECT collection FROM member WHERE cause IN ${list(causes)})`,
  sql`DELETE FROM member WHERE cause IN ${list(causes)}`,
  // Whoever follows no longer follows on no terms; of anything else there are none.
  sql`DELETE FROM follow_terms WHERE (actor, followed) IN
      (SELECT owner, subject FROM object WHERE key IN ${list(causes)} AND type = 'Follow')`,
];

export const releaseCause = (cause: number): readonly Sql[] => releaseCauses([cause]);

/** One line in one lane; lanes are feeds and are not counted. */
export const addToLane = (owner: number, lane: string, item: number): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT key, CAST(${item} AS BIGINT) FROM collection WHERE owner = ${owner} AND name = ${lane}
      ON CONFLICT (collection, item) DO NOTHING`;

/** One line in the lane of every local member of the collection, in one statement. */
export const fanOut = (owner: number, name: string, lane: string, item: number): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT theirs.key, CAST(${item} AS BIGINT) FROM collection c JOIN member m ON m.collection = c.key
      JOIN collection theirs ON theirs.owner = m.item AND theirs.name = ${lane}
      WHERE c.owner = ${owner} AND c.name = ${name}
      ON CONFLICT (collection, item) DO NOTHING`;

/** The link from what was done in the name of a group to the person who did it. */
export const DONE_BY = "by";

/** The lane of a group in which everything stands that people did in its name. */
export const RECORD = "record";

/** Of batches that begin with it for one actor each sees what the one before has left: for limits that are counted. */
export const holdActor = (key: number): Sql => holding(sql`SELECT key FROM object WHERE key = ${key}`);

/** The same for limits that hold for the whole server. */
export const holdServer = (): Sql => holding(sql`SELECT key FROM host WHERE key = ${LOCAL_HOST}`);

/** The text of an activity from elsewhere, kept as it came while it is passed on. */
export const keepText = (activity: number, body: string, nowMs: number): Sql =>
  sql`INSERT INTO passed_on (activity, body, kept) VALUES (${activity}, ${body}, ${nowMs})
      ON CONFLICT (activity) DO NOTHING`;

/** The line leaves the lanes of the local members of the collection, in one statement; its owner's own line stays. */
export const recall = (owner: number, name: string, lane: string, item: number): Sql =>
  sql`DELETE FROM member WHERE item = ${item} AND collection IN (
        SELECT theirs.key FROM collection c JOIN member m ON m.collection = c.key
        JOIN collection theirs ON theirs.owner = m.item AND theirs.name = ${lane}
        WHERE c.owner = ${owner} AND c.name = ${name}
          AND theirs.owner <> COALESCE((SELECT owner FROM object WHERE key = ${item}), 0))`;

/** Whatever `owner` has said in the group goes from it, also from its top, into its list of what was removed, because of `cause`. */
export function takeOutAll(group: number, owner: number, cause: number): readonly Sql[] {
  const said = sql`SELECT l.source FROM link l JOIN object o ON o.key = l.source
    WHERE l.target = ${group} AND l.property = ${IN_GROUP} AND o.owner = ${owner}`;
  const posts = collectionKey(group, "posts");
  const removed = collectionKey(group, "removed");
  const counted = (name: string) =>
    sql`UPDATE collection SET total = (SELECT count(*) FROM member WHERE collection = collection.key)
        WHERE owner = ${group} AND name = ${name}`;
  return [
    ensureCollection(group, "removed"),
    ensureCollection(group, "posts"),
    ensureCollection(group, "featured"),
    sql`INSERT INTO member (collection, item, cause)
        SELECT ${removed}, s.source, CAST(${cause} AS BIGINT) FROM (${said}) s
        JOIN object t ON t.key = s.source WHERE t.kind = 'object' ON CONFLICT (collection, item) DO NOTHING`,
    sql`DELETE FROM member WHERE collection IN (SELECT theirs.key FROM collection c
          JOIN member m ON m.collection = c.key JOIN collection theirs ON theirs.owner = m.item AND theirs.name = ${LANES.home}
          WHERE c.owner = ${group} AND c.name = 'followers')
        AND item IN (SELECT p.item FROM member p JOIN object a ON a.key = p.item
          WHERE p.collection = ${posts} AND a.owner = ${owner})`,
    sql`DELETE FROM member WHERE collection = ${posts}
        AND item IN (SELECT a.key FROM object a WHERE a.owner = ${owner} AND a.kind = 'activity')`,
    sql`DELETE FROM member WHERE collection = ${collectionKey(group, "featured")}
        AND item IN (SELECT s.source FROM (${said}) s)`,
    sql`DELETE FROM link WHERE target = ${group} AND property = ${IN_GROUP}
        AND source IN (SELECT o.key FROM object o WHERE o.owner = ${owner})`,
    counted("removed"),
    counted("posts"),
    counted("featured"),
  ];
}

export const dropLink = (source: Ref, property: string, target: Ref): Sql =>
  sql`DELETE FROM link WHERE target = ${keyOf(target)} AND property = ${property} AND source = ${keyOf(source)}`;

export const insertLink = (source: Ref, property: string, target: Ref): Sql =>
  sql`INSERT INTO link (target, property, source)
      VALUES (${keyOf(target)}, ${property}, ${keyOf(source)}) ON CONFLICT (target, property, source) DO NOTHING`;

export const insertFact = (source: Ref, property: string, value: string): Sql =>
  sql`INSERT INTO fact (property, value, source)
      VALUES (${property}, ${value}, ${keyOf(source)}) ON CONFLICT (property, value, source) DO NOTHING`;

/** Before the new ones of a changed document are written. What no document says stays: addressing, groups, who did it. */
export const clearIndex = (source: number): readonly Sql[] => [
  sql`DELETE FROM link WHERE source = ${source} AND property NOT IN ('audience', 'group', 'by')`,
  sql`DELETE FROM fact WHERE source = ${source}`,
];

/** The lists of an actor that is gone for good are empty. */
export const emptyLists = (actor: number): readonly Sql[] => [
  holdCollections(sql`owner = ${actor}`),
  sql`DELETE FROM member WHERE collection IN (SELECT key FROM collection WHERE owner = ${actor})`,
  sql`UPDATE collection SET total = 0 WHERE owner = ${actor}`,
];

/** `matter` is the key of a row of another table that it is about, 0 for none. */
export const insertNotice = (key: number, actor: number, kind: string, activity: number, matter = 0): Sql =>
  sql`INSERT INTO notice (key, actor, kind, activity, matter)
      VALUES (${key}, ${actor}, ${kind}, ${activity}, ${matter})
      ON CONFLICT (actor, activity, kind, matter) DO NOTHING`;

/** Whatever somebody was told who is gone for good. */
export const dropNoticesOf = (actor: number): Sql => sql`DELETE FROM notice WHERE actor = ${actor}`;

export const dropNotices = (activity: number): Sql => sql`DELETE FROM notice WHERE activity = ${activity}`;

/**
 * A request (its Follow or Join) was let in: whoever is followed by it now reads so, and moderators who were told of it
 * have nothing left to answer.
 */
export const settleRequest = (activity: number, followed: number): readonly Sql[] => [
  sql`UPDATE notice SET kind = 'follow' WHERE activity = ${activity} AND actor = ${followed} AND kind = 'follow-request'`,
  sql`DELETE FROM notice WHERE activity = ${activity} AND kind = 'follow-request'`,
];

/** Feeds of people here: posts and shares of those they follow, and everything else that reaches them. */
export const LANES = { home: "home", inbox: "inbox" } as const;

/** Takes back the making of the one actor here, to whom nothing refers yet; as a whole, or not at all. */
export const unmakeOnlyActor = (iri: string): readonly Sql[] => {
  const key = sql`(SELECT key FROM object WHERE iri = ${iri})`;
  return [
    sql`DELETE FROM actor_key WHERE actor = ${key}`,
    sql`DELETE FROM collection WHERE owner = ${key}`,
    sql`DELETE FROM actor WHERE key = ${key}`,
    expecting(
      1,
      sql`DELETE FROM object WHERE iri = ${iri}
          AND NOT EXISTS (SELECT 1 FROM object o WHERE o.host = ${LOCAL_HOST} AND o.iri <> ${iri})`,
      () => new Problem("conflict", "Somebody was made here at the same moment. Start again."),
    ),
  ];
};
