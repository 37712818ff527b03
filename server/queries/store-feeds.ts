/** The SQL of feeds: rows newest first from one index each, with a word on whether the viewer is shown them. */
import { IN_GROUP, isHostListed, visibleTo } from "../core/store-visibility.ts";
import { has, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { type ObjectRow, rowColumns } from "./store.ts";
import { type Bounds, ranged, statement } from "./store-statement.ts";

/** A line of a feed. What is not shown has the cursor alone, so that whoever reads can go on behind it. */
export interface FeedRow extends ObjectRow {
  /** The cursor. */
  readonly at: number;
  /** Of the activity that put it there; null where it stands for itself. */
  readonly activity_type: string | null;
  readonly actor: number | null;
  /** The server of that actor. */
  readonly actor_host: number | null;
  /** 1 where the viewer may see it, and wants to. */
  readonly shown: number;
}

/** An actor's key, or the column that holds those of many viewers; null for a stranger. */
export type Seer = number | Sql | null;

export const isPresent = raw(
  "o.document IS NOT NULL AND o.deleted IS NULL AND o.kind IN ('object', 'collection')",
);

/**
 * The viewer keeps this actor in the list. The list's key is found once for the whole statement; where there is
 * no such list, nothing is looked up at all.
 */
const isIn = (viewer: Seer, name: "blocked" | "muted" | "following", actor: Sql): Sql =>
  viewer === null
    ? raw("1 = 0")
    : has(sql`FROM member h WHERE h.item = ${actor} AND h.collection =
        (SELECT key FROM collection WHERE owner = ${viewer} AND name = ${raw(`'${name}'`)})`);

export const isBlocked = (viewer: Seer, actor: Sql): Sql => isIn(viewer, "blocked", actor);

export const isAvoided = (viewer: Seer, actor: Sql): Sql =>
  sql`(${isIn(viewer, "blocked", actor)} OR ${isIn(viewer, "muted", actor)})`;

/** Of people and servers that are limited public lists show what they wrote to those who follow them, and to themselves. */
export const isListed = (viewer: Seer): Sql =>
  viewer === null
    ? sql`(o.held < 2 AND ${isHostListed})`
    : sql`((o.held < 2 AND ${isHostListed}) OR o.owner = ${viewer} OR ${isIn(viewer, "following", AUTHOR)})`;

const ACTOR = raw("a.owner");
export const AUTHOR = raw("o.owner");

export const flag = (condition: Sql): Sql => sql`CASE WHEN ${condition} THEN 1 ELSE 0 END AS shown`;

/** Own words of whoever is seen are judged once: a Create is for the same people as what it makes. */
const isActivityVisible = (viewer: Seer): Sql =>
  sql`(a.deleted IS NULL AND (a.owner = o.owner OR (${visibleTo(viewer, "a")})))`;

/** Lines are activities; of what a relay brought there is only the thing itself, and it is the line. */
const feedOf = (
  viewer: number | null,
  name: Sql,
  owner: Sql,
  shown: Sql,
  hole: { [K in keyof Bounds]: number },
  order: Sql,
): Sql =>
  sql`SELECT m.item AS at, CASE WHEN a.kind = 'activity' THEN a.type END AS activity_type, a.owner AS actor, a.host AS actor_host, ${rowColumns(viewer)}, ${flag(shown)}
    FROM member m LEFT JOIN object a ON a.key = m.item LEFT JOIN object o ON o.key = COALESCE(a.subject, a.key)
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${owner} AND name = ${name})
      AND m.item < ${hole.before} AND m.item > ${hole.after}
    ORDER BY m.item ${order} LIMIT ${hole.limit}`;

/** A line of a home feed (the activity `a` about `o`) is shown to its owner. */
export const isShownAtHome = (viewer: Seer): Sql =>
  sql`${isPresent} AND ${visibleTo(viewer)} AND ${isActivityVisible(viewer)}
      AND NOT ${isAvoided(viewer, ACTOR)} AND (o.owner = a.owner OR NOT ${isAvoided(viewer, AUTHOR)})`;

/** `o` is shown to the viewer in lists that are for everybody. */
export const isShownInPublic = (viewer: Seer): Sql =>
  sql`${isPresent} AND ${visibleTo(viewer)} AND ${isListed(viewer)} AND NOT ${isAvoided(viewer, AUTHOR)}`;

const home = ranged<{ owner: number }>((hole, viewer, order) =>
  feedOf(viewer, raw("'home'"), sql`${hole.owner}`, isShownAtHome(viewer), hole, order),
);

/** Posts and shares of those whom the viewer follows, and the viewer's own. */
export const findHome = (db: Db, viewer: number, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(home({ owner: viewer }, range, viewer));

/** By somebody, or in a group, that is in the list now. */
const isOfList = (list: number): Sql => {
  const items = sql`(SELECT key FROM collection WHERE owner = ${list} AND name = 'items')`;
  return sql`(${has(sql`FROM member h WHERE h.item = a.owner AND h.collection = ${items}`)}
    OR ${has(sql`FROM link g JOIN member h ON h.item = g.target AND h.collection = ${items}
      WHERE g.source = o.key AND g.property = ${raw(`'${IN_GROUP}'`)}`)})`;
};

const ofList = ranged<{ list: number }>((hole, viewer, order) =>
  feedOf(
    viewer,
    raw("'home'"),
    sql`${hole.list}`,
    sql`${isPresent} AND ${visibleTo(viewer)} AND ${isActivityVisible(viewer)} AND ${isOfList(hole.list)}
      AND NOT ${isAvoided(viewer, ACTOR)} AND (o.owner = a.owner OR NOT ${isAvoided(viewer, AUTHOR)})`,
    hole,
    order,
  ),
);

/** Posts and shares of the people in a list of the viewer's. */
export const findOfList = (db: Db, list: number, viewer: number, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(ofList({ list }, range, viewer));

/** A reply to somebody else; a thread with oneself is none. From the activity to what it caused: few rows each. */
const isAnswer = has(
  raw(`FROM member r WHERE r.cause = a.key
    AND (SELECT rc.name FROM collection rc WHERE rc.key = r.collection) = 'replies'
    AND COALESCE((SELECT p.owner FROM object p WHERE p.key =
      (SELECT rc.owner FROM collection rc WHERE rc.key = r.collection)), 0) <> a.owner`),
);

const profile = (answers: Sql) =>
  ranged<{ owner: number }>((hole, viewer, order) =>
    feedOf(
      viewer,
      raw("'posts'"),
      sql`${hole.owner}`,
      sql`${isPresent} AND ${visibleTo(viewer)} AND ${isActivityVisible(viewer)}
        AND NOT ${isBlocked(viewer, ACTOR)}
        AND (o.owner = a.owner OR NOT ${isAvoided(viewer, AUTHOR)})${answers}`,
      hole,
      order,
    ),
  );

const profiles = { all: profile(raw("")), withoutReplies: profile(sql` AND NOT ${isAnswer}`) };

/** What an actor published and shared. */
export const findPosts = (
  db: Db,
  actor: number,
  viewer: number | null,
  range: Range,
  which: keyof typeof profiles,
): Promise<FeedRow[]> => db.all<FeedRow>(profiles[which]({ owner: actor }, range, viewer));

export const OBJECT_LINE = raw("NULL AS activity_type, NULL AS actor, NULL AS actor_host");

const local = ranged<Record<never, never>>(
  (hole, viewer, order) =>
    sql`SELECT o.key AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(isShownInPublic(viewer))}
    FROM object o WHERE o.host = 0 AND o.kind = 'object' AND o.visibility = 0
      AND o.key < ${hole.before} AND o.key > ${hole.after}
    ORDER BY o.key ${order} LIMIT ${hole.limit}`,
);

/** What people here wrote for everybody. */
export const findLocal = (db: Db, viewer: number | null, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(local({}, range, viewer));

const everywhere = ranged<Record<never, never>>(
  (hole, viewer, order) =>
    sql`SELECT o.key AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(isShownInPublic(viewer))}
    FROM object o WHERE o.kind = 'object' AND o.visibility = 0
      AND o.key < ${hole.before} AND o.key > ${hole.after}
    ORDER BY o.key ${order} LIMIT ${hole.limit}`,
);

/** What is for everybody and has come here from anywhere. Every other row or so is one: no index of its own is needed. */
export const findEverywhere = (db: Db, viewer: number | null, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(everywhere({}, range, viewer));

const tagged = ranged<{ tag: string }>(
  (hole, viewer, order) =>
    sql`SELECT f.source AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(sql`o.visibility = 0 AND ${isShownInPublic(viewer)}`)}
    FROM fact f LEFT JOIN object o ON o.key = f.source
    WHERE f.property = 'hashtag' AND f.value = ${hole.tag}
      AND f.source < ${hole.before} AND f.source > ${hole.after}
    ORDER BY f.source ${order} LIMIT ${hole.limit}`,
);

/** What is for everybody and carries the tag (lower case, without `#`). */
export const findTagged = (db: Db, tag: string, viewer: number | null, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(tagged({ tag }, range, viewer));

const inGroup = ranged<{ group: number }>(
  (hole, viewer, order) =>
    sql`SELECT g.source AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(
      sql`${isPresent} AND ${visibleTo(viewer)} AND NOT ${isAvoided(viewer, AUTHOR)}`,
    )}
    FROM link g JOIN object o ON o.key = g.source AND o.kind <> 'activity'
    WHERE g.target = ${hole.group} AND g.property = ${raw(`'${IN_GROUP}'`)}
      AND g.source < ${hole.before} AND g.source > ${hole.after}
    ORDER BY g.source ${order} LIMIT ${hole.limit}`,
);

/** What is in a group, replies included. */
export const findInGroup = (db: Db, group: number, viewer: number | null, range: Range): Promise<FeedRow[]> =>
  db.all<FeedRow>(inGroup({ group }, range, viewer));

const listed = ranged<{ owner: number; name: string }>(
  (hole, viewer, order) =>
    sql`SELECT m.cause AS at, ${OBJECT_LINE}, ${rowColumns(viewer)}, ${flag(
      sql`${isPresent} AND ${visibleTo(viewer)} AND NOT ${isBlocked(viewer, AUTHOR)}`,
    )}
    FROM member m LEFT JOIN object o ON o.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${hole.owner} AND name = ${hole.name})
      AND m.cause IS NOT NULL AND m.cause < ${hole.before} AND m.cause > ${hole.after}
    ORDER BY m.cause ${order} LIMIT ${hole.limit}`,
);

/** Objects in a list that an actor keeps (`bookmarks`, `liked`, `featured`), the newest addition first. */
export const findListed = (
  db: Db,
  owner: number,
  name: string,
  viewer: number | null,
  range: Range,
): Promise<FeedRow[]> => db.all<FeedRow>(listed({ owner, name }, range, viewer));

/** Types whose media hang on them by `attachment` or `image`, and in no other way. Nearly everything is of one of them. */
const TEXTS = raw("('Note', 'Article', 'Page', 'Question', 'Event')");

const withMedia = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT o.key FROM object o WHERE o.key IN ${keys} AND o.document IS NOT NULL
    AND (o.type IS NULL OR o.type NOT IN ${TEXTS} OR o.document LIKE '%"attachment"%' OR o.document LIKE '%"image"%')`,
);

/** Those of the objects that may have media; what is missing has none. The texts are searched, not parsed: quick, and coarse. */
export async function findWithMedia(db: Db, keys: readonly number[]): Promise<ReadonlySet<number>> {
  if (keys.length === 0) return new Set();
  const rows = await db.all<{ readonly key: number }>(withMedia({ keys }));
  return new Set(rows.map(({ key }) => key));
}
