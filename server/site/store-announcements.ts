/** The SQL of announcements, who has read them, and reactions to them. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface AnnouncementRow {
  readonly key: number;
  readonly text: string;
  readonly starts: number | null;
  readonly ends: number | null;
  readonly all_day: number;
  readonly published: number;
  readonly updated: number;
}

const COLUMNS = sql`key, text, starts, ends, all_day, published, updated`;

export const findAll = (db: Db, limit: number): Promise<AnnouncementRow[]> =>
  db.all<AnnouncementRow>(
    sql`SELECT ${COLUMNS} FROM announcement ORDER BY published DESC, key DESC LIMIT ${limit}`,
  );

/** Those that are not over. */
export const findCurrent = (db: Db, nowMs: number, limit: number): Promise<AnnouncementRow[]> =>
  db.all<AnnouncementRow>(
    sql`SELECT ${COLUMNS} FROM announcement WHERE ends IS NULL OR ends > ${nowMs}
        ORDER BY published DESC, key DESC LIMIT ${limit}`,
  );

export const findAnnouncement = (db: Db, key: number): Promise<AnnouncementRow | null> =>
  db.one<AnnouncementRow>(sql`SELECT ${COLUMNS} FROM announcement WHERE key = ${key}`);

export const insertAnnouncement = (row: AnnouncementRow): Sql =>
  sql`INSERT INTO announcement (key, text, starts, ends, all_day, published, updated)
      VALUES (${row.key}, ${row.text}, ${row.starts}, ${row.ends}, ${row.all_day}, ${row.published}, ${row.updated})`;

/** Touches its row while it is one of no more than `most`. */
export const isWithinAnnouncements = (key: number, most: number): Sql =>
  sql`UPDATE announcement SET updated = updated WHERE key = ${key} AND (SELECT count(*) FROM announcement) <= ${most}`;

export const updateAnnouncement = (row: AnnouncementRow): Sql =>
  sql`UPDATE announcement SET text = ${row.text}, starts = ${row.starts}, ends = ${row.ends},
        all_day = ${row.all_day}, updated = ${row.updated} WHERE key = ${row.key}`;

export const deleteAnnouncement = (key: number): readonly Sql[] => [
  sql`DELETE FROM announcement_read WHERE announcement = ${key}`,
  sql`DELETE FROM announcement_reaction WHERE announcement = ${key}`,
  sql`DELETE FROM announcement WHERE key = ${key}`,
];

export async function findRead(db: Db, actor: number, keys: readonly number[]): Promise<Set<number>> {
  if (keys.length === 0) return new Set();
  const rows = await db.all<{ announcement: number }>(
    sql`SELECT announcement FROM announcement_read WHERE actor = ${actor} AND announcement IN ${list(keys)}`,
  );
  return new Set(rows.map(({ announcement }) => announcement));
}

export const insertRead = (key: number, actor: number): Sql =>
  sql`INSERT INTO announcement_read (announcement, actor) VALUES (${key}, ${actor})
      ON CONFLICT (announcement, actor) DO NOTHING`;

export interface ReactionCount {
  readonly announcement: number;
  readonly emoji: string;
  readonly many: number;
  readonly mine: number;
}

export async function findReactions(
  db: Db,
  actor: number,
  keys: readonly number[],
): Promise<ReactionCount[]> {
  if (keys.length === 0) return [];
  const rows = await db.all<ReactionCount>(
    sql`SELECT announcement, emoji, count(*) AS many, SUM(CASE WHEN actor = ${actor} THEN 1 ELSE 0 END) AS mine
        FROM announcement_reaction WHERE announcement IN ${list(keys)} GROUP BY announcement, emoji
        ORDER BY announcement, emoji`,
  );
  return rows.map((row) => ({ ...row, many: Number(row.many), mine: Number(row.mine) }));
}

/** Nobody else reacts to it until the batch ends. */
export const lockAnnouncement = (key: number): Sql =>
  sql`UPDATE announcement SET updated = updated WHERE key = ${key}`;

export const insertReaction = (key: number, emoji: string, actor: number): Sql =>
  sql`INSERT INTO announcement_reaction (announcement, emoji, actor) VALUES (${key}, ${emoji}, ${actor})
      ON CONFLICT (announcement, emoji, actor) DO NOTHING`;

/** Touches its row where there are no more kinds than these. */
export const hasFewKinds = (key: number, most: number): Sql =>
  sql`UPDATE announcement SET updated = updated WHERE key = ${key}
      AND (SELECT count(DISTINCT emoji) FROM announcement_reaction WHERE announcement = ${key}) <= ${most}`;

export const deleteReaction = (key: number, emoji: string, actor: number): Sql =>
  sql`DELETE FROM announcement_reaction WHERE announcement = ${key} AND emoji = ${emoji} AND actor = ${actor}`;
