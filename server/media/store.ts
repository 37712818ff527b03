/** The SQL of files: who sent which, and how much. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface MediaRow {
  readonly key: number;
  readonly owner: number;
  /** Hash, dot, extension. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** In pixels; null for what is no picture. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Nothing where this person has sent the same file before. */
export const insertMedia = (row: MediaRow, nowMs: number): Sql =>
  sql`INSERT INTO media (key, owner, name, media_type, size, width, height, created)
      VALUES (${row.key}, ${row.owner}, ${row.name}, ${row.mediaType}, ${row.sizeBytes}, ${row.width},
        ${row.height}, ${nowMs})
      ON CONFLICT (owner, name) DO NOTHING`;

export const findMedia = (db: Db, owner: number, name: string): Promise<MediaRow | null> =>
  db.one<MediaRow>(
    sql`SELECT key, owner, name, media_type AS "mediaType", size AS "sizeBytes", width, height
        FROM media WHERE owner = ${owner} AND name = ${name}`,
  );

/** Bytes of everything that this person has sent. */
export async function usedBytes(db: Db, owner: number): Promise<number> {
  const row = await db.one<{ total: number }>(
    sql`SELECT COALESCE(SUM(size), 0) AS total FROM media WHERE owner = ${owner}`,
  );
  return Number(row?.total ?? 0);
}
