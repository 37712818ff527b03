/** The SQL of this server's own emoji. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface EmojiRow {
  readonly key: number;
  readonly shortcode: string;
  readonly category: string;
  readonly path: string;
  readonly media_type: string;
  readonly offered: number;
  readonly changed: number;
}

export const findEmoji = (db: Db, limit: number): Promise<EmojiRow[]> =>
  db.all<EmojiRow>(
    sql`SELECT key, shortcode, category, path, media_type, offered, changed FROM emoji
        ORDER BY category, shortcode LIMIT ${limit}`,
  );

export const insertEmoji = (row: EmojiRow): Sql =>
  sql`INSERT INTO emoji (key, shortcode, category, path, media_type, offered, changed)
      VALUES (${row.key}, ${row.shortcode}, ${row.category}, ${row.path}, ${row.media_type}, ${row.offered}, ${row.changed})`;

/** Touches one row while this emoji is one of no more than `most`. */
export const isWithinEmoji = (key: number, most: number): Sql =>
  sql`UPDATE emoji SET offered = offered WHERE key = ${key} AND (SELECT count(*) FROM emoji) <= ${most}`;

export const updateEmoji = (key: number, category: string, isOffered: boolean, nowMs: number): Sql =>
  sql`UPDATE emoji SET category = ${category}, offered = ${isOffered ? 1 : 0}, changed = ${nowMs} WHERE key = ${key}`;

export const deleteEmoji = (key: number): Sql => sql`DELETE FROM emoji WHERE key = ${key}`;
