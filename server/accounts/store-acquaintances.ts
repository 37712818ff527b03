/** The SQL of what people note about others, and of what they prefer. */
import { hasChanged } from "../core/as-read.ts";
import { expecting, paddedList, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** An empty text is none. */
export const setRemark = (actor: number, about: number, text: string): Sql =>
  text === ""
    ? sql`DELETE FROM remark WHERE actor = ${actor} AND about = ${about}`
    : sql`INSERT INTO remark (actor, about, text) VALUES (${actor}, ${about}, ${text})
        ON CONFLICT (actor, about) DO UPDATE SET text = excluded.text`;

/** JSON, or null for whoever changed nothing, or does not live here. */
export async function findPreferences(db: Db, account: number): Promise<string | null> {
  const row = await db.one<{ preferences: string | null }>(
    sql`SELECT preferences FROM account WHERE actor = ${account}`,
  );
  return row?.preferences ?? null;
}

/** The same of those of these accounts that changed something. */
export async function findManyPreferences(
  db: Db,
  accounts: readonly number[],
): Promise<{ readonly actor: number; readonly preferences: string }[]> {
  if (accounts.length === 0) return [];
  return db.all(
    sql`SELECT actor, preferences FROM account WHERE actor IN ${paddedList(accounts)} AND preferences IS NOT NULL`,
  );
}

/** Fails the batch (`hasChanged`) where they are no longer `before`. */
export const changePreferences = (account: number, before: string | null, json: string): Sql =>
  expecting(
    1,
    sql`UPDATE account SET preferences = ${json}
        WHERE actor = ${account} AND COALESCE(preferences, '') = ${before ?? ""}`,
    hasChanged,
  );
