/** The SQL of conversations as the core and all faces walk them: from a thing down to everything that answers it. */
import { type Sql, sql } from "../lib/sql.ts";

/** What of one conversation is ever listed or looked through at once. */
export const MAX_THREAD = 1_000;

/**
 * Rows `key` of the thing and of what answers it, directly or not, the nearest first; `root` is a key, or the hole of a
 * prepared statement. `UNION` drops what was met before, so that replies in a circle end.
 */
export const threadBelow = (root: number): Sql =>
  sql`(WITH RECURSIVE thread (key) AS (
      SELECT CAST(${root} AS BIGINT)
      UNION
      SELECT m.item FROM thread t JOIN collection c ON c.owner = t.key AND c.name = 'replies'
      JOIN member m ON m.collection = c.key
    ) SELECT key FROM thread LIMIT ${MAX_THREAD})`;
