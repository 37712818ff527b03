/** The SQL of what uses a file: every place where something here may have its address. */
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/**
 * Whether anything that is still here has the address of this file of this person: what they wrote and its earlier
 * versions, what they will publish, anybody's profile here, and what the people who run this server need.
 * It reads all that the person ever wrote: for jobs alone.
 */
export async function isUsed(db: Db, owner: number, name: string): Promise<boolean> {
  const named = `%${name}%`;
  const looks = [
    sql`SELECT 1 AS used FROM object WHERE owner = ${owner} AND kind = 'object' AND deleted IS NULL
        AND document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM object WHERE host = 0 AND kind = 'actor' AND deleted IS NULL
        AND document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM version JOIN object ON object.key = version.object
        WHERE object.owner = ${owner} AND object.deleted IS NULL AND version.document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM scheduled WHERE actor = ${owner} AND draft LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM emoji WHERE path LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM announcement WHERE text LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM evidence WHERE content LIKE ${named} LIMIT 1`,
  ];
  for (const look of looks) if ((await db.one(look)) !== null) return true;
  return false;
}
