/** How many are in each collection, counted anew: totals are kept beside it, and one that is wrong would stay so. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { holdCollections, LANES, RECORD } from "./store-writes.ts";

/** Looked at in one query: some milliseconds, as most collections are small. */
const COLLECTIONS_AT_ONCE = 1_000;
/** Feeds and records, which are not counted: their total stays 0. */
const UNCOUNTED = [LANES.home, LANES.inbox, RECORD];

const MEMBERS = sql`(SELECT count(*) FROM member WHERE collection = collection.key)`;

const findTotals = (db: Db, after: number): Promise<{ readonly key: number; readonly is_true: number }[]> =>
  db.all(sql`SELECT key, CASE WHEN total = ${MEMBERS} OR name IN ${list(UNCOUNTED)} THEN 1 ELSE 0 END AS is_true
    FROM collection WHERE key > ${after} ORDER BY key LIMIT ${COLLECTIONS_AT_ONCE}`);

const setTotals = (keys: readonly number[]): readonly Sql[] => [
  holdCollections(sql`key IN ${list(keys)}`),
  sql`UPDATE collection SET total = ${MEMBERS} WHERE key IN ${list(keys)}`,
];

/** Puts right every total that is wrong; gives back how many were. */
export async function recount(db: Db): Promise<number> {
  let corrected = 0;
  for (let after = 0; ; ) {
    const found = await findTotals(db, after);
    const wrong = found.filter(({ is_true }) => is_true === 0).map(({ key }) => key);
    if (wrong.length > 0) await db.batch(setTotals(wrong));
    corrected += wrong.length;
    const last = found.at(-1);
    if (last === undefined || found.length < COLLECTIONS_AT_ONCE) return corrected;
    after = last.key;
  }
}
