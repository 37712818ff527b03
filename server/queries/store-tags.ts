/** The SQL of tags: who follows them, who shows them, and how often they were used lately. */
import { LOCAL_HOST } from "../core/entity.ts";
import { isHostListed, isHostShown } from "../core/store-visibility.ts";
import { join, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Range } from "./fill.ts";
import { ranged, statement } from "./store-statement.ts";

export interface KeptTagRow {
  /** The activity that keeps the tag in the list. */
  readonly at: number;
  /** Of the tag's page. */
  readonly iri: string;
}

const kept = ranged<{ owner: number; name: string }>(
  (hole, _, order) => sql`SELECT m.cause AS at, o.iri FROM member m JOIN object o ON o.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${hole.owner} AND name = ${hole.name})
      AND m.cause IS NOT NULL AND m.cause < ${hole.before} AND m.cause > ${hole.after}
    ORDER BY m.cause ${order} LIMIT ${hole.limit}`,
);

/** Tags in a list of an actor, the newest addition first (or last, by the order of the range). */
export const findKeptTags = (db: Db, owner: number, name: string, range: Range): Promise<KeptTagRow[]> =>
  db.all<KeptTagRow>(kept({ owner, name }, range, null));

const keeping = statement<{ owner: number; names: readonly string[]; iris: readonly string[] }>(
  ({ owner, names, iris }) => sql`SELECT c.name, o.iri FROM object o JOIN member m ON m.item = o.key
    JOIN collection c ON c.key = m.collection
    WHERE c.owner = ${owner} AND c.name IN ${names} AND o.iri IN ${iris}`,
);

/** In which of these lists of the owner the tags with these addresses are. */
export const findKeeping = (
  db: Db,
  owner: number,
  names: readonly string[],
  iris: readonly string[],
): Promise<{ readonly name: string; readonly iri: string }[]> =>
  iris.length === 0 ? Promise.resolve([]) : db.all(keeping({ owner, names, iris }));

export interface UseRow {
  readonly value: string;
  readonly source: number;
  readonly owner: number | null;
}

const usesOf = (tag: string, after: number, limit: number): Sql =>
  sql`SELECT * FROM (SELECT f.value, f.source, o.owner FROM fact f JOIN object o ON o.key = f.source
    WHERE f.property = 'hashtag' AND f.value = ${tag} AND f.source > ${after}
      AND o.visibility = 0 AND o.deleted IS NULL AND o.held < 2 AND ${isHostShown()} AND ${isHostListed}
    ORDER BY f.source DESC LIMIT ${limit}) u`;

/** Public posts with each of these tags since that key: so many of each, the newest. */
export const findUses = (db: Db, tags: readonly string[], after: number, limit: number): Promise<UseRow[]> =>
  tags.length === 0
    ? Promise.resolve([])
    : db.all<UseRow>(
        join(
          tags.map((tag) => usesOf(tag, after, limit)),
          " UNION ALL ",
        ),
      );

export interface OwnTagRow {
  readonly tag: string;
  readonly posts: number;
  /** Key of the last of them. */
  readonly last: number;
}

// COALESCE keeps engines from reading the hashtags of everybody, which the primary key has side by side.
const own = statement<{ owner: number; among: number }>(
  ({ owner, among }) => sql`SELECT f.value AS tag, count(*) AS posts, MAX(f.source) AS last FROM
      (SELECT o.key FROM object o WHERE o.owner = ${owner} AND o.kind = 'object' AND o.visibility <= 1
        AND o.deleted IS NULL AND o.host = ${LOCAL_HOST} ORDER BY o.key DESC LIMIT ${among}) p
    CROSS JOIN fact f WHERE f.source = p.key AND COALESCE(f.property, '') = 'hashtag'
    GROUP BY f.value ORDER BY posts DESC, tag`,
);

/** Tags among the newest `among` posts of somebody here that everybody may see, the most frequent first. */
export const findOwnTags = (db: Db, owner: number, among: number): Promise<OwnTagRow[]> =>
  db.all<OwnTagRow>(own({ owner, among }));
