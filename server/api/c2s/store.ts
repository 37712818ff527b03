/** The SQL of the client API: what reached somebody, newest first. */
import type { Entity } from "../../core/entity.ts";
import { type ObjectRow, objectColumns, toEntity } from "../../core/store.ts";
import { visibleTo } from "../../core/store-visibility.ts";
import { MAX_KEY } from "../../lib/id.ts";
import { list, raw, type Sql, sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";

export interface Range {
  /** Only what has a smaller key, the newest of it. */
  readonly before?: number;
  /** Only what has a greater key, the oldest of it. */
  readonly after?: number;
  readonly limit: number;
}

/**
 * Activities that reached the viewer: both lanes in one, each walked from the cursor by its index. Without the
 * viewer's own, and without those of actors that the viewer has blocked since. Newest first.
 */
export async function findInbox(db: Db, viewer: number, range: Range): Promise<Entity[]> {
  const isUpwards = range.after !== undefined;
  const order = raw(isUpwards ? "ASC" : "DESC");
  const rows = await db.all<ObjectRow>(
    sql`SELECT ${objectColumns} FROM (
          SELECT item FROM (${lane(viewer, "home", range)}) h UNION SELECT item FROM (${lane(viewer, "inbox", range)}) i
        ) line JOIN object o ON o.key = line.item LEFT JOIN object s ON s.key = o.subject
        ORDER BY o.key ${order} LIMIT ${range.limit}`,
  );
  const found = rows.map(toEntity);
  return isUpwards ? found.reverse() : found;
}

function lane(viewer: number, name: "home" | "inbox", { before, after, limit }: Range): Sql {
  const isUpwards = after !== undefined;
  return sql`SELECT m.item FROM member m JOIN object o ON o.key = m.item
      WHERE m.collection = (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${name})
        AND m.item ${raw(isUpwards ? ">" : "<")} ${isUpwards ? after : (before ?? MAX_KEY)}
        AND o.owner <> ${viewer} AND o.document IS NOT NULL AND ${visibleTo(viewer)}
        AND NOT EXISTS (SELECT 1 FROM collection mine JOIN member b ON b.collection = mine.key
          WHERE mine.owner = ${viewer} AND mine.name = 'blocked' AND b.item = o.owner)
      ORDER BY m.item ${raw(isUpwards ? "ASC" : "DESC")} LIMIT ${limit}`;
}

/** Those of the rows that the viewer may see, and the graves among them: by key. */
export async function findShown(
  db: Db,
  viewer: number,
  keys: readonly number[],
): Promise<ReadonlyMap<number, Entity>> {
  if (keys.length === 0) return new Map();
  const rows = await db.all<ObjectRow>(
    sql`SELECT ${objectColumns} FROM object o LEFT JOIN object s ON s.key = o.subject
        WHERE o.key IN ${list([...new Set(keys)])} AND (o.deleted IS NOT NULL OR (${visibleTo(viewer)}))`,
  );
  return new Map(rows.map((row) => [row.key, toEntity(row)]));
}
