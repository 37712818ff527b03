/** The SQL of posts that are sent under a key, so that they are made once. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** Key of the post that was made under this name, or null. */
export async function findOnce(db: Db, account: number, name: string): Promise<number | null> {
  const row = await db.one<{ object: number }>(
    sql`SELECT object FROM posted_once WHERE account = ${account} AND name = ${name}`,
  );
  return row?.object ?? null;
}

/** Fails the batch with Problem `conflict` where the name was used before. */
export const insertOnce = (account: number, name: string, object: number, nowMs: number): Sql =>
  sql`INSERT INTO posted_once (account, name, object, made) VALUES (${account}, ${name}, ${object}, ${nowMs})`;

export const sweepOnce = (beforeMs: number): Sql => sql`DELETE FROM posted_once WHERE made < ${beforeMs}`;
