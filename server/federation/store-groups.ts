/** The SQL of groups among servers: what is passed on as it came, who stands for a server, who keeps the peace elsewhere. */
import { LOCAL_HOST } from "../core/entity.ts";
import { IN_GROUP } from "../core/store-visibility.ts";
import { addMember, ensureCollection, insertAddress } from "../core/store-writes.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export async function findPassedOn(db: Db, activity: number): Promise<string | null> {
  const row = await db.one<{ body: string }>(sql`SELECT body FROM passed_on WHERE activity = ${activity}`);
  return row?.body ?? null;
}

/** What was kept before that time, and no echo of which is still on its way. */
export const sweepPassedOn = (beforeMs: number): Sql =>
  sql`DELETE FROM passed_on WHERE kept < ${beforeMs} AND NOT EXISTS (
        SELECT 1 FROM object e JOIN delivery d ON d.activity = e.key
        WHERE e.subject = passed_on.activity AND e.type = 'Announce' AND d.state = 'waiting')`;

/**
 * Somebody who lives at the server of the asker, is in a group that the thing is in and not suspended here; null where
 * the asker is no server's own actor, or nobody is.
 */
export async function findMemberAt(db: Db, asker: number, object: number): Promise<number | null> {
  const row = await db.one<{ item: number }>(
    sql`SELECT m.item FROM object v JOIN link g ON g.source = ${object} AND g.property = ${IN_GROUP}
        JOIN collection c ON c.owner = g.target AND c.name = 'members'
        JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item AND o.host = v.host AND o.held < 4
        WHERE v.key = ${asker} AND v.type = 'Application' AND v.host <> ${LOCAL_HOST} LIMIT 1`,
  );
  return row?.item ?? null;
}

/** The moderators of a group elsewhere as its own list names them; `key` is for those who have no row yet. */
export const replaceModerators = (
  group: number,
  moderators: readonly { readonly key: number; readonly iri: string; readonly host: number }[],
): readonly Sql[] => [
  ensureCollection(group, "moderators"),
  sql`DELETE FROM member WHERE collection = (SELECT key FROM collection WHERE owner = ${group} AND name = 'moderators')`,
  sql`UPDATE collection SET total = 0 WHERE owner = ${group} AND name = 'moderators'`,
  ...moderators.flatMap(({ key, iri, host }) => [
    insertAddress(key, iri, host),
    ...addMember(group, "moderators", { iri }, group),
  ]),
];
