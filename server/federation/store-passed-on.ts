/** The SQL of what groups here pass on: texts as they came, for as long as something of them waits to be delivered. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export async function findPassedOn(db: Db, activity: number): Promise<string | null> {
  const row = await db.one<{ body: string }>(sql`SELECT body FROM passed_on WHERE activity = ${activity}`);
  return row?.body ?? null;
}

/** What was kept before that time, and no echo of which is still on its way. */
export const sweepPassedOn = (beforeMs: number): Sql =>
  sql`DELETE FROM passed_on WHERE kept < ${beforeMs} AND NOT EXISTS (
        SELECT 1 FROM object e JOIN delivery d ON d.activity = e.key
        WHERE e.subject = passed_on.activity AND e.type = 'Announce' AND d.state = 'waiting')`;
