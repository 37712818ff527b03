/** The SQL of archives: what a person has done and uploaded, a page at a time, and the job that a name stands for. */
import { list, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** Keys of the activities of these types that the person did, the oldest first. */
export async function findDeeds(
  db: Db,
  owner: number,
  types: readonly string[],
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT key FROM object WHERE owner = ${owner} AND kind = 'activity' AND type IN ${list(types)}
        AND deleted IS NULL AND key > ${after} ORDER BY key LIMIT ${limit}`,
  );
  return rows.map(({ key }) => key);
}

export interface FileRow {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  readonly created: number;
}

/** Files that the person has uploaded. */
export const findFiles = (db: Db, owner: number, after: number, limit: number): Promise<FileRow[]> =>
  db.all<FileRow>(
    sql`SELECT key, name, size, created FROM media WHERE owner = ${owner} AND key > ${after} ORDER BY key LIMIT ${limit}`,
  );

/** The job of this unique name that has not ended. */
export const findJobNamed = (
  db: Db,
  name: string,
): Promise<{ readonly kind: string; readonly due: number } | null> =>
  db.one(sql`SELECT kind, due FROM job WHERE once = ${name} AND buried IS NULL`);
