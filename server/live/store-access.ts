/** The SQL of whether access is still good, for many at once. */
import type { Role } from "../accounts/account.ts";
import { consentMayGoOn, sessionMayGoOn } from "../accounts/store-factors.ts";
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

/** `requiring` are the roles that need a second factor. */
export const findOpenConsents = (
  db: Db,
  keys: readonly number[],
  requiring: readonly Role[],
): Promise<ReadonlySet<number>> =>
  among(
    db,
    keys,
    (some) => sql`SELECT g.key AS key FROM oauth_grant g WHERE g.key IN ${list(some)} AND g.revoked IS NULL
      AND ${consentMayGoOn(sql`g.key`, requiring)}`,
  );

export const findOpenSessions = (
  db: Db,
  keys: readonly number[],
  nowMs: number,
  requiring: readonly Role[],
): Promise<ReadonlySet<number>> =>
  among(
    db,
    keys,
    (some) => sql`SELECT b.key AS key FROM session b WHERE b.key IN ${list(some)} AND b.expires > ${nowMs}
      AND ${sessionMayGoOn(sql`b.key`, requiring)}`,
  );

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
