/** The SQL of collections as documents list them: addresses, newest first, with a word on whether they are shown. */
import { threadBelow } from "../core/store-threads.ts";
import { visibleTo } from "../core/store-visibility.ts";
import { has, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { type Bounds, ranged, statement } from "./store-statement.ts";

export interface ListedRow {
  /** The cursor. */
  readonly at: number;
  readonly key: number;
  readonly iri: string;
  readonly shown: number;
}

const total = statement<{ owner: number; name: string }>(
  ({ owner, name }) => sql`SELECT total FROM collection WHERE owner = ${owner} AND name = ${name}`,
);

/** Null where the collection was never made. */
export async function findTotal(db: Db, owner: number, name: string): Promise<number | null> {
  return (await db.one<{ total: number }>(total({ owner, name })))?.total ?? null;
}

const open = statement<{ owner: number }>(
  ({ owner }) => sql`SELECT count(*) AS total FROM member m JOIN object a ON a.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${owner} AND name = 'posts') AND a.visibility <= 1`,
);

/** How many posts and shares of an actor are for everybody: reads a row for each that there is. */
export const countOpen = async (db: Db, owner: number): Promise<number> =>
  Number((await db.one<{ total: number }>(open({ owner })))?.total ?? 0);

const own = statement<{ owner: number; most: number }>(
  ({ owner, most }) => sql`SELECT count(*) AS total FROM (SELECT 1 AS one FROM object a
    WHERE a.owner = ${owner} AND a.kind = 'activity' AND a.deleted IS NULL AND a.held < 4 LIMIT ${most}) x`,
);

/** How many activities of an actor the actor itself may see, `most` where there are more: reads a row for each. */
export const countOwn = async (db: Db, owner: number, most: number): Promise<number> =>
  Number((await db.one<{ total: number }>(own({ owner, most })))?.total ?? 0);

const serves = statement<{ group: number; asker: number }>(
  ({ group, asker }) => sql`SELECT 1 AS yes FROM object v
    WHERE v.key = ${asker} AND v.type = 'Application' AND ${has(sql`FROM collection c
      JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item
      WHERE c.owner = ${group} AND c.name = 'members' AND o.host = v.host`)}`,
);

/** Whether the asker is the actor of a server on which somebody lives who is in the group. */
export const servesMember = async (db: Db, group: number, asker: number): Promise<boolean> =>
  (await db.one(serves({ group, asker }))) !== null;

type Holes = { readonly [K in keyof Bounds]: number } & { readonly owner: number; readonly name: number };

const flag = (condition: Sql): Sql => sql`CASE WHEN ${condition} THEN 1 ELSE 0 END AS shown`;

const collectionOf = ({ owner, name }: Holes): Sql =>
  sql`m.collection = (SELECT key FROM collection WHERE owner = ${owner} AND name = ${name})`;

const outbox = ranged<{ owner: number }>(
  (
    { owner, before, after, limit },
    viewer,
    order,
  ) => sql`SELECT a.key AS at, a.key, a.iri, ${flag(visibleTo(viewer, "a"))}
    FROM object a WHERE a.owner = ${owner} AND a.kind = 'activity' AND a.key < ${before} AND a.key > ${after}
    ORDER BY a.key ${order} LIMIT ${limit}`,
);

/** Every activity of an actor. */
export const findOutbox = (
  db: Db,
  owner: number,
  viewer: number | null,
  range: Range,
): Promise<ListedRow[]> => db.all<ListedRow>(outbox({ owner }, range, viewer));

const lane = (name: string, owner: number, { before, after, limit }: Holes | Bounds, order: Sql): Sql =>
  sql`SELECT l.item FROM (SELECT m.item FROM member m
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${owner} AND name = ${raw(`'${name}'`)})
      AND m.item < ${before} AND m.item > ${after} ORDER BY m.item ${order} LIMIT ${limit}) l`;

const inbox = ranged<{ owner: number }>(
  (hole, viewer, order) => sql`SELECT a.key AS at, a.key, a.iri,
      ${flag(sql`a.owner <> ${hole.owner} AND ${visibleTo(viewer, "a")}`)}
    FROM (${lane("home", hole.owner, hole, order)} UNION ${lane("inbox", hole.owner, hole, order)}) x
    JOIN object a ON a.key = x.item ORDER BY a.key ${order} LIMIT ${hole.limit}`,
);

/** What reached somebody: both lanes as one. */
export const findInbox = (db: Db, owner: number, range: Range): Promise<ListedRow[]> =>
  db.all<ListedRow>(inbox({ owner }, range, owner));

const byCause = (columns: Sql, condition: (viewer: number | null) => Sql) =>
  ranged<{ owner: number; name: string }>(
    (hole, viewer, order) => sql`SELECT m.cause AS at, ${columns}, ${flag(condition(viewer))}
      FROM member m JOIN object o ON o.key = m.item JOIN object a ON a.key = m.cause
      WHERE ${collectionOf(hole)} AND m.cause IS NOT NULL AND m.cause < ${hole.before} AND m.cause > ${hole.after}
      ORDER BY m.cause ${order} LIMIT ${hole.limit}`,
  );

const ITEM = raw("o.key, o.iri");
const CAUSE = raw("a.key, a.iri");

const lists = {
  /** Who or what is in it. */
  items: byCause(ITEM, (viewer) => visibleTo(viewer)),
  /** The activities that keep somebody in it (likes, shares), as far as they are the viewer's business. */
  causes: byCause(CAUSE, (viewer) => visibleTo(viewer, "a")),
  /** What somebody did something with, where both the thing and the doing may be seen (liked). */
  deeds: byCause(ITEM, (viewer) => sql`${visibleTo(viewer)} AND ${visibleTo(viewer, "a")}`),
};

export type Served = keyof typeof lists;

export const findCaused = (
  db: Db,
  list: { readonly owner: number; readonly name: string; readonly served: Served },
  viewer: number | null,
  range: Range,
): Promise<ListedRow[]> =>
  db.all<ListedRow>(lists[list.served]({ owner: list.owner, name: list.name }, range, viewer));

const byItem = ranged<{ owner: number; name: string }>(
  (hole, viewer, order) => sql`SELECT m.item AS at, o.key, o.iri, ${flag(visibleTo(viewer))}
    FROM member m JOIN object o ON o.key = m.item
    WHERE ${collectionOf(hole)} AND m.item < ${hole.before} AND m.item > ${hole.after}
    ORDER BY m.item ${order} LIMIT ${hole.limit}`,
);

/** In the order of the items themselves. */
export const findItems = (
  db: Db,
  owner: number,
  name: string,
  viewer: number | null,
  range: Range,
): Promise<ListedRow[]> => db.all<ListedRow>(byItem({ owner, name }, range, viewer));

const conversation = ranged<{ root: number }>(
  (hole, viewer, order) => sql`SELECT o.key AS at, o.key, o.iri,
      ${flag(sql`o.document IS NOT NULL AND o.kind = 'object' AND ${visibleTo(viewer)}`)}
    FROM ${threadBelow(hole.root)} t JOIN object o ON o.key = t.key
    WHERE o.key < ${hole.before} AND o.key > ${hole.after}
    ORDER BY o.key ${order} LIMIT ${hole.limit}`,
);

/** The thing and everything that answers it, as far as it is here. */
export const findConversation = (
  db: Db,
  root: number,
  viewer: number | null,
  range: Range,
): Promise<ListedRow[]> => db.all<ListedRow>(conversation({ root }, range, viewer));
