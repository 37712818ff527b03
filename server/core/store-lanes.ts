/** The SQL of home feeds and of lists of people: whose lines an activity becomes, and whose no longer. */
import { list, none, raw, type Sql, sql } from "../lib/sql.ts";
import type { Line } from "./effects.ts";
import { holdCollections, LANES } from "./store-writes.ts";

/** The list of an actor that holds the lists of people here that it is in; nobody is shown it. */
export const LISTED = "listed";
/** The people in a list. */
export const ITEMS = "items";

/** Lines that somebody finds in a list on the day they put a person into it, and in the home feed once one leaves it. */
const BACKFILLED = 200;

/** Posts of a tag that are looked through when it is followed no more: some pages of a home feed. */
const FORGOTTEN = 2_000;

const PLAIN: Line = { author: null, isShare: false, language: null, answered: null };

const collectionOf = (owner: Sql, name: string): Sql =>
  sql`(SELECT key FROM collection WHERE owner = ${owner} AND name = ${raw(`'${name}'`)})`;

const homeOf = (owner: number): Sql => collectionOf(sql`${owner}`, LANES.home);
const postsOf = (author: number): Sql => collectionOf(sql`${author}`, "posts");

/** Lists that the author (or group) is in: read once for the whole statement. */
const listsWith = (author: number): Sql =>
  sql`(SELECT lm.item FROM member lm WHERE lm.collection = ${collectionOf(sql`${author}`, LISTED)})`;

/** Who has the author in a list that takes lines out of the home feed. */
const exclusiveOwners = (author: number): Sql =>
  sql`(SELECT l.owner FROM person_list l WHERE l.exclusive = 1 AND l.key IN ${listsWith(author)})`;

/** Of the people who follow `author` those who do not want such a line. */
const unwilling = (author: number, { isShare, language }: Line): Sql => {
  const isForeign =
    language === null ? none : sql` OR (t.languages <> '' AND t.languages NOT LIKE ${`% ${language} %`})`;
  return sql`(SELECT t.actor FROM follow_terms t WHERE t.followed = ${author}
    AND (${isShare ? raw("t.shares = 0") : raw("1 = 0")}${isForeign}))`;
};

/**
 * One line in the home feed of every local member of the collection, but of those who have its owner in a list that takes
 * lines out of the home feed, follow on other terms, or do not follow whom their answer is for; and, from the followers, in
 * every list that the owner is in.
 */
export function fanOutHome(
  { owner, name }: { readonly owner: number; readonly name: string },
  item: number,
  line: Line = PLAIN,
): readonly Sql[] {
  const hasTerms = line.isShare || line.language !== null;
  const home = sql`INSERT INTO member (collection, item)
      SELECT theirs.key, CAST(${item} AS BIGINT) FROM collection c JOIN member m ON m.collection = c.key
      JOIN collection theirs ON theirs.owner = m.item AND theirs.name = ${LANES.home}
      WHERE c.owner = ${owner} AND c.name = ${name}
        AND m.item NOT IN ${exclusiveOwners(owner)}
        ${hasTerms ? sql`AND m.item NOT IN ${unwilling(owner, line)}` : none}
        ${line.answered !== null && line.author === owner ? hearsBoth(line.answered) : none}
      ON CONFLICT (collection, item) DO NOTHING`;
  if (name !== "followers") return [home];
  const lists = sql`INSERT INTO member (collection, item)
      SELECT lane.key, CAST(${item} AS BIGINT) FROM person_list l
      JOIN collection lane ON lane.owner = l.key AND lane.name = ${LANES.home}
      WHERE l.key IN ${listsWith(owner)} ${line.answered === null ? none : takesAnswers(line.answered)}
        ${hasTerms ? sql`AND l.owner NOT IN ${unwilling(owner, line)}` : none}
      ON CONFLICT (collection, item) DO NOTHING`;
  return [home, lists];
}

/** Of a talk one hears what is said by those one follows to others one follows, or to oneself. */
const hearsBoth = (answered: number): Sql => sql`AND (m.item = ${answered}
    OR EXISTS (SELECT 1 FROM member f WHERE f.item = ${answered}
      AND f.collection = (SELECT key FROM collection WHERE owner = m.item AND name = 'following')))`;

const takesAnswers = (answered: number): Sql => sql`AND (l.owner = ${answered}
    OR (l.replies = 'followed' AND EXISTS (SELECT 1 FROM member f WHERE f.item = ${answered}
      AND f.collection = (SELECT key FROM collection WHERE owner = l.owner AND name = 'following')))
    OR (l.replies = 'list' AND EXISTS (SELECT 1 FROM member f WHERE f.item = ${answered}
      AND f.collection = (SELECT key FROM collection WHERE owner = l.key AND name = ${ITEMS}))))`;

/**
 * One line in the home feed of whoever follows one of these tags (their addresses), but of those who have its author in a
 * list that takes lines out of it; nothing from limited servers.
 */
export const fanOutTags = (
  tags: readonly string[],
  item: number,
  { key, host }: { readonly key: number; readonly host: number },
): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT theirs.key, CAST(${item} AS BIGINT) FROM object t
      JOIN collection c ON c.owner = t.key AND c.name = 'followers' JOIN member m ON m.collection = c.key
      JOIN collection theirs ON theirs.owner = m.item AND theirs.name = ${LANES.home}
      WHERE t.iri IN ${list(tags)} AND ${host} NOT IN (SELECT host FROM limited_host)
        AND m.item NOT IN ${exclusiveOwners(key)}
      ON CONFLICT (collection, item) DO NOTHING`;

/** What the author wrote lately, as lines of the list. */
export const fillList = (key: number, author: number): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT ${collectionOf(sql`${key}`, LANES.home)}, p.item FROM
        (SELECT item FROM member WHERE collection = ${postsOf(author)} ORDER BY item DESC LIMIT ${BACKFILLED}) p
      WHERE 1 = 1 ON CONFLICT (collection, item) DO NOTHING`;

/** All that the author wrote leaves the list. */
export const clearList = (key: number, author: number): Sql =>
  sql`DELETE FROM member WHERE collection = ${collectionOf(sql`${key}`, LANES.home)}
      AND item IN (SELECT p.item FROM member p WHERE p.collection = ${postsOf(author)})`;

/** What the author wrote is in a list alone. */
export const leaveHome = (owner: number, author: number): Sql =>
  sql`DELETE FROM member WHERE collection = ${homeOf(owner)}
      AND item IN (SELECT p.item FROM member p WHERE p.collection = ${postsOf(author)})`;

/** What the author wrote lately is in the home feed again, unless another list keeps it out or the following is over. */
export const comeHome = (owner: number, author: number): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT ${homeOf(owner)}, p.item FROM
        (SELECT item FROM member WHERE collection = ${postsOf(author)} ORDER BY item DESC LIMIT ${BACKFILLED}) p
      WHERE EXISTS (SELECT 1 FROM member f WHERE f.item = ${author}
          AND f.collection = ${collectionOf(sql`${owner}`, "following")})
        AND NOT EXISTS (SELECT 1 FROM person_list l
          WHERE l.owner = ${owner} AND l.exclusive = 1 AND l.key IN ${listsWith(author)})
      ON CONFLICT (collection, item) DO NOTHING`;

/** A list that somebody made: its row, and the two collections that it consists of. */
export const insertList = (row: PersonList): readonly Sql[] => [
  sql`INSERT INTO person_list (key, owner, exclusive, replies)
      VALUES (${row.key}, ${row.owner}, ${row.isExclusive ? 1 : 0}, ${row.replies})`,
  ...[LANES.home, ITEMS].map(
    (name) =>
      sql`INSERT INTO collection (owner, name) VALUES (${row.key}, ${name}) ON CONFLICT (owner, name) DO NOTHING`,
  ),
];

export interface PersonList {
  readonly key: number;
  readonly owner: number;
  readonly isExclusive: boolean;
  readonly replies: "followed" | "list" | "none";
}

export const updateList = ({ key, isExclusive, replies }: PersonList): Sql =>
  sql`UPDATE person_list SET exclusive = ${isExclusive ? 1 : 0}, replies = ${replies} WHERE key = ${key}`;

/** Everything that is in the list leaves the home feed, its owner's own words excepted. */
export const emptyHome = ({ key, owner }: PersonList): Sql =>
  sql`DELETE FROM member WHERE collection = ${homeOf(owner)}
      AND item IN (SELECT p.item FROM member p WHERE p.collection = ${collectionOf(sql`${key}`, LANES.home)}
        AND COALESCE((SELECT owner FROM object WHERE key = p.item), 0) <> ${owner})`;

/** What is in the list lately is in the home feed too. */
export const refillHome = ({ key, owner }: PersonList): Sql =>
  sql`INSERT INTO member (collection, item)
      SELECT ${homeOf(owner)}, p.item FROM
        (SELECT item FROM member WHERE collection = ${collectionOf(sql`${key}`, LANES.home)}
          ORDER BY item DESC LIMIT ${BACKFILLED}) p
      WHERE 1 = 1 ON CONFLICT (collection, item) DO NOTHING`;

/** Lists are no more: nobody is in them, and nothing comes into them. `which` are keys of lists. */
function removeLists(which: Sql): readonly Sql[] {
  const backward = sql`(SELECT b.key FROM collection b WHERE b.name = ${LISTED} AND b.owner IN
    (SELECT m.item FROM member m WHERE m.collection IN
      (SELECT key FROM collection WHERE name = ${ITEMS} AND owner IN ${which})))`;
  const own = sql`(SELECT key FROM collection WHERE name IN (${LANES.home}, ${ITEMS}) AND owner IN ${which})`;
  return [
    holdCollections(sql`key IN (${own} UNION ALL ${backward})`),
    sql`UPDATE collection SET total = total - (SELECT count(*) FROM member m
          WHERE m.collection = collection.key AND m.item IN ${which}) WHERE key IN ${backward}`,
    sql`DELETE FROM member WHERE collection IN ${backward} AND item IN ${which}`,
    sql`UPDATE collection SET total = 0 WHERE key IN ${own}`,
    sql`DELETE FROM member WHERE collection IN ${own}`,
    sql`DELETE FROM person_list WHERE key IN ${which}`,
  ];
}

export const removeList = (key: number): readonly Sql[] => removeLists(sql`(${key})`);

/** What somebody kept about others, who is gone. */
export const forgetOthers = (owner: number): readonly Sql[] => [
  ...removeLists(sql`(SELECT key FROM person_list WHERE owner = ${owner})`),
  sql`DELETE FROM follow_terms WHERE actor = ${owner}`,
  sql`DELETE FROM remark WHERE actor = ${owner}`,
];

/** Lines of a tag that is followed no more leave the home feed: the newest of people who are not followed. */
export const forgetTag = (owner: number, tag: string): Sql =>
  sql`DELETE FROM member WHERE collection = ${homeOf(owner)} AND item IN (
        SELECT a.key FROM (SELECT source FROM fact WHERE property = 'hashtag' AND value = ${tag}
          ORDER BY source DESC LIMIT ${FORGOTTEN}) f
        JOIN object o ON o.key = f.source
        JOIN object a ON a.key = o.key OR (a.subject = o.key AND a.type = 'Create')
        WHERE a.owner <> ${owner}
          AND NOT EXISTS (SELECT 1 FROM member m WHERE m.item = a.owner
            AND m.collection = ${collectionOf(sql`${owner}`, "following")}))`;

/** What one activity keeps in lists is kept there by another. */
export const moveCause = (from: number, to: number): readonly Sql[] => [
  holdCollections(sql`key IN (SELECT collection FROM member WHERE cause = ${from})`),
  sql`UPDATE member SET cause = ${to} WHERE cause = ${from}`,
];

/** The terms of following, where they are not the usual ones; else none. */
export const setTerms = (
  actor: number,
  followed: number,
  terms: { readonly shares: boolean; readonly tells: boolean; readonly languages: readonly string[] },
): Sql => {
  const { shares, tells, languages } = terms;
  if (shares && !tells && languages.length === 0)
    return sql`DELETE FROM follow_terms WHERE actor = ${actor} AND followed = ${followed}`;
  const words = languages.length === 0 ? "" : ` ${languages.join(" ")} `;
  return sql`INSERT INTO follow_terms (actor, followed, shares, tells, languages)
      VALUES (${actor}, ${followed}, ${shares ? 1 : 0}, ${tells ? 1 : 0}, ${words})
      ON CONFLICT (actor, followed) DO UPDATE SET shares = excluded.shares, tells = excluded.tells,
        languages = excluded.languages`;
};
