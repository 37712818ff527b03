/** The SQL of posts that wait for their time. */
import { MAX_KEY } from "../lib/id.ts";
import type { PageRequest } from "../lib/page.ts";
import { holding, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface ScheduledRow {
  readonly key: number;
  readonly actor: number;
  readonly due: number;
  readonly draft: string;
  readonly asked: string;
  readonly failed: string | null;
  readonly created: number;
}

export const insertScheduled = (row: ScheduledRow): Sql =>
  sql`INSERT INTO scheduled (key, actor, due, draft, asked, failed, created)
      VALUES (${row.key}, ${row.actor}, ${row.due}, ${row.draft}, ${row.asked}, ${row.failed}, ${row.created})`;

export const findScheduled = (db: Db, key: number): Promise<ScheduledRow | null> =>
  db.one<ScheduledRow>(
    sql`SELECT key, actor, due, draft, asked, failed, created FROM scheduled WHERE key = ${key}`,
  );

/** Newest first, one more than a page holds. */
export async function listScheduled(db: Db, actor: number, page: PageRequest): Promise<ScheduledRow[]> {
  const { before = MAX_KEY, after = -1, from, limit } = page;
  const read = (order: Sql): Promise<ScheduledRow[]> =>
    db.all<ScheduledRow>(
      sql`SELECT key, actor, due, draft, asked, failed, created FROM scheduled
          WHERE actor = ${actor} AND key < ${before} AND key > ${from ?? after}
          ORDER BY key ${order} LIMIT ${limit + 1}`,
    );
  return from === undefined ? read(sql`DESC`) : (await read(sql`ASC`)).slice(0, limit).reverse();
}

/** Where a list in the order of time goes on. */
export interface Due {
  readonly dueMs: number;
  readonly key: number;
}

/** Next due first, one more than a page holds. */
export const listDue = (db: Db, actor: number, after: Due, limit: number): Promise<ScheduledRow[]> =>
  db.all<ScheduledRow>(
    sql`SELECT key, actor, due, draft, asked, failed, created FROM scheduled
        WHERE actor = ${actor} AND (due > ${after.dueMs} OR (due = ${after.dueMs} AND key > ${after.key}))
        ORDER BY due, key LIMIT ${limit + 1}`,
  );

export async function countFailed(db: Db, actor: number): Promise<number> {
  const row = await db.one<{ many: number }>(
    sql`SELECT count(*) AS many FROM scheduled WHERE actor = ${actor} AND failed IS NOT NULL`,
  );
  return row?.many ?? 0;
}

/** First in the batch: of those who put off posts of one person at once, each counts what the others did. */
export const holdAuthor = (actor: number): Sql => holding(sql`SELECT key FROM object WHERE key = ${actor}`);

/** Touches the post's row while no more than `most` of the person wait, it among them. */
export const isWithin = (actor: number, key: number, most: number): Sql =>
  sql`UPDATE scheduled SET due = due WHERE key = ${key}
      AND (SELECT count(*) FROM scheduled WHERE actor = ${actor}) <= ${most}`;

/** The same of those that are due from `fromMs` until before `toMs`. */
export const isWithinDay = (
  actor: number,
  key: number,
  most: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Sql =>
  sql`UPDATE scheduled SET due = due WHERE key = ${key}
      AND (SELECT count(*) FROM scheduled WHERE actor = ${actor} AND due >= ${fromMs} AND due < ${toMs}) <= ${most}`;

export const moveScheduled = (actor: number, key: number, dueMs: number): Sql =>
  sql`UPDATE scheduled SET due = ${dueMs}, failed = NULL WHERE key = ${key} AND actor = ${actor}`;

export const failScheduled = (key: number, why: string): Sql =>
  sql`UPDATE scheduled SET failed = ${why} WHERE key = ${key}`;

export const deleteScheduled = (actor: number, key: number): Sql =>
  sql`DELETE FROM scheduled WHERE key = ${key} AND actor = ${actor}`;

/** What somebody wrote who is gone for good is never published. */
export const dropScheduledOf = (actor: number): Sql => sql`DELETE FROM scheduled WHERE actor = ${actor}`;
