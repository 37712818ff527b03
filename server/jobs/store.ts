/** All the SQL of jobs but their enqueueing: claim, finish, retry, bury, and what an admin sees. */
import { parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db, Dialect } from "../storage/db.ts";
import type { Job } from "./job.ts";

/** What is kept of an error, in characters: enough for a sentence and the top of a stack. */
const MAX_ERROR_LENGTH = 1000;

const WAITING = raw("lease IS NULL AND buried IS NULL");
const IN_LINE = raw("line IS NOT NULL AND buried IS NULL");
const CLAIMED = raw("key, kind, lane, line, payload, due, tries, claim");

/** Those of the names (`once`) under which a job waits or runs. */
export async function findPromised(db: Db, names: readonly string[]): Promise<Set<string>> {
  const rows = await db.all<{ once: string }>(sql`SELECT once FROM job WHERE once IN ${list(names)}`);
  return new Set(rows.map(({ once }) => once));
}

interface JobRow {
  readonly key: number;
  readonly kind: string;
  readonly lane: string;
  readonly line: string | null;
  readonly payload: string;
  readonly due: number;
  readonly tries: number;
  readonly claim: number;
}

interface Claim {
  readonly kind: string;
  readonly lane: string;
  readonly line: string | null;
  readonly count: number;
  readonly nowMs: number;
  readonly leaseMs: number;
}

/**
 * Up to `count` jobs of one line that are due become ours until `leaseMs`; where the order matters, its first ones. Rows
 * for `toJobs`.
 */
export const claim = (dialect: Dialect, from: Claim): Sql =>
  from.line === null ? claimAny(dialect, from) : claimFirst(dialect, from, from.line);

const claimAny = (dialect: Dialect, from: Claim): Sql => sql`
  WITH picked AS MATERIALIZED (
    SELECT key FROM job
    WHERE kind = ${from.kind} AND lane = ${from.lane} AND line IS NULL AND due <= ${from.nowMs} AND ${WAITING}
    ORDER BY due, key LIMIT ${from.count} ${raw(dialect.skipLocked)}
  )
  UPDATE job SET lease = ${from.leaseMs}, claim = claim + 1 WHERE key IN (SELECT key FROM picked)
  RETURNING ${CLAIMED}`;

/**
 * The first of a line is its first until it has ended: while it is held, or waits for its next try, nothing is given, and
 * nothing from behind one that is not to be had. Workers that ask at once wait for one another, the second then sees what
 * the first has taken.
 */
const claimFirst = (dialect: Dialect, { kind, lane, count, nowMs, leaseMs }: Claim, line: string): Sql => sql`
  WITH first AS MATERIALIZED (
    SELECT key, CASE WHEN due <= ${nowMs} AND lease IS NULL THEN 1 ELSE 0 END AS is_free FROM job
    WHERE kind = ${kind} AND lane = ${lane} AND line = ${line} AND buried IS NULL ORDER BY key LIMIT ${count}
    ${raw(dialect.locked)}
  )
  UPDATE job SET lease = ${leaseMs}, claim = claim + 1
  WHERE key IN (SELECT key FROM first f
      WHERE NOT EXISTS (SELECT 1 FROM first b WHERE b.key <= f.key AND b.is_free = 0))
  RETURNING ${CLAIMED}`;

/** Claimed rows of one line as jobs: in their order, or the one that was due first in front. */
export const toJobs = (rows: readonly object[]): readonly Job[] =>
  (rows as readonly JobRow[])
    .toSorted((a, b) => (a.line === null ? a.due - b.due : 0) || a.key - b.key)
    .map(({ key, kind, lane, line, payload, tries, claim }) => ({
      ...{ key, kind, lane, line, tries, claim },
      payload: parseJson(payload),
    }));

/**
 * The end of a job, for the batch that holds its effect.
 * The batch fails with Problem `conflict` (reason `job-lost`) when another worker has claimed it since.
 */
export const finish = (job: Pick<Job, "key" | "claim">): Sql =>
  expecting(
    1,
    sql`DELETE FROM job WHERE key = ${job.key} AND claim = ${job.claim}`,
    () => new Problem("conflict", "Another worker has taken over this job.", { reason: "job-lost" }),
  );

/** It failed and is due again at `dueMs`. */
export const retry = (job: Job, dueMs: number, error: string): Sql => sql`
  UPDATE job SET lease = ${null}, due = ${dueMs}, tries = tries + 1, last_error = ${shortened(error)}
  WHERE key = ${job.key} AND claim = ${job.claim}`;

/** It failed for good: kept for a person to look at, and its name is free again. */
export const bury = (job: Job, nowMs: number, error: string): Sql => sql`
  UPDATE job SET lease = ${null}, buried = ${nowMs}, once = ${null}, tries = tries + 1, last_error = ${shortened(error)}
  WHERE key = ${job.key} AND claim = ${job.claim}`;

/** It was claimed but not begun: it waits again. */
export const release = (job: Job): Sql => sql`
  UPDATE job SET lease = ${null} WHERE key = ${job.key} AND claim = ${job.claim}`;

/** Holds on to what is still being worked on. */
export const renew = (keys: readonly number[], leaseMs: number): Sql => sql`
  UPDATE job SET lease = ${leaseMs} WHERE lease IS NOT NULL AND key IN ${list(keys)}`;

/** Jobs of workers that are gone wait again. Gives the `DueLine` of each. */
export const returnExpired = (nowMs: number): Sql => sql`
  UPDATE job SET lease = ${null} WHERE lease < ${nowMs} RETURNING kind, lane, line`;

/** Everything that is held waits again: for the start of the only worker there is. */
export const returnAll = (): Sql => sql`UPDATE job SET lease = ${null} WHERE lease IS NOT NULL`;

export interface DueLine {
  readonly kind: string;
  readonly lane: string;
  readonly line: string | null;
}

/** Where something waits that became due after `fromMs` and not after `toMs`. Reads each of those jobs: for short spans. */
export const findDueLanes = (
  db: Db,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly DueLine[]> =>
  db.all(sql`
    SELECT DISTINCT kind, lane, line FROM job
    WHERE due > ${range.fromMs} AND due <= ${range.toMs} AND ${WAITING}`);

/** Lines of these lanes where anything waits, due or not. Reads an index alone, however much waits there. */
export const findLines = (db: Db, kind: string, lanes: readonly string[]): Promise<readonly DueLine[]> =>
  db.all(sql`
    SELECT DISTINCT kind, lane, line FROM job WHERE kind = ${kind} AND lane IN ${list(lanes)} AND ${IN_LINE}`);

/**
 * Where something can be claimed that is due at `toMs`, however long it has been. Of lines that keep an order only the
 * first job is read, from one line to the next: a hundred thousand letters to dead hosts must not be read each minute.
 */
export const findAllDueLanes = (db: Db, toMs: number): Promise<readonly DueLine[]> =>
  db.all(sql`
    WITH RECURSIVE head (kind, lane, line, key) AS (
      SELECT * FROM (SELECT kind, lane, line, key FROM job WHERE ${IN_LINE} ORDER BY kind, lane, line, key LIMIT 1) f
      UNION ALL
      SELECT j.kind, j.lane, j.line, j.key FROM head h JOIN job j ON j.key = COALESCE(
        (SELECT key FROM job WHERE ${IN_LINE} AND kind = h.kind AND lane = h.lane AND line > h.line
          ORDER BY line, key LIMIT 1),
        (SELECT key FROM job WHERE ${IN_LINE} AND kind = h.kind AND lane > h.lane ORDER BY lane, line, key LIMIT 1),
        (SELECT key FROM job WHERE ${IN_LINE} AND kind > h.kind ORDER BY kind, lane, line, key LIMIT 1))
    )
    SELECT h.kind, h.lane, h.line FROM head h JOIN job j ON j.key = h.key WHERE j.due <= ${toMs} AND j.lease IS NULL
    UNION ALL
    SELECT DISTINCT kind, lane, line FROM job WHERE line IS NULL AND due <= ${toMs} AND ${WAITING}`);

export interface JobCounts {
  readonly kind: string;
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  /** The key of the oldest that waits (`timeOfKey`), or null. */
  readonly oldest: number | null;
}

/** How much of each kind there is. Reads every job: for a page that a person opens. */
export const countJobs = (db: Db): Promise<readonly JobCounts[]> =>
  db.all<JobCounts>(sql`
    SELECT kind,
      sum(CASE WHEN lease IS NULL AND buried IS NULL THEN 1 ELSE 0 END) AS waiting,
      sum(CASE WHEN lease IS NOT NULL THEN 1 ELSE 0 END) AS running,
      sum(CASE WHEN buried IS NOT NULL THEN 1 ELSE 0 END) AS failed,
      min(CASE WHEN lease IS NULL AND buried IS NULL THEN key END) AS oldest
    FROM job GROUP BY kind ORDER BY kind`);

export interface FailedJob {
  readonly key: number;
  readonly kind: string;
  readonly lane: string;
  readonly tries: number;
  readonly buriedMs: number;
  readonly lastError: string | null;
}

/** What was given up, the newest first, older than `beforeKey`. */
export async function findFailed(
  db: Db,
  page: { readonly beforeKey?: number; readonly limit: number },
): Promise<readonly FailedJob[]> {
  const rows = await db.all<
    Omit<FailedJob, "buriedMs" | "lastError"> & { buried: number; last_error: string | null }
  >(
    sql`SELECT key, kind, lane, tries, buried, last_error FROM job
      WHERE buried IS NOT NULL AND key < ${page.beforeKey ?? Number.MAX_SAFE_INTEGER}
      ORDER BY key DESC LIMIT ${page.limit}`,
  );
  return rows.map(({ buried: buriedMs, last_error: lastError, ...row }) => ({ ...row, buriedMs, lastError }));
}

/** A person wants a job that was given up, or that waits, to run at once. */
export const retryNow = (key: number, nowMs: number): Sql => sql`
  UPDATE job SET buried = ${null}, due = ${nowMs} WHERE key = ${key} AND lease IS NULL`;

/** A person lets a job go that was given up. */
export const discard = (key: number): Sql => sql`DELETE FROM job WHERE key = ${key} AND buried IS NOT NULL`;

/** What was given up before that moment, and all but so many of the newest. */
export const sweepFailed = (beforeMs: number, most: number): readonly Sql[] => [
  sql`DELETE FROM job WHERE buried IS NOT NULL AND buried < ${beforeMs}`,
  sql`DELETE FROM job WHERE buried IS NOT NULL AND key <=
      (SELECT key FROM job WHERE buried IS NOT NULL ORDER BY key DESC LIMIT 1 OFFSET ${most})`,
];

const shortened = (error: string): string => error.replaceAll("\0", "").slice(0, MAX_ERROR_LENGTH);
