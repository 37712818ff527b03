/** The SQL of earlier versions: what is read of them here, and how the oldest go. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { LOCAL_HOST } from "./entity.ts";

/** What this thing said before it was edited, the newest first, as compact JSON. */
export async function findVersionTexts(db: Db, object: number): Promise<readonly string[]> {
  const rows = await db.all<{ document: string }>(
    sql`SELECT document FROM version WHERE object = ${object} ORDER BY key DESC`,
  );
  return rows.map(({ document }) => document);
}

export interface OldVersion {
  readonly key: number;
  /** Whose thing it is; null where nobody knows. */
  readonly owner: number | null;
  /** Null for what others wrote elsewhere. */
  readonly document: string | null;
}

/** The oldest of what there is more of than the newest `most` of all things together, up to `limit`. */
export const findOldVersions = (db: Db, most: number, limit: number): Promise<OldVersion[]> =>
  db.all<OldVersion>(
    sql`SELECT v.key, o.owner, CASE WHEN o.host = ${LOCAL_HOST} THEN v.document END AS document
        FROM version v JOIN object o ON o.key = v.object
        WHERE v.key <= (SELECT key FROM version ORDER BY key DESC LIMIT 1 OFFSET ${most})
        ORDER BY v.key LIMIT ${limit}`,
  );

/** This version, and all that are older. */
export const dropVersionsUpTo = (key: number): Sql => sql`DELETE FROM version WHERE key <= ${key}`;
