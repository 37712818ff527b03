/** The SQL of searching: entries of the index that match, with a word on whether the viewer is shown them. */
import { isHostListed, isHostShown, visibleTo } from "../core/store-visibility.ts";
import { has, type Sql, sql } from "../lib/sql.ts";
import type { Db, SearchIndex } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { rowColumns } from "./store.ts";
import {
  AUTHOR,
  type FeedRow,
  flag,
  isAvoided,
  isBlocked,
  isListed,
  isPresent,
  OBJECT_LINE,
} from "./store-feeds.ts";
import { isHereAlready } from "./store-people.ts";
import { ranged, statement, statementFor } from "./store-statement.ts";

/** What is asked among what is for everybody (`open`), and among what concerns the viewer (`own`); null asks nothing. */
export interface Reaches {
  /** As `SearchIndex.textOf` gives it. */
  readonly open: string | null;
  readonly own: string | null;
}

export interface SearchReads {
  /** Things whose entries match, each way in the order of their keys; what is found in both ways comes twice. */
  things(asked: Reaches, viewer: number | null, range: Range): Promise<FeedRow[]>;
  /** Keys of actors whose entries match, the newest first. */
  actors(match: string, limit: number): Promise<number[]>;
  /** Tags (as stored: lower case, no sign) that begin so and that something carries which the viewer may see, in alphabetical order. */
  tags(beginning: string, viewer: number | null, limit: number): Promise<string[]>;
}

/** Whoever reads here finds what people here wrote for everybody; of others, and for strangers, only with their consent. */
const isAgreed = (viewer: number | null): Sql => {
  const consent = has(sql`FROM search_consent sc WHERE sc.actor = o.owner`);
  // What people say is listed where they want it; materials are made to be found.
  return viewer === null
    ? sql`(${consent} OR (o.host = 0 AND o.type NOT IN ('Note', 'Question')))`
    : sql`(o.host = 0 OR ${consent})`;
};

export function createSearchReads(db: Db, index: SearchIndex): SearchReads {
  type Hole = {
    readonly match: number;
    readonly before: number;
    readonly after: number;
    readonly limit: number;
  };
  const found = (shown: Sql, hole: Hole, viewer: number | null, order: Sql): Sql =>
    sql`SELECT ${index.key} AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(shown)}
      FROM ${index.entries} CROSS JOIN object o
      WHERE ${index.isMatch(hole.match)} AND o.key = ${index.key}
        AND ${index.key} < ${hole.before} AND ${index.key} > ${hole.after}
      ORDER BY ${index.key} ${order} LIMIT ${hole.limit}`;
  const inOpen = (hole: Hole, viewer: number | null, order: Sql): Sql =>
    found(
      sql`${isPresent} AND o.visibility = 0 AND ${visibleTo(viewer)} AND ${isAgreed(viewer)}
        AND ${isListed(viewer)} AND NOT ${isAvoided(viewer, AUTHOR)}`,
      hole,
      viewer,
      order,
    );
  const inOwn = (hole: Hole, viewer: number | null, order: Sql): Sql =>
    found(
      sql`${isPresent} AND ${visibleTo(viewer)} AND NOT ${isBlocked(viewer, AUTHOR)}`,
      hole,
      viewer,
      order,
    );
  const open = ranged<{ match: string }>(inOpen);
  const own = ranged<{ match: string }>(inOwn);
  // One statement for both: each way to the thread and back takes as long as most questions.
  const both = ranged<{ open: string; own: string }>(
    (hole, viewer, order) => sql`SELECT * FROM (${inOpen({ ...hole, match: hole.open }, viewer, order)}) open
      UNION ALL SELECT * FROM (${inOwn({ ...hole, match: hole.own }, viewer, order)}) own`,
  );
  const actors = statement<{ match: string; limit: number }>(
    ({ match, limit }) => sql`SELECT o.key FROM ${index.entries} CROSS JOIN object o
      WHERE ${index.isMatch(match)} AND o.key = ${index.key} AND o.kind = 'actor' AND o.deleted IS NULL AND o.held < 2
        AND ${isHereAlready("o")} AND ${isHostShown()} AND ${isHostListed}
      ORDER BY ${index.key} DESC LIMIT ${limit}`,
  );
  return {
    async things(asked, viewer, range) {
      if (asked.open !== null && asked.own !== null)
        return db.patiently<FeedRow>(both({ open: asked.open, own: asked.own }, range, viewer));
      if (asked.open !== null) return db.patiently<FeedRow>(open({ match: asked.open }, range, viewer));
      if (asked.own !== null) return db.patiently<FeedRow>(own({ match: asked.own }, range, viewer));
      return [];
    },
    async actors(match, limit) {
      return (await db.patiently<{ key: number }>(actors({ match, limit }))).map(({ key }) => key);
    },
    async tags(beginning, viewer, limit) {
      const rows = await db.all<{ value: string }>(
        tagNames({ beginning, end: `${beginning}\u{10ffff}`, limit }, viewer),
      );
      return rows.map(({ value }) => value);
    },
  };
}

/** From name to name, one look into the index for each, however many things carry it. */
const tagNames = statementFor<{ beginning: string; end: string; limit: number }>(
  ({ beginning, end, limit }, viewer) => sql`WITH RECURSIVE named (value, n) AS (
      SELECT (SELECT MIN(f.value) FROM fact f WHERE f.property = 'hashtag' AND f.value >= ${beginning}), 1
      UNION ALL
      SELECT (SELECT MIN(f.value) FROM fact f WHERE f.property = 'hashtag' AND f.value > named.value), n + 1
        FROM named WHERE named.value < ${end} AND n < ${limit})
    SELECT named.value FROM named WHERE named.value < ${end} AND ${has(sql`FROM fact f JOIN object o ON o.key = f.source
      WHERE f.property = 'hashtag' AND f.value = named.value AND ${isPresent} AND o.visibility = 0
        AND ${visibleTo(viewer)} AND ${isListed(viewer)}`)}
    ORDER BY named.value`,
);

const groups = statement<{ person: number; limit: number }>(
  ({ person, limit }) => sql`SELECT o.key FROM member m JOIN object o ON o.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${person} AND name = 'following')
      AND o.type = 'Group' AND o.host = 0 AND o.deleted IS NULL AND o.held < 4
      AND ${has(sql`FROM member mm WHERE mm.item = ${person} AND mm.collection =
        (SELECT key FROM collection WHERE owner = o.key AND name = 'members')`)}
    ORDER BY m.item DESC LIMIT ${limit}`,
);

/** Groups that live here and in which the person is. */
export async function findOwnGroups(db: Db, person: number, limit: number): Promise<number[]> {
  return (await db.all<{ key: number }>(groups({ person, limit }))).map(({ key }) => key);
}
