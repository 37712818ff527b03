/** The SQL of other servers' health: failing, stopped by people here, gone, and showing life again. */
import { list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

/** Deliveries that wait for their turn. */
const WAITING = raw("kind = 'deliver' AND lease IS NULL AND buried IS NULL");

export interface Standing {
  /** Since when people here have stopped deliveries to it; null where they have not. Milliseconds since 1970, as all below. */
  readonly heldMs: number | null;
  /** Since when it is taken for gone. */
  readonly deadMs: number | null;
  /** When it last took something, to ten minutes. */
  readonly arrivedMs: number | null;
}

export const findStanding = (db: Db, host: number): Promise<Standing | null> =>
  db.one<Standing>(
    sql`SELECT held AS "heldMs", dead AS "deadMs", arrived AS "arrivedMs" FROM peer WHERE host = ${host}`,
  );

/** Hosts that are taken for gone, up to `limit`. */
export async function findDead(db: Db, limit: number): Promise<readonly number[]> {
  const rows = await db.all<{ host: number }>(
    sql`SELECT host FROM peer WHERE failing_since IS NOT NULL AND dead IS NOT NULL LIMIT ${limit}`,
  );
  return rows.map(({ host }) => host);
}

/** The server answered: whatever had failed before is forgotten. */
export const rememberArrival = (host: number, nowMs: number): Sql =>
  sql`INSERT INTO peer (host, arrived) VALUES (${host}, ${nowMs})
      ON CONFLICT (host) DO UPDATE SET arrived = excluded.arrived, failures = 0, failing_since = NULL,
        paused_until = NULL, last_error = NULL, dead = NULL, probed = NULL`;

export interface PeerFailure {
  readonly host: number;
  readonly nowMs: number;
  readonly pausedUntilMs: number | null;
  /** It is taken for gone where it has not answered since before then; null where it did answer. */
  readonly deadBeforeMs: number | null;
  readonly error: string;
}

/** Gives `dead`: since when it is taken for gone, or null. */
export const rememberFailure = (failure: PeerFailure): Sql =>
  sql`INSERT INTO peer (host, failures, failing_since, paused_until, last_error)
      VALUES (${failure.host}, 1, ${failure.nowMs}, ${failure.pausedUntilMs}, ${failure.error})
      ON CONFLICT (host) DO UPDATE SET failures = peer.failures + 1,
        failing_since = COALESCE(peer.failing_since, excluded.failing_since),
        paused_until = excluded.paused_until, last_error = excluded.last_error,
        dead = CASE WHEN peer.failing_since <= ${failure.deadBeforeMs ?? -1}
          THEN COALESCE(peer.dead, excluded.failing_since) ELSE peer.dead END
      RETURNING dead`;

/** It sent something, so it is there. Gives `host` and `failing_since`: since when deliveries to it fail, or null. */
export const rememberReceived = (name: string, nowMs: number): Sql =>
  sql`INSERT INTO peer (host, received) SELECT key, CAST(${nowMs} AS BIGINT) FROM host WHERE name = ${name}
      ON CONFLICT (host) DO UPDATE SET received = excluded.received, dead = NULL, probed = NULL
      RETURNING host, failing_since`;

/** An actor of each server that is taken for gone and was last asked before `beforeMs`: to be asked whether it is back. */
export const findToProbe = (
  db: Db,
  beforeMs: number,
  limit: number,
): Promise<readonly { readonly host: number; readonly name: string; readonly iri: string | null }[]> =>
  db.all(
    sql`SELECT p.host, h.name, (SELECT o.iri FROM object o
          WHERE o.host = p.host AND o.kind = 'actor' AND o.deleted IS NULL LIMIT 1) AS iri
        FROM peer p JOIN host h ON h.key = p.host
        WHERE p.failing_since IS NOT NULL AND p.dead IS NOT NULL AND COALESCE(p.probed, p.dead) < ${beforeMs}
        LIMIT ${limit}`,
  );

export const rememberProbe = (host: number, nowMs: number): Sql =>
  sql`UPDATE peer SET probed = ${nowMs} WHERE host = ${host}`;

/** Whatever waits for the server is due at once. */
export const retryLane = (host: string, nowMs: number): readonly Sql[] => [
  sql`UPDATE job SET due = ${nowMs} WHERE lane = ${host} AND due > ${nowMs} AND ${WAITING}`,
  sql`UPDATE peer SET paused_until = NULL WHERE host = (SELECT key FROM host WHERE name = ${host})`,
];

/** The same for what one author (an actor's key) has written to it. */
export const retryLine = (host: string, author: number, nowMs: number): Sql =>
  sql`UPDATE job SET due = ${nowMs}
      WHERE lane = ${host} AND line = ${String(author)} AND due > ${nowMs} AND ${WAITING}`;

/** From now on nothing goes to this server; what is written to it waits. Held already, it stays so since then. */
export const hold = (host: number, nowMs: number): Sql =>
  sql`INSERT INTO peer (host, held) VALUES (${host}, ${nowMs})
      ON CONFLICT (host) DO UPDATE SET held = COALESCE(peer.held, excluded.held)`;

export const release = (host: number): Sql => sql`UPDATE peer SET held = NULL WHERE host = ${host}`;

/** Everything that waits for the server is let go, and its authors see why. */
export const giveUpLane = (
  host: { key: number; name: string },
  nowMs: number,
  why: string,
): readonly Sql[] => [
  sql`DELETE FROM job WHERE lane = ${host.name} AND ${WAITING}`,
  sql`UPDATE delivery SET state = 'given-up', last_error = ${why}, changed = ${nowMs}
      WHERE host = ${host.key} AND state = 'waiting' AND state <> 'arrived'`,
];

/** The host's key, or null where nobody has heard of it. */
export async function findHost(db: Db, name: string): Promise<number | null> {
  return (
    (await db.one<{ key: number }>(sql`SELECT key FROM host WHERE name = ${name} AND key <> 0`))?.key ?? null
  );
}

export interface ActorAt {
  readonly key: number;
  readonly iri: string;
  readonly inbox: string;
  readonly shared_inbox: string | null;
}

/** Actors of a host who are read at this inbox, theirs or a shared one; or one of them by its key. */
export const findActorsAt = (
  db: Db,
  at: { readonly host: number } & ({ readonly inbox: string } | { readonly actor: number }),
  limit: number,
): Promise<readonly ActorAt[]> =>
  db.all<ActorAt>(
    sql`SELECT o.key, o.iri, a.inbox, a.shared_inbox FROM object o JOIN actor a ON a.key = o.key
        WHERE o.host = ${at.host} AND o.kind = 'actor' AND o.deleted IS NULL AND a.inbox IS NOT NULL AND ${
          "actor" in at
            ? sql`o.key = ${at.actor}`
            : sql`(a.inbox = ${at.inbox} OR a.shared_inbox = ${at.inbox})`
        } LIMIT ${limit}`,
  );

/** Activities of these types (Follow, Join) by an actor that still keep it in somebody's list. */
export async function findFollowsBy(
  db: Db,
  actor: number,
  types: readonly string[],
  limit: number,
): Promise<readonly number[]> {
  const rows = await db.all<{ key: number }>(
    sql`SELECT o.key FROM object o WHERE o.owner = ${actor} AND o.kind = 'activity' AND o.type IN ${list(types)}
          AND EXISTS (SELECT 1 FROM member m WHERE m.cause = o.key) LIMIT ${limit}`,
  );
  return rows.map(({ key }) => key);
}

export interface LetterRow {
  readonly activity: number;
  readonly host: number;
  readonly state: "waiting" | "arrived" | "given-up";
  readonly tries: number;
}

/** How the activity travels to the host of that name, or null. */
export const findLetter = (db: Db, activity: number, name: string): Promise<LetterRow | null> =>
  db.one<LetterRow>(
    sql`SELECT d.activity, d.host, d.state, d.tries FROM delivery d JOIN host h ON h.key = d.host
        WHERE d.activity = ${activity} AND h.name = ${name}`,
  );

/** Whether its author, or those who run the server, have let a letter go that waited. */
export async function isLetGo(db: Db, activity: number, host: number): Promise<boolean> {
  const row = await db.one<{ state: string }>(
    sql`SELECT state FROM delivery WHERE activity = ${activity} AND host = ${host}`,
  );
  return row?.state === "given-up";
}

/** Inboxes at a host of those whom an activity was addressed to, and where followers were meant, theirs. */
export async function findInboxesAt(
  db: Db,
  of: {
    readonly host: number;
    readonly activity: number;
    readonly author: number;
    readonly toFollowers: boolean;
  },
  limit: number,
): Promise<readonly string[]> {
  const followers = sql`UNION SELECT COALESCE(a.shared_inbox, a.inbox) FROM collection c
    JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item JOIN actor a ON a.key = o.key
    WHERE c.owner = ${of.author} AND c.name = 'followers' AND o.host = ${of.host} AND o.deleted IS NULL
      AND a.inbox IS NOT NULL`;
  const rows = await db.all<{ inbox: string }>(
    sql`SELECT a.inbox FROM link l JOIN object o ON o.key = l.target JOIN actor a ON a.key = o.key
        WHERE l.source = ${of.activity} AND l.property = 'audience' AND o.host = ${of.host} AND o.deleted IS NULL
          AND a.inbox IS NOT NULL ${of.toFollowers ? followers : sql``} LIMIT ${limit}`,
  );
  return rows.map(({ inbox }) => inbox);
}

/** As if it had never failed: for a person who knows better. */
export const reviveHost = (host: number): Sql =>
  sql`UPDATE peer SET failures = 0, failing_since = NULL, paused_until = NULL, dead = NULL, probed = NULL
      WHERE host = ${host}`;
