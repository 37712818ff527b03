/** The SQL of federation: our signing keys, their public keys, what we remember of their servers, deliveries. */
import { LOCAL_HOST } from "../core/entity.ts";
import type { InboxRow } from "../core/store.ts";
import { forRows, join, list, type Sql, sql } from "../lib/sql.ts";
import type { Scheme } from "../signatures/request.ts";
import type { Db } from "../storage/db.ts";
import type { RemoteKey } from "./fetch-key.ts";

export interface ActorKeyRow {
  readonly kind: "rsa" | "ed25519";
  readonly iri: string;
  readonly private_pem: string;
}

export const findActorKeys = (db: Db, actor: number): Promise<ActorKeyRow[]> =>
  db.all<ActorKeyRow>(sql`SELECT kind, iri, private_pem FROM actor_key WHERE actor = ${actor}`);

/** A new pair in place of the one of its kind, under the same address. */
export const replaceActorKey = (
  actor: number,
  pair: { readonly kind: string; readonly publicPem: string; readonly privatePem: string },
  nowMs: number,
): Sql =>
  sql`UPDATE actor_key SET public_pem = ${pair.publicPem}, private_pem = ${pair.privatePem}, created = ${nowMs}
      WHERE actor = ${actor} AND kind = ${pair.kind}`;

export async function findRemoteKey(db: Db, iri: string): Promise<RemoteKey | null> {
  return db.one<RemoteKey>(
    sql`SELECT k.iri, o.iri AS "actorIri", k.kind, k.public_pem AS "publicPem", k.fetched AS "fetchedMs",
          k.expires AS "expiresMs"
        FROM remote_key k JOIN object o ON o.key = k.actor WHERE k.iri = ${iri}`,
  );
}

/** Gives a row where it is stored; none where the actor is not known, whose key can be asked for again. */
export const saveRemoteKey = (key: RemoteKey): Sql =>
  sql`INSERT INTO remote_key (iri, actor, kind, public_pem, fetched, expires)
      SELECT ${key.iri}, o.key, ${key.kind}, ${key.publicPem}, CAST(${key.fetchedMs} AS BIGINT),
        CAST(${key.expiresMs} AS BIGINT)
      FROM object o WHERE o.iri = ${key.actorIri}
      ON CONFLICT (iri) DO UPDATE SET actor = excluded.actor, kind = excluded.kind,
        public_pem = excluded.public_pem, fetched = excluded.fetched, expires = excluded.expires
      RETURNING iri`;

export const dropRemoteKey = (iri: string): Sql => sql`DELETE FROM remote_key WHERE iri = ${iri}`;

/** All keys of an actor. */
export const dropKeysOf = (actorIri: string): Sql =>
  sql`DELETE FROM remote_key WHERE actor = (SELECT key FROM object WHERE iri = ${actorIri})`;

export interface PeerRow {
  readonly host: number;
  readonly scheme: Scheme | null;
}

export const findPeerByName = (db: Db, name: string): Promise<PeerRow | null> =>
  db.one<PeerRow>(
    sql`SELECT p.host, p.scheme FROM peer p JOIN host h ON h.key = p.host WHERE h.name = ${name}`,
  );

export const rememberScheme = (name: string, scheme: Scheme): Sql =>
  sql`INSERT INTO peer (host, scheme) SELECT key, ${scheme} FROM host WHERE name = ${name}
      ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme`;

/**
 * When an activity, and what it is about, were deleted; nulls for what stands. Of somebody who is suspended all is gone
 * but the farewell.
 */
export const findDeletions = (
  db: Db,
  activity: number,
): Promise<{ readonly activity: number | null; readonly subject: number | null } | null> =>
  db.one(
    sql`SELECT COALESCE(a.deleted, CASE WHEN w.held >= 4 AND a.type <> 'Delete' THEN 0 END) AS activity,
          s.deleted AS subject
        FROM object a LEFT JOIN object s ON s.key = a.subject LEFT JOIN object w ON w.key = a.owner
        WHERE a.key = ${activity}`,
  );

/** The activity is on its way to each host; or is not, for the reason that is given. */
export const insertDeliveries = (
  activity: number,
  to: readonly { readonly host: number; readonly givenUp: string | null }[],
  nowMs: number,
): readonly Sql[] =>
  forRows(to, (some) => {
    const rows = some.map(
      ({ host, givenUp }) =>
        sql`(${activity}, ${host}, ${givenUp === null ? "waiting" : "given-up"}, ${nowMs}, ${givenUp})`,
    );
    return sql`INSERT INTO delivery (activity, host, state, changed, last_error) VALUES ${join(rows, ", ")}
      ON CONFLICT (activity, host) DO NOTHING`;
  });

export const updateDelivery = (
  activity: number,
  host: number,
  state: "waiting" | "arrived" | "given-up",
  tries: number,
  error: string | null,
  nowMs: number,
): Sql =>
  sql`UPDATE delivery SET state = ${state}, tries = ${tries}, last_error = ${error}, changed = ${nowMs}
      WHERE activity = ${activity} AND host = ${host}`;

/**
 * An inbox at each server that the object was sent to by activities of these types, whoever follows now: what is
 * deleted must be told to all who have it.
 */
export const findReached = (db: Db, object: number, types: readonly string[]): Promise<InboxRow[]> =>
  db.all<InboxRow>(
    sql`SELECT reached.host, reached.host_name, reached.inbox FROM (
          SELECT d.host, h.name AS host_name, ${inboxAt(sql`d.host`)} AS inbox
          FROM object made JOIN delivery d ON d.activity = made.key JOIN host h ON h.key = d.host
          WHERE made.subject = ${object} AND made.type IN ${list(types)}
        ) AS reached WHERE reached.inbox IS NOT NULL`,
  );

/**
 * An inbox at each server that knows an actor of ours: that it was sent anything to, or where somebody lives whom the actor
 * follows. Those who follow are not asked for.
 */
export const findAcquainted = (db: Db, actor: number): Promise<InboxRow[]> =>
  db.all<InboxRow>(
    sql`SELECT known.host, known.host_name, known.inbox FROM (
          SELECT h.key AS host, h.name AS host_name, ${inboxAt(sql`h.key`)} AS inbox FROM host h WHERE h.key IN (
            SELECT d.host FROM object made JOIN delivery d ON d.activity = made.key
            WHERE made.owner = ${actor} AND made.kind = 'activity'
            UNION SELECT o.host FROM collection c JOIN member m ON m.collection = c.key
              JOIN object o ON o.key = m.item
            WHERE c.owner = ${actor} AND c.name = 'following' AND o.host <> ${LOCAL_HOST}
          )
        ) AS known WHERE known.inbox IS NOT NULL`,
  );

/** An inbox of somebody who lives there, the shared one where there is any. */
const inboxAt = (host: Sql): Sql =>
  sql`(SELECT COALESCE(a.shared_inbox, a.inbox) FROM object o JOIN actor a ON a.key = o.key
       WHERE o.host = ${host} AND o.kind = 'actor' AND o.deleted IS NULL AND a.inbox IS NOT NULL LIMIT 1)`;

/** States that nobody asks for any more. */
export const sweepDeliveries = (beforeMs: number): Sql =>
  sql`DELETE FROM delivery WHERE state <> 'waiting' AND changed < ${beforeMs}`;

/** People and posts that live here, for NodeInfo. */
export async function countLocal(db: Db, activeSinceMs: readonly [month: number, halfYear: number]) {
  const people = await db.one<{ total: number; month: number; half: number }>(
    sql`SELECT count(*) AS total,
          COALESCE(SUM(CASE WHEN seen >= ${activeSinceMs[0]} THEN 1 ELSE 0 END), 0) AS month,
          COALESCE(SUM(CASE WHEN seen >= ${activeSinceMs[1]} THEN 1 ELSE 0 END), 0) AS half
        FROM account WHERE state = 'active'`,
  );
  const posts = await db.one<{ total: number }>(
    // From the people to their posts: SQLite would go through the collections of everything that was ever liked.
    sql`SELECT COALESCE(SUM(c.total), 0) AS total FROM account a CROSS JOIN object o CROSS JOIN collection c
        WHERE o.key = a.actor AND c.owner = a.actor AND c.name = 'posts' AND o.held < 4`,
  );
  return {
    people: people?.total ?? 0,
    activeMonth: Number(people?.month ?? 0),
    activeHalfYear: Number(people?.half ?? 0),
    posts: Number(posts?.total ?? 0),
  };
}

export async function countPeers(db: Db): Promise<{ known: number; failing: number }> {
  const row = await db.one<{ known: number; failing: number }>(
    sql`SELECT (SELECT count(*) FROM host WHERE key <> 0) AS known,
          (SELECT count(*) FROM peer WHERE failing_since IS NOT NULL) AS failing`,
  );
  return { known: row?.known ?? 0, failing: row?.failing ?? 0 };
}
