/** The SQL of earlier versions. */
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface VersionRow {
  readonly made: number;
  readonly document: string;
}

/** The newest first. */
export const findVersions = (db: Db, object: number): Promise<VersionRow[]> =>
  db.all<VersionRow>(sql`SELECT made, document FROM version WHERE object = ${object} ORDER BY key DESC`);
