/** The SQL of files: who sent which, and how much. */
import { expecting, list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface MediaRow {
  readonly key: number;
  readonly owner: number;
  /** Hash, dot, extension. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** In pixels; null for what is only heard or saved. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of what is heard or moves. */
  readonly durationMs: number | null;
  /** The file of the smaller picture, or null. */
  readonly preview: string | null;
  readonly previewWidth: number | null;
  readonly previewHeight: number | null;
  readonly blurhash: string | null;
  /** As its sender calls it; null for what is shown and not saved. */
  readonly fileName: string | null;
  /** What is said of it before it is in a post. */
  readonly description: string | null;
  /** `x,y` */
  readonly focus: string | null;
  /** When it goes unless something uses it; null where it stays. */
  readonly expiresMs: number | null;
  /** Until when its preview is waited for; null where none is being made. */
  readonly pendingMs: number | null;
}

const columns = sql`key, owner, name, media_type AS "mediaType", size AS "sizeBytes", width, height,
  duration AS "durationMs", preview, preview_width AS "previewWidth", preview_height AS "previewHeight", blurhash,
  file_name AS "fileName", description, focus, expires AS "expiresMs", pending AS "pendingMs"`;

/** Where this person has sent the same file before, that stays, and learns what is new. */
export const putMedia = (row: MediaRow, nowMs: number): Sql =>
  sql`INSERT INTO media (key, owner, name, media_type, size, width, height, duration, preview, preview_width,
        preview_height, blurhash, file_name, description, focus, expires, pending, created)
      VALUES (${row.key}, ${row.owner}, ${row.name}, ${row.mediaType}, ${row.sizeBytes}, ${row.width},
        ${row.height}, ${row.durationMs}, ${row.preview}, ${row.previewWidth}, ${row.previewHeight},
        ${row.blurhash}, ${row.fileName}, ${row.description}, ${row.focus}, ${row.expiresMs}, ${row.pendingMs},
        ${nowMs})
      ON CONFLICT (owner, name) DO UPDATE SET file_name = excluded.file_name,
        expires = CASE WHEN media.expires IS NULL THEN NULL ELSE excluded.expires END, withheld = 0,
        pending = CASE WHEN media.preview IS NULL THEN excluded.pending ELSE NULL END,
        duration = COALESCE(media.duration, excluded.duration),
        preview_width = CASE WHEN media.preview IS NULL THEN excluded.preview_width ELSE media.preview_width END,
        preview_height = CASE WHEN media.preview IS NULL THEN excluded.preview_height ELSE media.preview_height END,
        preview = COALESCE(media.preview, excluded.preview),
        blurhash = COALESCE(media.blurhash, excluded.blurhash)`;

export const findMedia = (db: Db, owner: number, name: string): Promise<MediaRow | null> =>
  db.one<MediaRow>(sql`SELECT ${columns} FROM media WHERE owner = ${owner} AND name = ${name}`);

export const findMediaByKey = (db: Db, key: number): Promise<MediaRow | null> =>
  db.one<MediaRow>(sql`SELECT ${columns} FROM media WHERE key = ${key}`);

/** What there is of a film in pictures, whoever has sent it; null where nobody has. */
export const findStill = (
  db: Db,
  name: string,
): Promise<{ readonly preview: string | null; readonly pendingMs: number | null } | null> =>
  db.one(
    sql`SELECT preview, pending AS "pendingMs" FROM media WHERE name = ${name}
        ORDER BY CASE WHEN preview IS NULL THEN 1 ELSE 0 END, COALESCE(pending, 0) DESC LIMIT 1`,
  );

/** The file of this person whose name begins so (`media/attachment-id.ts`). */
export const findMediaBeginning = (db: Db, owner: number, start: string): Promise<MediaRow | null> =>
  db.one<MediaRow>(
    sql`SELECT ${columns} FROM media WHERE owner = ${owner} AND name >= ${start} AND name < ${`${start}g`} LIMIT 1`,
  );

/** Bytes of everything that this person has sent. */
export async function usedBytes(db: Db, owner: number): Promise<number> {
  const row = await db.one<{ total: number }>(
    sql`SELECT COALESCE(SUM(size), 0) AS total FROM media WHERE owner = ${owner}`,
  );
  return Number(row?.total ?? 0);
}

/** It stays from now on, for everybody. */
export const keepMedia = (keys: readonly number[]): Sql =>
  sql`UPDATE media SET expires = NULL, withheld = 0 WHERE key IN ${list(keys)} AND expires IS NOT NULL`;

/** The same for what these people have of these files: for the batch of whatever uses them. */
export const keepNamedMedia = (owners: readonly number[], names: readonly string[]): Sql =>
  sql`UPDATE media SET expires = NULL, withheld = 0
      WHERE owner IN ${list(owners)} AND name IN ${list(names)} AND expires IS NOT NULL`;

/** What nothing uses yet goes no sooner than then. Fails where it was let go meanwhile. */
export const postponeMedia = (keys: readonly number[], expiresMs: number, otherwise: () => Error): Sql =>
  expecting(
    keys.length,
    sql`UPDATE media SET expires = CASE WHEN expires < ${expiresMs} THEN ${expiresMs} ELSE expires END
        WHERE key IN ${list(keys)}`,
    otherwise,
  );

/** Fails where it was let go meanwhile. */
export const describeMedia = (
  key: number,
  words: { readonly description: string | null; readonly focus: string | null },
  otherwise: () => Error,
): Sql =>
  expecting(
    1,
    sql`UPDATE media SET description = ${words.description}, focus = ${words.focus} WHERE key = ${key}`,
    otherwise,
  );

/** It goes then, unless something uses it. */
export const loosenMedia = (key: number, expiresMs: number): Sql =>
  sql`UPDATE media SET expires = ${expiresMs} WHERE key = ${key} AND expires IS NULL`;

/** The same, and until then it is for the staff alone. */
export const withholdMedia = (key: number, expiresMs: number): Sql =>
  sql`UPDATE media SET expires = ${expiresMs}, withheld = 1 WHERE key = ${key}`;

/** It goes then, of all that somebody has sent who is gone for good. */
export const loosenMediaOf = (owner: number, expiresMs: number): Sql =>
  sql`UPDATE media SET expires = ${expiresMs} WHERE owner = ${owner} AND expires IS NULL`;

export interface Cover {
  readonly preview: string;
  readonly previewWidth: number;
  readonly previewHeight: number;
  readonly blurhash: string | null;
}

/** Its preview is there, or will never be. */
export const coverMedia = (key: number, cover: Cover | null): Sql =>
  cover === null
    ? sql`UPDATE media SET pending = NULL WHERE key = ${key}`
    : sql`UPDATE media SET pending = NULL, preview = ${cover.preview}, preview_width = ${cover.previewWidth},
          preview_height = ${cover.previewHeight}, blurhash = ${cover.blurhash} WHERE key = ${key}`;

/** Nothing where something uses it. */
export const dropLoose = (keys: readonly number[]): Sql =>
  sql`DELETE FROM media WHERE key IN ${list(keys)} AND expires IS NOT NULL`;

/** What nobody has used in time, some of it. */
export const findExpired = (db: Db, nowMs: number, limit: number): Promise<MediaRow[]> =>
  db.all<MediaRow>(
    sql`SELECT ${columns} FROM media WHERE expires IS NOT NULL AND expires <= ${nowMs} ORDER BY expires LIMIT ${limit}`,
  );

/** Which of these files some row needs, as the file itself or as a preview. */
export async function findNeededMedia(db: Db, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await db.all<{ name: string }>(
    sql`SELECT name FROM media WHERE name IN ${list(names)}
        UNION SELECT preview AS name FROM media WHERE preview IN ${list(names)}`,
  );
  return new Set(rows.map(({ name }) => name));
}
