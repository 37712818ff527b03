/** The SQL of the audit log. */
import { none, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface AuditRow {
  /** Its time (`timeOfKey`) and the cursor. */
  readonly key: number;
  /** `alice` for people here, null for the command line and the program itself. */
  readonly who: string | null;
  readonly act: string;
  readonly about: number | null;
  /** The handle, or else the address, of what it is about. */
  readonly aboutName: string | null;
  readonly subject: string | null;
  readonly detail: string | null;
  readonly reason: string | null;
  readonly isPublic: number;
}

export const insertAudit = (row: {
  readonly key: number;
  readonly who: number | null;
  readonly act: string;
  readonly about: number | null;
  readonly subject: string | null;
  readonly detail: string | null;
  readonly reason: string | null;
  readonly isPublic: boolean;
}): Sql =>
  sql`INSERT INTO audit (key, who, act, about, subject, detail, reason, is_public)
      VALUES (${row.key}, ${row.who}, ${row.act}, ${row.about}, ${row.subject}, ${row.detail}, ${row.reason},
        ${row.isPublic ? 1 : 0})`;

/** Newest first: all of it, its public part, or what is about one row. */
export const findAudit = (
  db: Db,
  asked: {
    readonly isPublic?: boolean;
    readonly about?: number;
    readonly before: number;
    readonly limit: number;
  },
): Promise<AuditRow[]> =>
  db.all<AuditRow>(
    sql`SELECT e.key, w.handle AS who, e.act, e.about, COALESCE(a.handle, o.iri) AS "aboutName", e.subject, e.detail,
          e.reason, e.is_public AS "isPublic"
        FROM audit e LEFT JOIN actor w ON w.key = e.who LEFT JOIN object o ON o.key = e.about
          LEFT JOIN actor a ON a.key = e.about
        WHERE e.key < ${asked.before} ${asked.isPublic === true ? sql`AND e.is_public = 1` : none}
          ${asked.about === undefined ? none : sql`AND e.about = ${asked.about}`}
        ORDER BY e.key DESC LIMIT ${asked.limit}`,
  );
