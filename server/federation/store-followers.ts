/** The SQL of follower synchronisation (FEP-8fcf): who follows an actor, and what became of their Follows. */
import { LOCAL_HOST } from "../core/entity.ts";
import { paddedList, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** How many are in `followers`, here and elsewhere. */
export async function countFollowers(db: Db, actor: number): Promise<number> {
  const row = await db.one<{ total: number }>(
    sql`SELECT total FROM collection WHERE owner = ${actor} AND name = 'followers'`,
  );
  return row?.total ?? 0;
}

/** The addresses of all followers. */
export async function findFollowerIris(db: Db, actor: number): Promise<string[]> {
  const rows = await db.all<{ iri: string }>(
    sql`SELECT o.iri FROM collection c JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item
        WHERE c.owner = ${actor} AND c.name = 'followers' AND o.deleted IS NULL`,
  );
  return rows.map(({ iri }) => iri);
}

export interface AskedHere {
  readonly person: number;
  readonly iri: string;
  readonly name: "followers" | "requests";
  /** The Follow that keeps the person in the list; null where nothing does. */
  readonly follow: number | null;
  readonly follow_iri: string | null;
}

/** People here who follow the actor elsewhere, or wait for its answer. */
export const findAskedHere = (db: Db, actor: number): Promise<AskedHere[]> =>
  db.all<AskedHere>(
    sql`SELECT m.item AS person, o.iri, c.name, m.cause AS follow, f.iri AS follow_iri
        FROM collection c JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item
        LEFT JOIN object f ON f.key = m.cause
        WHERE c.owner = ${actor} AND c.name IN ('followers', 'requests') AND o.host = ${LOCAL_HOST}
          AND o.deleted IS NULL`,
  );

/** The newest Follow of the actor by each of these people, also where it was undone. */
export const findLastFollows = (
  db: Db,
  actor: number,
  people: readonly number[],
): Promise<{ readonly person: number; readonly follow_iri: string }[]> =>
  people.length === 0
    ? Promise.resolve([])
    : db.all(
        sql`SELECT f.owner AS person, f.iri AS follow_iri FROM object f
            WHERE f.subject = ${actor} AND f.type = 'Follow' AND f.owner IN ${paddedList(people)}
              AND f.key = (SELECT MAX(g.key) FROM object g
                WHERE g.subject = ${actor} AND g.type = 'Follow' AND g.owner = f.owner)`,
      );
