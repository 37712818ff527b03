/** The SQL of sanctions, and of what they hold back. */
import { HELD, HELD_BY_OWNER, type Kind } from "../core/entity.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Sanction, SanctionKind } from "./sanction.ts";

const COLUMNS =
  raw(`s.key, s.actor, s.object, s.kind, s.text, s.report, s.by_actor AS "by", s.lifted AS "liftedMs",
  s.erased_at AS "erasedAtMs", s.appeal, s.appealed AS "appealedMs", s.answer, s.answered AS "answeredMs"`);

export const findSanction = (db: Db, key: number): Promise<Sanction | null> =>
  db.one<Sanction>(sql`SELECT ${COLUMNS} FROM sanction s WHERE s.key = ${key}`);

/** Newest first. */
export const findSanctionsOf = (db: Db, actor: number, limit: number): Promise<Sanction[]> =>
  db.all<Sanction>(
    sql`SELECT ${COLUMNS} FROM sanction s WHERE s.actor = ${actor} ORDER BY s.key DESC LIMIT ${limit}`,
  );

/** Those that hold now: of the actor, or of one post. */
export const findHolding = (
  db: Db,
  about: { readonly actor: number } | { readonly object: number },
): Promise<{ readonly key: number; readonly kind: SanctionKind }[]> =>
  db.all(
    "actor" in about
      ? sql`SELECT key, kind FROM sanction WHERE actor = ${about.actor} AND object IS NULL AND lifted IS NULL`
      : sql`SELECT key, kind FROM sanction WHERE object = ${about.object} AND lifted IS NULL`,
  );

/** Appeals that wait for an answer, the oldest first. */
export const findAppeals = (db: Db, limit: number): Promise<Sanction[]> =>
  db.all<Sanction>(
    sql`SELECT ${COLUMNS} FROM sanction s WHERE s.appealed IS NOT NULL AND s.answered IS NULL
        ORDER BY s.appealed LIMIT ${limit}`,
  );

export const insertSanction = (
  sanction: Pick<Sanction, "key" | "actor" | "object" | "kind" | "text" | "report" | "by" | "erasedAtMs">,
): Sql =>
  sql`INSERT INTO sanction (key, actor, object, kind, text, report, by_actor, erased_at)
      VALUES (${sanction.key}, ${sanction.actor}, ${sanction.object}, ${sanction.kind}, ${sanction.text},
        ${sanction.report}, ${sanction.by}, ${sanction.erasedAtMs})`;

/** Touches no row where it was taken back already. */
export const liftSanction = (key: number, nowMs: number): Sql =>
  sql`UPDATE sanction SET lifted = ${nowMs}, erased_at = NULL WHERE key = ${key} AND lifted IS NULL`;

/** Touches no row where it was taken back, or where somebody waits for an answer. */
export const eraseFrom = (key: number, nowMs: number): Sql =>
  sql`UPDATE sanction SET erased_at = ${nowMs}
      WHERE key = ${key} AND lifted IS NULL AND (appealed IS NULL OR answered IS NOT NULL)`;

/** Touches no row where it was appealed before, or is not this person's. */
export const appealSanction = (key: number, actor: number, text: string, nowMs: number): Sql =>
  sql`UPDATE sanction SET appeal = ${text}, appealed = ${nowMs}
      WHERE key = ${key} AND actor = ${actor} AND appealed IS NULL AND lifted IS NULL`;

/** Touches no row where nobody asked, or where it was answered before. */
export const answerAppeal = (key: number, answer: string, by: number, nowMs: number): Sql =>
  sql`UPDATE sanction SET answer = ${answer}, answered = ${nowMs}, answered_by = ${by}
      WHERE key = ${key} AND appealed IS NOT NULL AND answered IS NULL`;

/** Keys of what the actor made, in order. */
export async function findMade(
  db: Db,
  actor: number,
  kind: Kind,
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT key FROM object WHERE owner = ${actor} AND kind = ${kind} AND key > ${after} ORDER BY key LIMIT ${limit}`,
  );
  return rows.map(({ key }) => key);
}

/** Everything of this kind that the actor made between the keys takes over what holds for the actor. */
export const takeOver = (actor: number, kind: Kind, after: number, upTo: number): Sql =>
  sql`UPDATE object SET held = (held & ${HELD.hidden}) | (SELECT w.held & ${HELD_BY_OWNER} FROM object w WHERE w.key = ${actor})
      WHERE owner = ${actor} AND kind = ${kind} AND key > ${after} AND key <= ${upTo}`;
