/** The SQL of what is told to those who are streaming: one statement for many of them. */
import { IN_GROUP, visibleTo } from "../core/store-visibility.ts";
import { list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { AUTHOR, isBlocked, isShownAtHome, isShownInPublic } from "./store-feeds.ts";
import { statement } from "./store-statement.ts";

/** People asked about in one statement; the next ones are asked about after everybody else had a turn. */
export const PEOPLE_AT_ONCE = 500;
/** Lines about one thing that are looked for; a thing is rarely shared by more whom somebody here follows. */
const MAX_LINES_ABOUT = 50;
/** Answers above one another, on average of those that are looked at together. */
const MAX_STEPS_UP = 40;

export interface DoneRow {
  readonly key: number;
  readonly type: string | null;
  readonly actor: number | null;
  readonly subject: number | null;
  readonly subject_kind: string | null;
  readonly subject_type: string | null;
  readonly subject_visibility: number | null;
  readonly subject_host: number | null;
  /** What an activity that was undone was about. */
  readonly beyond: number | null;
}

const done = statement<{ keys: readonly number[] }>(
  ({
    keys,
  }) => sql`SELECT a.key, a.type, a.owner AS actor, a.subject, s.kind AS subject_kind, s.type AS subject_type,
      s.visibility AS subject_visibility, s.host AS subject_host, s.subject AS beyond
    FROM object a LEFT JOIN object s ON s.key = a.subject WHERE a.key IN ${keys} AND a.kind = 'activity'`,
);

/** The activities among `keys`, and what each is about. */
export const findDone = (db: Db, keys: readonly number[]): Promise<DoneRow[]> =>
  keys.length === 0 ? Promise.resolve([]) : db.all<DoneRow>(done({ keys }));

const tags = statement<{ keys: readonly number[] }>(
  ({ keys }) =>
    sql`SELECT f.source AS key, f.value FROM fact f WHERE f.source IN ${keys} AND f.property = 'hashtag'`,
);

/** Hashtags of each of these things. */
export async function findTagsOf(db: Db, keys: readonly number[]): Promise<Map<number, string[]>> {
  const rows = keys.length === 0 ? [] : await db.all<{ key: number; value: string }>(tags({ keys }));
  const found = new Map<number, string[]>();
  for (const { key, value } of rows) found.set(key, [...(found.get(key) ?? []), value]);
  return found;
}

const groups = statement<{ keys: readonly number[] }>(
  ({ keys }) => sql`SELECT l.source AS key, l.target AS value FROM link l
    WHERE l.source IN ${keys} AND l.property = ${raw(`'${IN_GROUP}'`)}`,
);

/** Groups that each of these things is in. */
export async function findGroupsOf(db: Db, keys: readonly number[]): Promise<Map<number, number[]>> {
  const rows = keys.length === 0 ? [] : await db.all<{ key: number; value: number }>(groups({ keys }));
  const found = new Map<number, number[]>();
  for (const { key, value } of rows) found.set(key, [...(found.get(key) ?? []), value]);
  return found;
}

const ancestors = statement<{ keys: readonly number[]; types: readonly string[]; limit: number }>(
  ({ keys, types, limit }) => sql`WITH RECURSIVE up (root, key) AS (
      SELECT o.key, o.key FROM object o WHERE o.key IN ${keys}
      UNION
      SELECT u.root, c.owner FROM up u JOIN object a ON a.subject = u.key AND a.type IN ${types}
      JOIN member m ON m.cause = a.key JOIN collection c ON c.key = m.collection AND c.name = 'replies'
    ) SELECT root, key FROM up WHERE key <> root LIMIT ${limit}`,
);

/** What each of these things answers, directly or not, as far as activities of these types told it all. */
export async function findAncestors(
  db: Db,
  keys: readonly number[],
  types: readonly string[],
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  if (keys.length === 0) return found;
  const rows = await db.all<{ root: number; key: number }>(
    ancestors({ keys, types, limit: keys.length * MAX_STEPS_UP }),
  );
  for (const { root, key } of rows) found.set(root, [...(found.get(root) ?? []), key]);
  return found;
}

interface ViewerRow {
  readonly viewer: number;
}

/** Asks in stretches, and joins the answers. */
async function inStretches<T>(people: readonly number[], ask: (some: readonly number[]) => Promise<T[]>) {
  const found: T[] = [];
  for (let at = 0; at < people.length; at += PEOPLE_AT_ONCE)
    found.push(...(await ask(people.slice(at, at + PEOPLE_AT_ONCE))));
  return found;
}

const viewersOf = async (
  db: Db,
  people: readonly number[],
  make: (people: readonly number[]) => Sql,
): Promise<number[]> => {
  const rows = await inStretches(people, (some) => db.all<ViewerRow>(make(some)));
  return rows.map(({ viewer }) => viewer);
};

const sources = statement<{ activity: number }>(
  ({ activity }) => sql`SELECT a.owner AS key FROM object a WHERE a.key = ${activity} AND a.owner IS NOT NULL
    UNION SELECT l.target FROM object a JOIN link l ON l.source = a.key AND l.property IN ('group', 'audience')
      WHERE a.key = ${activity}
    UNION SELECT l.target FROM object a JOIN link l ON l.source = a.subject AND l.property IN ('group', 'audience')
      WHERE a.key = ${activity}`,
);

const tagKeys = statement<{ iris: readonly string[] }>(
  ({ iris }) => sql`SELECT o.key FROM object o WHERE o.iri IN ${iris}`,
);

const circles = statement<{ owners: readonly number[]; limit: number }>(
  ({ owners, limit }) => sql`SELECT m.item AS key FROM collection c JOIN member m ON m.collection = c.key
    WHERE c.owner IN ${owners} AND c.name IN ('followers', 'members', 'moderators') LIMIT ${limit}`,
);

/**
 * Whoever may have got a line of the activity: who did it, whom it names, and the circles of all of them and of these
 * tags (their addresses). Null where that are `most` or more, so that asking about each is no more work.
 */
export async function findReach(
  db: Db,
  activity: number,
  tags: readonly string[],
  most: number,
): Promise<ReadonlySet<number> | null> {
  const named = (await db.all<{ key: number }>(sources({ activity }))).map(({ key }) => key);
  const tagged = tags.length === 0 ? [] : await db.all<{ key: number }>(tagKeys({ iris: tags }));
  const owners = [...named, ...tagged.map(({ key }) => key)];
  const around = await db.all<{ key: number }>(circles({ owners, limit: most }));
  return around.length >= most ? null : new Set([...named, ...around.map(({ key }) => key)]);
}

const homesWith = statement<{ people: readonly number[]; activity: number }>(
  ({ people, activity }) => sql`SELECT c.owner AS viewer
    FROM collection c JOIN member m ON m.collection = c.key AND m.item = ${activity}
    JOIN object a ON a.key = m.item JOIN object o ON o.key = a.subject
    WHERE c.owner IN ${people} AND c.name = 'home' AND ${isShownAtHome(raw("c.owner"))}`,
);

/** Those of `people` in whose home feed the line of the activity is shown. */
export const findHomesWith = (db: Db, activity: number, people: readonly number[]): Promise<number[]> =>
  viewersOf(db, people, (some) => homesWith({ people: some, activity }));

const listsWith = statement<{ lists: readonly number[]; activity: number }>(
  ({ lists, activity }) => sql`SELECT p.key AS viewer
    FROM person_list p JOIN collection c ON c.owner = p.key AND c.name = 'home'
    JOIN member m ON m.collection = c.key AND m.item = ${activity}
    JOIN object a ON a.key = m.item JOIN object o ON o.key = a.subject
    WHERE p.key IN ${lists} AND ${isShownAtHome(raw("p.owner"))}`,
);

/** Those of `lists` (of people, by their keys) in which the line of the activity is shown to their owner. */
export const findListsWith = (db: Db, activity: number, lists: readonly number[]): Promise<number[]> =>
  viewersOf(db, lists, (some) => listsWith({ lists: some, activity }));

const linesAbout = statement<{ object: number; limit: number }>(
  ({ object, limit }) => sql`SELECT a.key FROM object a WHERE a.subject = ${object} AND a.kind = 'activity'
    LIMIT ${limit}`,
);

const homesAbout = statement<{ people: readonly number[]; lines: readonly number[] }>(
  ({ people, lines }) => sql`SELECT DISTINCT c.owner AS viewer
    FROM collection c JOIN member m ON m.collection = c.key AND m.item IN ${lines}
    WHERE c.owner IN ${people} AND c.name = 'home'`,
);

/** Those of `people` who have a line in their home feed that is `object`, or about it. */
export async function findHomesAbout(db: Db, object: number, people: readonly number[]): Promise<number[]> {
  const lines = await db.all<{ key: number }>(linesAbout({ object, limit: MAX_LINES_ABOUT }));
  const keys = [object, ...lines.map(({ key }) => key)];
  return viewersOf(db, people, (some) => homesAbout({ people: some, lines: keys }));
}

const shownInPublic = statement<{ people: readonly number[]; object: number }>(
  ({ people, object }) => sql`SELECT v.actor AS viewer FROM account v JOIN object o ON o.key = ${object}
    WHERE v.actor IN ${people} AND ${isShownInPublic(raw("v.actor"))}`,
);

const shownToStrangers = statement<{ object: number }>(
  ({ object }) => sql`SELECT 0 AS viewer FROM object o WHERE o.key = ${object} AND ${isShownInPublic(null)}`,
);

/** Those of `people` who are shown it in lists that are for everybody. */
export const findShownInPublic = (db: Db, object: number, people: readonly number[]): Promise<number[]> =>
  viewersOf(db, people, (some) => shownInPublic({ people: some, object }));

export const isShownToStrangers = async (db: Db, object: number): Promise<boolean> =>
  (await db.one<ViewerRow>(shownToStrangers({ object }))) !== null;

const seen = statement<{ people: readonly number[]; keys: readonly number[] }>(
  ({ people, keys }) => sql`SELECT v.actor AS viewer, o.key FROM account v JOIN object o ON o.key IN ${keys}
    WHERE v.actor IN ${people} AND o.document IS NOT NULL AND ${visibleTo(raw("v.actor"))}`,
);

/** Which of `keys` each of `people` may see. */
export const findSeen = (
  db: Db,
  keys: readonly number[],
  people: readonly number[],
): Promise<{ viewer: number; key: number }[]> =>
  inStretches(people, (some) => db.all<{ viewer: number; key: number }>(seen({ people: some, keys })));

const inTallies = statement<{ people: readonly number[]; object: number }>(
  ({ people, object }) => sql`SELECT m.item AS viewer, c.name FROM collection c
    JOIN member m ON m.collection = c.key AND m.item IN ${people}
    WHERE c.owner = ${object} AND c.name <> 'replies'`,
);

const inOwnLists = statement<{ people: readonly number[]; object: number }>(
  ({ people, object }) => sql`SELECT c.owner AS viewer, c.name FROM collection c
    JOIN member m ON m.collection = c.key AND m.item = ${object}
    WHERE c.owner IN ${people} AND c.name = 'bookmarks'`,
);

/** What each of `people` did to the thing: the lists in which they stand because of it. */
export const findMine = (
  db: Db,
  object: number,
  people: readonly number[],
): Promise<{ viewer: number; name: string }[]> =>
  inStretches(people, async (some) => [
    ...(await db.all<{ viewer: number; name: string }>(inTallies({ people: some, object }))),
    ...(await db.all<{ viewer: number; name: string }>(inOwnLists({ people: some, object }))),
  ]);

const avoiding = statement<{ people: readonly number[]; object: number }>(
  ({ people, object }) => sql`SELECT c.owner AS viewer FROM collection c
    JOIN member m ON m.collection = c.key AND m.item = (SELECT o.owner FROM object o WHERE o.key = ${object})
    WHERE c.owner IN ${people} AND c.name IN ('blocked', 'muted')`,
);

/** Those of `people` who want nothing of whoever made the thing. */
export const findAvoiding = (db: Db, object: number, people: readonly number[]): Promise<number[]> =>
  viewersOf(db, people, (some) => avoiding({ people: some, object }));

const talks = statement<{ people: readonly number[]; object: number }>(
  ({ people, object }) => sql`SELECT t.actor AS person, t.key AS talk FROM talk_post p
    JOIN talk t ON t.root = p.root AND t.actor IN ${people}
    JOIN object o ON o.key = p.object WHERE p.object = ${object} AND ${visibleTo(raw("t.actor"))}
      AND NOT ${isBlocked(raw("t.actor"), AUTHOR)}`,
);

/** Conversations of `people` that the thing is part of, where they may see it, and have not blocked who wrote it. */
export const findTalksWith = (
  db: Db,
  object: number,
  people: readonly number[],
): Promise<{ person: number; talk: number }[]> =>
  inStretches(people, (some) => db.all<{ person: number; talk: number }>(talks({ people: some, object })));

interface CausedBy {
  /** Or actors, where no activity says what it is. */
  readonly activities: readonly number[];
  /** Notices with smaller keys were told before. */
  readonly fromKey: number;
}

const noticesOf = ({ activities, fromKey }: CausedBy, people: readonly number[]): Sql =>
  sql`SELECT MAX(n.key) AS key, n.actor FROM notice n
      WHERE n.actor IN ${list(people)} AND n.activity IN ${list(activities)} AND n.key >= ${fromKey}
      GROUP BY n.actor, n.activity, n.kind`;

/** New notices that the activities caused for these people, the newest of each kind, oldest first. */
export async function findNoticesOf(
  db: Db,
  cause: CausedBy,
  people: readonly number[],
): Promise<{ key: number; actor: number }[]> {
  const rows = await inStretches(people, (some) =>
    db.all<{ key: number; actor: number }>(noticesOf(cause, some)),
  );
  return rows.sort((one, other) => one.key - other.key);
}
