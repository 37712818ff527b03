/** The SQL of reports. */
import { MAX_KEY } from "../lib/id.ts";
import { holding, list, none, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Category, Complaint, ReportLine, ReportNote, ReportState, ReportsAsked } from "./report.ts";

const COLUMNS = sql`r.key, r.about, r.place, r.category, r.state, r.assignee, r.outcome, r.changed AS "changedMs",
  (SELECT count(*) FROM complaint c WHERE c.report = r.key) AS complaints`;

/** Newest first: one more than a page holds, but for the oldest above `from`. */
export async function findReports(db: Db, asked: ReportsAsked): Promise<ReportLine[]> {
  const { before = MAX_KEY, after = -1, from, limit } = asked;
  const rows = await db.all<ReportLine>(
    sql`SELECT ${COLUMNS} FROM report r WHERE r.key < ${before} AND r.key > ${from ?? after}
        ${asked.states === undefined ? none : sql`AND r.state IN ${list(asked.states)}`}
        ${asked.about === undefined ? none : sql`AND r.about = ${asked.about}`}
        ${asked.notAbout === undefined ? none : sql`AND r.about <> ${asked.notAbout}`}
        ${asked.places === undefined ? none : sql`AND r.place IN ${list(asked.places)}`}
        ${asked.reporter === undefined ? none : sql`AND r.key IN (SELECT report FROM complaint WHERE reporter = ${asked.reporter})`}
        ORDER BY r.key ${raw(from === undefined ? "DESC" : "ASC")} LIMIT ${limit + 1}`,
  );
  return from === undefined ? rows : rows.slice(0, limit).reverse();
}

export const findReport = (db: Db, key: number): Promise<ReportLine | null> =>
  db.one<ReportLine>(sql`SELECT ${COLUMNS} FROM report r WHERE r.key = ${key}`);

/** The open matter about this actor in this group (null: the server's own), or null. */
export async function findOpenReport(db: Db, about: number, place: number | null): Promise<number | null> {
  const row = await db.one<{ key: number }>(
    sql`SELECT key FROM report WHERE about = ${about} AND COALESCE(place, 0) = ${place ?? 0}
        AND state IN ('open', 'assigned') ORDER BY key DESC LIMIT 1`,
  );
  return row?.key ?? null;
}

export async function countReports(db: Db): Promise<Record<ReportState, number>> {
  const rows = await db.all<{ state: ReportState; many: number }>(
    sql`SELECT state, count(*) AS many FROM report GROUP BY state`,
  );
  const counted = Object.fromEntries(rows.map(({ state, many }) => [state, many]));
  return { open: 0, assigned: 0, resolved: 0, dismissed: 0, ...counted };
}

/** Touches no row where there is an open matter about this actor in this group; hold the actor before. */
export const insertReport = (report: {
  readonly key: number;
  readonly about: number;
  readonly place: number | null;
  readonly category: Category;
  readonly nowMs: number;
}): Sql =>
  sql`INSERT INTO report (key, about, place, category, state, changed)
      SELECT CAST(${report.key} AS BIGINT), CAST(${report.about} AS BIGINT), CAST(${report.place} AS BIGINT),
        ${report.category}, 'open', CAST(${report.nowMs} AS BIGINT)
      WHERE NOT EXISTS (SELECT 1 FROM report WHERE about = ${report.about}
        AND COALESCE(place, 0) = ${report.place ?? 0} AND state IN ('open', 'assigned'))`;

export const changeReport = (
  key: number,
  change: {
    readonly from: readonly ReportState[];
    readonly to: ReportState;
    readonly assignee: number | null;
    readonly outcome: string | null;
    readonly nowMs: number;
  },
): Sql =>
  sql`UPDATE report SET state = ${change.to}, assignee = ${change.assignee}, outcome = ${change.outcome},
        changed = ${change.nowMs}
      WHERE key = ${key} AND state IN ${list(change.from)}`;

export const categoriseReport = (key: number, category: Category, nowMs: number): Sql =>
  sql`UPDATE report SET category = ${category}, changed = ${nowMs} WHERE key = ${key}`;

export const insertComplaint = (complaint: Complaint & { readonly report: number }): Sql =>
  sql`INSERT INTO complaint (activity, report, reporter, category, rule, comment, forwarded)
      VALUES (${complaint.activity}, ${complaint.report}, ${complaint.reporter}, ${complaint.category},
        ${complaint.rule}, ${complaint.comment}, ${complaint.wasForwarded ? 1 : 0})
      ON CONFLICT (activity) DO NOTHING`;

export async function hasComplaint(db: Db, activity: number): Promise<boolean> {
  return (await db.one(sql`SELECT 1 AS yes FROM complaint WHERE activity = ${activity}`)) !== null;
}

/** Up to `cap`: how often they have reported since then. */
export async function countComplaints(
  db: Db,
  reporter: number,
  sinceKey: number,
  cap: number,
): Promise<number> {
  const row = await db.one<{ many: number }>(
    sql`SELECT count(*) AS many FROM (SELECT 1 AS one FROM complaint
        WHERE reporter = ${reporter} AND activity > ${sinceKey} LIMIT ${cap}) x`,
  );
  return row?.many ?? 0;
}

/** Oldest first. */
export async function findComplaints(db: Db, report: number, limit: number): Promise<Complaint[]> {
  const rows = await db.all<Omit<Complaint, "wasForwarded"> & { readonly forwarded: number }>(
    sql`SELECT activity, reporter, category, rule, comment, forwarded FROM complaint
        WHERE report = ${report} ORDER BY activity LIMIT ${limit}`,
  );
  return rows.map(({ forwarded, ...complaint }) => ({ ...complaint, wasForwarded: forwarded === 1 }));
}

export const insertEvidence = (report: number, object: number, takenMs: number, content: string): Sql =>
  sql`INSERT INTO evidence (report, object, taken, content) VALUES (${report}, ${object}, ${takenMs}, ${content})
      ON CONFLICT (report, object) DO NOTHING`;

export interface EvidenceRow {
  readonly object: number;
  readonly iri: string;
  readonly taken: number;
  readonly content: string;
  readonly deleted: number | null;
  readonly held: number;
}

export const findEvidence = (db: Db, report: number, limit: number): Promise<EvidenceRow[]> =>
  db.all<EvidenceRow>(
    sql`SELECT e.object, o.iri, e.taken, e.content, o.deleted, o.held FROM evidence e JOIN object o ON o.key = e.object
        WHERE e.report = ${report} ORDER BY e.object LIMIT ${limit}`,
  );

export async function countEvidence(db: Db, report: number): Promise<number> {
  const row = await db.one<{ many: number }>(
    sql`SELECT count(*) AS many FROM evidence WHERE report = ${report}`,
  );
  return row?.many ?? 0;
}

/** What was taken so long ago of matters that are closed. */
export const sweepEvidence = (beforeMs: number): Sql =>
  sql`DELETE FROM evidence WHERE taken < ${beforeMs}
      AND report IN (SELECT key FROM report WHERE state IN ('resolved', 'dismissed'))`;

/** Matters that were closed before then go with all that was said about them; what was decided stays. */
export const sweepReports = (beforeMs: number): readonly Sql[] => {
  const over = sql`(SELECT key FROM report WHERE state IN ('resolved', 'dismissed') AND changed < ${beforeMs})`;
  return [
    sql`DELETE FROM evidence WHERE report IN ${over}`,
    sql`DELETE FROM complaint WHERE report IN ${over}`,
    sql`DELETE FROM report_note WHERE report IN ${over}`,
    sql`UPDATE sanction SET report = NULL WHERE report IN ${over}`,
    sql`DELETE FROM report WHERE state IN ('resolved', 'dismissed') AND changed < ${beforeMs}`,
  ];
};

export const insertNote = (key: number, report: number, author: number, text: string): Sql =>
  sql`INSERT INTO report_note (key, report, author, text) VALUES (${key}, ${report}, ${author}, ${text})`;

/** First in the batch: of those who write to one report at once, each counts what the others wrote. */
export const holdReport = (key: number): Sql => holding(sql`SELECT key FROM report WHERE key = ${key}`);

/** Touches the report's row while it has no more than `most` notes. */
export const hasFewNotes = (report: number, most: number): Sql =>
  sql`UPDATE report SET changed = changed WHERE key = ${report}
      AND (SELECT count(*) FROM report_note WHERE report = ${report}) <= ${most}`;

export const findNotes = (db: Db, report: number, limit: number): Promise<ReportNote[]> =>
  db.all<ReportNote>(
    sql`SELECT key, author, text FROM report_note WHERE report = ${report} ORDER BY key LIMIT ${limit}`,
  );
