/** The SQL of lists of people, and of what somebody keeps about others. */
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { statement } from "./store-statement.ts";

export interface ListRow {
  readonly key: number;
  readonly iri: string;
  readonly document: string;
  readonly exclusive: number;
  readonly replies: "followed" | "list" | "none";
}

const lists = statement<{ owner: number; limit: number }>(
  ({ owner, limit }) => sql`SELECT l.key, o.iri, o.document, l.exclusive, l.replies
    FROM person_list l JOIN object o ON o.key = l.key WHERE l.owner = ${owner} AND o.deleted IS NULL
    ORDER BY l.key LIMIT ${limit}`,
);

export const findLists = (db: Db, owner: number, limit: number): Promise<ListRow[]> =>
  db.all<ListRow>(lists({ owner, limit }));

const holding = statement<{ owner: number; person: number }>(
  ({ owner, person }) => sql`SELECT m.item FROM member m JOIN person_list l ON l.key = m.item
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${person} AND name = 'listed')
      AND l.owner = ${owner}`,
);

/** Keys of the lists of `owner` that the person is in. */
export async function findListsWith(db: Db, owner: number, person: number): Promise<Set<number>> {
  return new Set((await db.all<{ item: number }>(holding({ owner, person }))).map(({ item }) => item));
}

export interface TermsRow {
  readonly followed: number;
  readonly shares: number;
  readonly tells: number;
  readonly languages: string;
}

const terms = statement<{ actor: number; others: readonly number[] }>(
  ({ actor, others }) => sql`SELECT t.followed, t.shares, t.tells, t.languages FROM follow_terms t
    WHERE t.actor = ${actor} AND t.followed IN ${others}`,
);

/** The terms on which somebody follows these, as far as they are not the usual ones. */
export async function findTerms(
  db: Db,
  actor: number,
  others: readonly number[],
): Promise<Map<number, TermsRow>> {
  if (others.length === 0) return new Map();
  return new Map((await db.all<TermsRow>(terms({ actor, others }))).map((row) => [row.followed, row]));
}

const remarks = statement<{ actor: number; others: readonly number[] }>(
  ({ actor, others }) =>
    sql`SELECT r.about, r.text FROM remark r WHERE r.actor = ${actor} AND r.about IN ${others}`,
);

/** What somebody noted about these. */
export async function findRemarks(
  db: Db,
  actor: number,
  others: readonly number[],
): Promise<Map<number, string>> {
  if (others.length === 0) return new Map();
  const rows = await db.all<{ about: number; text: string }>(remarks({ actor, others }));
  return new Map(rows.map(({ about, text }) => [about, text]));
}

const avoided = statement<{ actor: number; others: readonly number[] }>(
  ({ actor, others }) => sql`SELECT o.key FROM object o WHERE o.key IN ${others}
    AND o.host IN (SELECT v.host FROM avoided_host v WHERE v.actor = ${actor})`,
);

/** Those of them who live on servers that somebody avoids. */
export async function findAvoided(db: Db, actor: number, others: readonly number[]): Promise<Set<number>> {
  if (others.length === 0) return new Set();
  return new Set((await db.all<{ key: number }>(avoided({ actor, others }))).map(({ key }) => key));
}
