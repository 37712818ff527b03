/** The SQL of what this server tells of others that it knows. */
import { sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";

/**
 * Names of servers with which something was exchanged, but those of which nothing is shown; in the order of their names.
 * A name that somebody merely avoids is nobody else's business.
 */
export async function findHostNames(db: Db, limit: number): Promise<string[]> {
  const rows = await db.all<{ name: string }>(
    sql`SELECT h.name FROM peer p JOIN host h ON h.key = p.host
        WHERE NOT EXISTS (SELECT 1 FROM hidden_host x WHERE x.host = h.key) ORDER BY h.name LIMIT ${limit}`,
  );
  return rows.map(({ name }) => name);
}

export async function countHosts(db: Db): Promise<number> {
  const row = await db.one<{ total: number }>(sql`SELECT count(*) AS total FROM peer`);
  return Number(row?.total ?? 0);
}
