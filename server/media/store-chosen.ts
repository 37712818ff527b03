/** The SQL of files that somebody chooses again by their keys. */
import { list, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { MediaRow } from "./store.ts";

/** Those of `keys` that are files of this person. */
export async function findMediaByKeys(
  db: Db,
  owner: number,
  keys: readonly number[],
): Promise<ReadonlyMap<number, MediaRow>> {
  if (keys.length === 0) return new Map();
  const rows = await db.all<MediaRow>(
    sql`SELECT key, owner, name, media_type AS "mediaType", size AS "sizeBytes", width, height
        FROM media WHERE owner = ${owner} AND key IN ${list(keys)}`,
  );
  return new Map(rows.map((row) => [row.key, row]));
}
