/** The SQL of notices, and of how far somebody has read them. */
import { isHostShown, visibleTo } from "../core/store-visibility.ts";
import { has, list, raw, type Sql, sql } from "../lib/sql.ts";
import type { PolicyAspect } from "../moderation/notice-policy.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { statement, statementFor } from "./store-statement.ts";

export interface NoticeRow {
  readonly key: number;
  readonly kind: string;
  /** Who did it. */
  readonly actor: number;
  readonly activity: number;
  /** The type of the activity. */
  readonly type: string | null;
  readonly subject: number | null;
  readonly subject_kind: string | null;
  /** Key of the row of another table that it is about; 0 for none. */
  readonly matter: number;
  /** 1 unless it was undone, or the viewer wants to hear nothing of that person. */
  readonly shown: number;
  /** What the viewer's policy says of its sender: 0 accept, 1 filter, 2 drop. */
  readonly policy: number;
}

/** What the viewer's policy does with each kind of senders: 0 accept, 1 filter, 2 drop. */
export type PolicyNumbers = Readonly<Record<PolicyAspect, number>> & {
  /** Actors with a greater key are new. */
  readonly newSince: number;
};

type Given = PolicyNumbers & { readonly owner: number };
type Holes = { readonly [K in keyof Given]: number };

/** Who did it: an actor that is told about itself, or whose the activity is. */
const ACTOR = raw("CASE WHEN a.kind = 'actor' THEN a.key ELSE a.owner END");

const isIn = (viewer: number, name: string): Sql =>
  has(sql`FROM member h WHERE h.item = a.owner AND h.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${raw(`'${name}'`)})`);

/** Muted, and not only in feeds. */
const isMuted = (viewer: number): Sql =>
  has(sql`FROM member h WHERE h.item = a.owner AND h.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'muted')
    AND NOT ${has(raw("FROM mute u WHERE u.activity = h.cause AND u.notices = 0"))}`);

/** What the server itself says: no taste of the person's own keeps it away. */
const IS_OFFICIAL = raw("n.kind IN ('severed', 'decision', 'sign-up', 'report')");

/** Of what the viewer may not see not even that it is there is told: who answers in a private group, or writes to others. */
const isSeen = (viewer: number): Sql =>
  sql`(s.key IS NULL OR s.kind NOT IN ('object', 'collection') OR s.owner = ${viewer} OR s.visibility <= 1
    OR (${visibleTo(viewer, "s")}))`;

/** Where the blocked and muted move to is heard by whom they avoid. */
const isWanted = (viewer: number): Sql =>
  sql`a.deleted IS NULL AND (a.owner IS NOT NULL OR a.kind = 'actor') AND a.held < 4 AND ${isHostShown("a")}
    AND (${IS_OFFICIAL} OR (${isSeen(viewer)} AND (n.kind = 'moved' OR (NOT ${isIn(viewer, "blocked")} AND NOT ${isMuted(viewer)}))
      AND NOT ${has(sql`FROM avoided_host v WHERE v.actor = ${viewer} AND v.host = a.host`)}))`;

/** Nobody's policy is asked about what the server says, what one asked for, and what one does oneself. */
const isExempt = (viewer: number): Sql =>
  sql`(${IS_OFFICIAL} OR n.kind IN ('poll', 'moved', 'edit', 'follow-accepted', 'post') OR a.owner = ${viewer}
    OR ${has(sql`FROM notice_sender d WHERE d.actor = ${viewer} AND d.sender = a.owner AND d.state = 'accepted'`)})`;

/**
 * Whether an aspect of the policy that is this strict applies. The choice is asked first: most are `accept`. Whoever asks
 * to follow from a limited server waits for an answer, and is told.
 */
const falls = (given: Holes, strictness: number): Sql => {
  const { owner } = given;
  const at = raw(String(strictness));
  return sql`((${given.limitedAccounts} = ${at}
        AND (a.held >= 2 OR (n.kind <> 'follow-request' AND a.host IN (SELECT host FROM limited_host))) AND NOT ${isIn(owner, "following")})
      OR (${given.privateMentions} = ${at} AND n.kind = 'mention' AND s.visibility = 3)
      OR (${given.newAccounts} = ${at} AND a.owner > ${given.newSince})
      OR (${given.notFollowers} = ${at} AND NOT ${isIn(owner, "followers")})
      OR (${given.notFollowing} = ${at} AND NOT ${isIn(owner, "following")}))`;
};

const policyOf = (given: Holes): Sql =>
  sql`CASE WHEN ${isExempt(given.owner)} THEN 0 WHEN ${falls(given, 2)} THEN 2 WHEN ${falls(given, 1)} THEN 1 ELSE 0 END`;

/** What an activity is about; a poll that has ended tells of itself. */
const SUBJECT = raw("CASE WHEN a.kind = 'object' THEN a.key ELSE a.subject END");

const columns = (given: Holes): Sql =>
  sql`n.key, n.kind, n.matter, ${ACTOR} AS actor, a.key AS activity, a.type, ${SUBJECT} AS subject,
    s.kind AS subject_kind, CASE WHEN ${isWanted(given.owner)} THEN 1 ELSE 0 END AS shown, ${policyOf(given)} AS policy`;

const TABLES = sql`notice n JOIN object a ON a.key = n.activity LEFT JOIN object s ON s.key = ${SUBJECT}`;

type Reading = Given & {
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  readonly kinds: readonly string[];
};

const reading = (order: Sql, isByKind: boolean) =>
  statement<Reading>((hole) => {
    const kinds = isByKind ? sql`AND n.kind IN ${hole.kinds}` : raw("");
    return sql`SELECT ${columns(hole as unknown as Holes)} FROM ${TABLES}
      WHERE n.actor = ${hole.owner} AND n.key < ${hole.before} AND n.key > ${hole.after} ${kinds}
      ORDER BY n.key ${order} LIMIT ${hole.limit}`;
  });

const readings = {
  ASC: { all: reading(raw("ASC"), false), some: reading(raw("ASC"), true) },
  DESC: { all: reading(raw("DESC"), false), some: reading(raw("DESC"), true) },
};

/** `kinds` are those wanted; all where it is null. */
export function findNotices(
  db: Db,
  viewer: number,
  policy: PolicyNumbers,
  range: Range,
  kinds: readonly string[] | null = null,
): Promise<NoticeRow[]> {
  if (kinds?.length === 0) return Promise.resolve([]);
  const { before, after, limit, order } = range;
  const given = { ...policy, owner: viewer, before, after, limit, kinds: kinds ?? [] };
  return db.all<NoticeRow>(readings[order][kinds === null ? "all" : "some"](given));
}

/** What few notices are is asked first: of ten thousand most are told. */
const keptBack = statement<Given & { readonly limit: number; readonly among: number }>((hole) => {
  const given = hole as unknown as Holes;
  return sql`SELECT ${columns(given)} FROM
      (SELECT x.key, x.actor, x.kind, x.matter, x.activity FROM notice x WHERE x.actor = ${hole.owner}
       ORDER BY x.key DESC LIMIT ${hole.among}) n
    JOIN object a ON a.key = n.activity LEFT JOIN object s ON s.key = ${SUBJECT}
    WHERE ${falls(given, 1)} AND NOT ${falls(given, 2)} AND NOT ${isExempt(hole.owner)} AND ${isWanted(hole.owner)}
    ORDER BY n.key DESC LIMIT ${hole.limit}`;
});

/** The newest `limit` of those that the policy keeps back, among the newest so many of all. */
export const findKeptBack = (
  db: Db,
  viewer: number,
  policy: PolicyNumbers,
  { limit, among }: { readonly limit: number; readonly among: number },
): Promise<NoticeRow[]> => db.all<NoticeRow>(keptBack({ ...policy, owner: viewer, limit, among }));

const byKeys = statement<Given & { readonly keys: readonly number[] }>(
  (hole) => sql`SELECT ${columns(hole as unknown as Holes)} FROM ${TABLES}
    WHERE n.actor = ${hole.owner} AND n.key IN ${hole.keys} ORDER BY n.key DESC`,
);

/** Those of these notices that are the viewer's. */
export const findNoticesByKeys = (
  db: Db,
  viewer: number,
  policy: PolicyNumbers,
  keys: readonly number[],
): Promise<NoticeRow[]> =>
  keys.length === 0 ? Promise.resolve([]) : db.all<NoticeRow>(byKeys({ ...policy, owner: viewer, keys }));

const unread = statement<Given & { readonly after: number; readonly cap: number }>(
  (hole) => sql`SELECT count(*) AS unread FROM
      (SELECT x.activity, x.kind FROM notice x WHERE x.actor = ${hole.owner} AND x.key > ${hole.after}
       ORDER BY x.key DESC LIMIT ${hole.cap}) n
    JOIN object a ON a.key = n.activity LEFT JOIN object s ON s.key = ${SUBJECT}
    WHERE ${isWanted(hole.owner)} AND ${policyOf(hole as unknown as Holes)} = 0`,
);

/** How many of the newest `cap` notices after that key are wanted, whatever they say. */
export async function countUnread(
  db: Db,
  viewer: number,
  policy: PolicyNumbers,
  after: number,
  cap: number,
): Promise<number> {
  const row = await db.one<{ unread: number }>(unread({ ...policy, owner: viewer, after, cap }));
  return row?.unread ?? 0;
}

export const dropNotices = (viewer: number, keys: readonly number[]): Sql =>
  sql`DELETE FROM notice WHERE actor = ${viewer} AND key IN ${list(keys)}`;

export const dropNoticesUpTo = (viewer: number, key: number): Sql =>
  sql`DELETE FROM notice WHERE actor = ${viewer} AND key <= ${key}`;

const mutedThreads = statementFor<{ owner: number; limit: number }>(
  ({ owner, limit }) => sql`SELECT m.item FROM member m WHERE m.collection =
    (SELECT key FROM collection WHERE owner = ${owner} AND name = 'muted-threads') LIMIT ${limit}`,
);

/** The first words of conversations of which the viewer wants to hear nothing more. */
export async function findMutedThreads(db: Db, viewer: number, limit: number): Promise<Set<number>> {
  const rows = await db.all<{ item: number }>(mutedThreads({ owner: viewer, limit }, null));
  return new Set(rows.map(({ item }) => item));
}

export interface MarkerRow {
  readonly name: string;
  readonly position: number;
  readonly version: number;
  /** When it was moved last; 0 for those that were moved before that was written down. */
  readonly moved: number;
}

const markers = statement<{ viewer: number; names: readonly string[] }>(
  ({ viewer, names }) =>
    sql`SELECT name, position, version, moved FROM marker WHERE actor = ${viewer} AND name IN ${names}`,
);

export const findMarkers = (db: Db, viewer: number, names: readonly string[]): Promise<MarkerRow[]> =>
  names.length === 0 ? Promise.resolve([]) : db.all<MarkerRow>(markers({ viewer, names }));

/** Up to where somebody has read a list; -1 where never. */
export async function findMarker(db: Db, viewer: number, name: string): Promise<number> {
  return (await findMarkers(db, viewer, [name]))[0]?.position ?? -1;
}

/** Moves the marker on, never back. */
export const moveMarker = (viewer: number, name: string, position: number, nowMs: number): Sql =>
  sql`INSERT INTO marker (actor, name, position, moved) VALUES (${viewer}, ${name}, ${position}, ${nowMs})
      ON CONFLICT (actor, name) DO UPDATE SET position = excluded.position, moved = excluded.moved,
        version = marker.version + 1
      WHERE excluded.position > marker.position`;

/** Puts the marker where it is wanted, unless it was moved since that version; touches no row then. */
export const putMarker = (
  viewer: number,
  name: string,
  position: number,
  version: number | null,
  nowMs: number,
): Sql =>
  sql`INSERT INTO marker (actor, name, position, moved) VALUES (${viewer}, ${name}, ${position}, ${nowMs})
      ON CONFLICT (actor, name) DO UPDATE SET position = excluded.position, moved = excluded.moved,
        version = marker.version + 1
      WHERE COALESCE(CAST(${version} AS BIGINT), marker.version) = marker.version
      RETURNING name`;
