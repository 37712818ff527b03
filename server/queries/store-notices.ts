/** The SQL of notices, and of how far somebody has read them. */
import { isHostShown } from "../core/store-visibility.ts";
import { has, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { ranged, statement } from "./store-statement.ts";

export interface NoticeRow {
  readonly key: number;
  readonly kind: string;
  /** Who did it. */
  readonly actor: number;
  /** The type of the activity. */
  readonly type: string | null;
  readonly subject: number | null;
  readonly subject_kind: string | null;
  /** 1 unless it was undone, or the viewer wants to hear nothing of that person. */
  readonly shown: number;
}

const isIn = (viewer: number, name: string): Sql =>
  has(sql`FROM member h WHERE h.item = a.owner AND h.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${raw(`'${name}'`)})`);

/** Muted, and not only in feeds. */
const isMuted = (viewer: number): Sql =>
  has(sql`FROM member h WHERE h.item = a.owner AND h.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'muted')
    AND NOT ${has(raw("FROM mute u WHERE u.activity = h.cause AND u.notices = 0"))}`);

/** Those who are limited are heard by those who follow them; where the blocked and muted move to, by whom they avoid. */
const isWanted = (viewer: number): Sql =>
  sql`a.deleted IS NULL AND a.owner IS NOT NULL AND ${isHostShown("a")}
    AND (a.held < 2 OR (a.held < 4 AND ${isIn(viewer, "following")}))
    AND (n.kind = 'moved' OR (NOT ${isIn(viewer, "blocked")} AND NOT ${isMuted(viewer)}))
    AND NOT ${has(sql`FROM avoided_host v WHERE v.actor = ${viewer} AND v.host = a.host`)}`;

/** What an activity is about; a poll that has ended tells of itself. */
const SUBJECT = raw("CASE WHEN a.kind = 'object' THEN a.key ELSE a.subject END");

const notices = ranged<{ owner: number }>(
  (
    { owner, before, after, limit },
    _,
    order,
  ) => sql`SELECT n.key, n.kind, a.owner AS actor, a.type, ${SUBJECT} AS subject,
      s.kind AS subject_kind, CASE WHEN ${isWanted(owner)} THEN 1 ELSE 0 END AS shown
    FROM notice n JOIN object a ON a.key = n.activity LEFT JOIN object s ON s.key = ${SUBJECT}
    WHERE n.actor = ${owner} AND n.key < ${before} AND n.key > ${after}
    ORDER BY n.key ${order} LIMIT ${limit}`,
);

export const findNotices = (db: Db, viewer: number, range: Range): Promise<NoticeRow[]> =>
  db.all<NoticeRow>(notices({ owner: viewer }, range, null));

const unread = statement<{ viewer: number; after: number; cap: number }>(
  ({ viewer, after, cap }) => sql`SELECT count(*) AS unread FROM
      (SELECT n.activity, n.kind FROM notice n WHERE n.actor = ${viewer} AND n.key > ${after} ORDER BY n.key DESC LIMIT ${cap}) n
    JOIN object a ON a.key = n.activity WHERE ${isWanted(viewer)}`,
);

/** How many of the newest `cap` notices after that key are wanted. */
export async function countUnread(db: Db, viewer: number, after: number, cap: number): Promise<number> {
  return (await db.one<{ unread: number }>(unread({ viewer, after, cap })))?.unread ?? 0;
}

const mutedThreads = statement<{ viewer: number; limit: number }>(
  ({ viewer, limit }) => sql`SELECT m.item FROM member m WHERE m.collection =
    (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'muted-threads') LIMIT ${limit}`,
);

/** The first words of conversations of which the viewer wants to hear nothing more. */
export async function findMutedThreads(db: Db, viewer: number, limit: number): Promise<Set<number>> {
  return new Set((await db.all<{ item: number }>(mutedThreads({ viewer, limit }))).map(({ item }) => item));
}

const marker = statement<{ viewer: number; name: string }>(
  ({ viewer, name }) => sql`SELECT position FROM marker WHERE actor = ${viewer} AND name = ${name}`,
);

/** Up to where somebody has read a list; -1 where never. */
export async function findMarker(db: Db, viewer: number, name: string): Promise<number> {
  return (await db.one<{ position: number }>(marker({ viewer, name })))?.position ?? -1;
}

/** Moves the marker on, never back. */
export const moveMarker = (viewer: number, name: string, position: number): Sql =>
  sql`INSERT INTO marker (actor, name, position) VALUES (${viewer}, ${name}, ${position})
      ON CONFLICT (actor, name) DO UPDATE SET position = excluded.position
      WHERE excluded.position > marker.position`;
