/** The SQL of when a mute ends, and what it leaves to be heard. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface MuteRow {
  readonly item: number;
  /** Null: never. */
  readonly ends: number | null;
  /** 1 where notices are muted too. */
  readonly notices: number;
}

const causeOf = (actor: number, item: number): Sql =>
  sql`(SELECT m.cause FROM member m WHERE m.item = ${item} AND m.collection =
    (SELECT key FROM collection WHERE owner = ${actor} AND name = 'muted'))`;

/** Of whoever is among the muted when the statement runs. */
export const setMute = (
  actor: number,
  item: number,
  terms: { readonly endsMs: number | null; readonly notices: boolean },
): Sql =>
  sql`INSERT INTO mute (activity, ends, notices)
      SELECT a.key, CAST(${terms.endsMs} AS BIGINT), CAST(${terms.notices ? 1 : 0} AS BIGINT) FROM object a
      WHERE a.key = ${causeOf(actor, item)}
      ON CONFLICT (activity) DO UPDATE SET ends = excluded.ends, notices = excluded.notices`;

/** The terms of those among `items` that are muted and have any. */
export async function findMutes(
  db: Db,
  actor: number,
  items: readonly number[],
): Promise<Map<number, MuteRow>> {
  if (items.length === 0) return new Map();
  const rows = await db.all<MuteRow>(
    sql`SELECT m.item, u.ends, u.notices FROM member m JOIN mute u ON u.activity = m.cause
        WHERE m.collection = (SELECT key FROM collection WHERE owner = ${actor} AND name = 'muted')
          AND m.item IN ${list(items)}`,
  );
  return new Map(rows.map((row) => [row.item, row]));
}
