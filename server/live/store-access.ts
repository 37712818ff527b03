/** The SQL of whether access is still good, for many at once. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** Keys in one statement. */
const AT_ONCE = 500;

export const findActiveAccounts = (db: Db, keys: readonly number[]): Promise<ReadonlySet<number>> =>
  among(
    db,
    keys,
    (some) => sql`SELECT actor AS key FROM account WHERE actor IN ${list(some)} AND state = 'active'`,
  );

export const findOpenConsents = (db: Db, keys: readonly number[]): Promise<ReadonlySet<number>> =>
  among(db, keys, (some) => sql`SELECT key FROM oauth_grant WHERE key IN ${list(some)} AND revoked IS NULL`);

export const findOpenSessions = (
  db: Db,
  keys: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> =>
  among(db, keys, (some) => sql`SELECT key FROM session WHERE key IN ${list(some)} AND expires > ${nowMs}`);

async function among(
  db: Db,
  keys: readonly number[],
  query: (some: readonly number[]) => Sql,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (let at = 0; at < keys.length; at += AT_ONCE)
    for (const { key } of await db.all<{ key: number }>(query(keys.slice(at, at + AT_ONCE)))) found.add(key);
  return found;
}
