/** The SQL of lists of rules: files that were read in, and subscriptions. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { PlainLevel } from "./list-forms.ts";

export interface ListRow {
  readonly key: number;
  readonly url: string | null;
  readonly name: string;
  readonly plain: PlainLevel;
  readonly acceptsItself: number;
  readonly etag: string | null;
  readonly fetchedMs: number | null;
  readonly failed: string | null;
  /** 1 where something waits to be accepted. */
  readonly waits: number;
  /** Rules that came from it. */
  readonly rules: number;
}

const COLUMNS = sql`l.key, l.url, l.name, l.plain, l.accepts_itself AS "acceptsItself", l.etag, l.fetched AS "fetchedMs",
  l.failed, CASE WHEN l.draft IS NULL THEN 0 ELSE 1 END AS waits,
  (SELECT count(*) FROM domain_rule r WHERE r.list = l.key) AS rules`;

/** All of them, the newest first; there are never many. */
export const findLists = (db: Db): Promise<ListRow[]> =>
  db.all<ListRow>(sql`SELECT ${COLUMNS} FROM domain_list l ORDER BY l.key DESC`);

export const findList = (db: Db, key: number): Promise<ListRow | null> =>
  db.one<ListRow>(sql`SELECT ${COLUMNS} FROM domain_list l WHERE l.key = ${key}`);

export async function findDraft(db: Db, key: number): Promise<string | null> {
  return (
    (await db.one<{ draft: string | null }>(sql`SELECT draft FROM domain_list WHERE key = ${key}`))?.draft ??
    null
  );
}

export const insertList = (row: {
  readonly key: number;
  readonly url: string | null;
  readonly name: string;
  readonly plain: PlainLevel;
  readonly acceptsItself: boolean;
  readonly draft: string | null;
  readonly by: number | null;
  readonly nowMs: number;
}): Sql =>
  sql`INSERT INTO domain_list (key, url, name, plain, accepts_itself, draft, by_account, created)
      VALUES (${row.key}, ${row.url}, ${row.name}, ${row.plain}, ${row.acceptsItself ? 1 : 0}, ${row.draft}, ${row.by},
        ${row.nowMs})`;

/** Touches one row while this list is one of no more than `most`. */
export const isWithinLists = (key: number, most: number): Sql =>
  sql`UPDATE domain_list SET name = name WHERE key = ${key} AND (SELECT count(*) FROM domain_list) <= ${most}`;

/** It was asked for: `draft` is what waits to be accepted, or null. */
export const noteFetched = (key: number, etag: string | null, draft: string | null, nowMs: number): Sql =>
  sql`UPDATE domain_list SET etag = ${etag}, draft = ${draft}, fetched = ${nowMs}, failed = NULL WHERE key = ${key}`;

/** Nothing has changed there since the last time. */
export const noteUnchanged = (key: number, nowMs: number): Sql =>
  sql`UPDATE domain_list SET fetched = ${nowMs}, failed = NULL WHERE key = ${key}`;

export const noteFailed = (key: number, failed: string): Sql =>
  sql`UPDATE domain_list SET failed = ${failed} WHERE key = ${key}`;

export const clearDraft = (key: number): Sql => sql`UPDATE domain_list SET draft = NULL WHERE key = ${key}`;

export const deleteList = (key: number): Sql => sql`DELETE FROM domain_list WHERE key = ${key}`;
