/** The SQL of pictures from elsewhere that are kept on this node's disk. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface CachedRow {
  readonly id: string;
  /** Hash, dot, extension. */
  readonly name: string;
  readonly host: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

const columns = sql`id, name, host, size AS "sizeBytes", used AS "usedMs"`;

export const findCached = (db: Db, node: number, id: string): Promise<CachedRow | null> =>
  db.one<CachedRow>(sql`SELECT ${columns} FROM media_cache WHERE node = ${node} AND id = ${id}`);

/** In the place of what was there under that id. */
export const putCached = (node: number, row: CachedRow): Sql =>
  sql`INSERT INTO media_cache (node, id, name, host, size, used)
      VALUES (${node}, ${row.id}, ${row.name}, ${row.host}, ${row.sizeBytes}, ${row.usedMs})
      ON CONFLICT (node, id) DO UPDATE SET name = excluded.name, size = excluded.size, used = excluded.used`;

export const touchCached = (node: number, id: string, nowMs: number): Sql =>
  sql`UPDATE media_cache SET used = ${nowMs} WHERE node = ${node} AND id = ${id}`;

export const dropCached = (node: number, ids: readonly string[]): Sql =>
  sql`DELETE FROM media_cache WHERE node = ${node} AND id IN ${list(ids)}`;

/** Those that nobody has looked at for longest, of all hosts or of one. */
export function findOldest(db: Db, node: number, host: string | null, limit: number): Promise<CachedRow[]> {
  const ofHost = host === null ? sql`` : sql`AND host = ${host}`;
  return db.all<CachedRow>(
    sql`SELECT ${columns} FROM media_cache WHERE node = ${node} ${ofHost} ORDER BY used, id LIMIT ${limit}`,
  );
}

export interface HostUse {
  readonly host: string;
  readonly files: number;
  readonly bytes: number;
}

/** What each host takes, the most first. */
export async function findHostUse(db: Db, node: number): Promise<HostUse[]> {
  const rows = await db.all<{ host: string; files: number; bytes: number }>(
    sql`SELECT host, COUNT(*) AS files, CAST(SUM(size) AS BIGINT) AS bytes FROM media_cache
        WHERE node = ${node} GROUP BY host ORDER BY bytes DESC, host`,
  );
  return rows.map(({ host, files, bytes }) => ({ host, files: Number(files), bytes: Number(bytes) }));
}

/** Which of these files some row still needs, other than the rows `without`. */
export async function findNeeded(
  db: Db,
  node: number,
  names: readonly string[],
  without: readonly string[] = [],
): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const others = without.length === 0 ? sql`` : sql`AND id NOT IN ${list(without)}`;
  const rows = await db.all<{ name: string }>(
    sql`SELECT DISTINCT name FROM media_cache WHERE node = ${node} AND name IN ${list(names)} ${others}`,
  );
  return new Set(rows.map(({ name }) => name));
}
