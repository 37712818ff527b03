/** The SQL of the client API: what reached somebody, newest first. */
import type { Entity } from "../../core/entity.ts";
import { type ObjectRow, objectColumns, toEntity } from "../../core/store.ts";
import { visibleTo } from "../../core/store-visibility.ts";
import { MAX_KEY } from "../../lib/id.ts";
import { raw, type Sql, sql } from "../../lib/sql.ts";
import { statement } from "../../queries/store-statement.ts";
import type { Db } from "../../storage/db.ts";

export interface Range {
  /** Only what has a smaller key, the newest of it. */
  readonly before?: number;
  /** Only what has a greater key, the oldest of it. */
  readonly after?: number;
  readonly limit: number;
}

interface Holes {
  readonly viewer: number;
  readonly cursor: number;
  readonly limit: number;
}

type Direction = { readonly beyond: Sql; readonly order: Sql };

const inbox = (direction: Direction) =>
  statement<{ viewer: number; cursor: number; limit: number }>(
    (hole) => sql`SELECT ${objectColumns} FROM (
        SELECT item FROM (${lane(raw("'home'"), hole, direction)}) h
        UNION SELECT item FROM (${lane(raw("'inbox'"), hole, direction)}) i
      ) line JOIN object o ON o.key = line.item LEFT JOIN object s ON s.key = o.subject
      ORDER BY o.key ${direction.order} LIMIT ${hole.limit}`,
  );

/** One lane, walked from the cursor by its index. */
const lane = (name: Sql, { viewer, cursor, limit }: Holes, { beyond, order }: Direction): Sql =>
  sql`SELECT m.item FROM member m JOIN object o ON o.key = m.item
      WHERE m.collection = (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${name})
        AND m.item ${beyond} ${cursor}
        AND o.owner <> ${viewer} AND o.document IS NOT NULL AND ${visibleTo(viewer)}
        AND NOT EXISTS (SELECT 1 FROM member b WHERE b.item = o.owner AND b.collection =
          (SELECT key FROM collection WHERE owner = ${viewer} AND name = 'blocked'))
      ORDER BY m.item ${order} LIMIT ${limit}`;

const downwards = inbox({ beyond: raw("<"), order: raw("DESC") });
const upwards = inbox({ beyond: raw(">"), order: raw("ASC") });

/**
 * Activities that reached the viewer, both lanes in one. Without the viewer's own, and without those of actors that
 * the viewer has blocked since. Newest first.
 */
export async function findInbox(db: Db, viewer: number, range: Range): Promise<Entity[]> {
  const { before = MAX_KEY, after, limit } = range;
  if (after === undefined) {
    return (await db.all<ObjectRow>(downwards({ viewer, cursor: before, limit }))).map(toEntity);
  }
  return (await db.all<ObjectRow>(upwards({ viewer, cursor: after, limit }))).map(toEntity).reverse();
}

const shown = statement<{ viewer: number; keys: readonly number[] }>(
  ({ viewer, keys }) => sql`SELECT ${objectColumns} FROM object o LEFT JOIN object s ON s.key = o.subject
      WHERE o.key IN ${keys} AND (o.deleted IS NOT NULL OR (${visibleTo(viewer)}))`,
);

/** Those of the rows that the viewer may see, and the graves among them: by key. */
export async function findShown(
  db: Db,
  viewer: number,
  keys: readonly number[],
): Promise<ReadonlyMap<number, Entity>> {
  if (keys.length === 0) return new Map();
  const rows = await db.all<ObjectRow>(shown({ viewer, keys: [...new Set(keys)] }));
  return new Map(rows.map((row) => [row.key, toEntity(row)]));
}
