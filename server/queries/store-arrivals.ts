/** The SQL of deliveries, as their authors and the people who run the server see them. */
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { statement } from "./store-statement.ts";
import type { ArrivalView } from "./view.ts";

export interface ArrivalRow {
  readonly host: string;
  readonly state: ArrivalView["state"];
  readonly tries: number;
  readonly last_error: string | null;
  readonly changed: number;
}

const arrivals = statement<{ object: number; author: number; limit: number }>(
  ({ object, author, limit }) => sql`SELECT h.name AS host, d.state, d.tries, d.last_error, d.changed
    FROM delivery d JOIN host h ON h.key = d.host
    WHERE d.activity = (SELECT a.key FROM object a WHERE a.subject = ${object} AND a.type = 'Create'
        AND a.owner = ${author} ORDER BY a.key LIMIT 1)
    LIMIT ${limit}`,
);

/** How the first activity about the object travelled, where `author` made it. */
export async function findArrivals(
  db: Db,
  object: number,
  author: number,
  limit: number,
): Promise<ArrivalRow[]> {
  return db.all<ArrivalRow>(arrivals({ object, author, limit }));
}

export interface PeerRow {
  readonly host: string;
  readonly failures: number;
  readonly failing_since: number | null;
  readonly paused_until: number | null;
  readonly arrived: number | null;
  readonly received: number | null;
  readonly last_error: string | null;
  readonly held: number | null;
  readonly dead: number | null;
  readonly scheme: string | null;
  readonly waiting: number;
}

type PeersAsked = { readonly after: string; readonly cap: number; readonly limit: number };

const peerColumns = (
  cap: number,
) => sql`h.name AS host, p.failures, p.failing_since, p.paused_until, p.arrived,
      p.received, p.last_error, p.held, p.dead, p.scheme,
      (SELECT count(*) FROM (SELECT 1 FROM delivery d
        WHERE d.host = p.host AND d.state = 'waiting' AND d.state <> 'arrived' LIMIT ${cap}) w) AS waiting
    FROM host h JOIN peer p ON p.host = h.key`;

const peers = statement<PeersAsked>(
  ({ after, cap, limit }) =>
    sql`SELECT ${peerColumns(cap)} WHERE h.name > ${after} ORDER BY h.name LIMIT ${limit}`,
);

const troubled = statement<PeersAsked>(
  ({ after, cap, limit }) => sql`SELECT ${peerColumns(cap)}
    WHERE h.name > ${after} AND (p.failing_since IS NOT NULL OR p.held IS NOT NULL) ORDER BY h.name LIMIT ${limit}`,
);

const peer = statement<{ name: string; cap: number }>(
  ({ name, cap }) => sql`SELECT ${peerColumns(cap)} WHERE h.name = ${name}`,
);

/** One server by its name, or null where nothing is remembered of it. */
export const findPeer = (db: Db, name: string, cap: number): Promise<PeerRow | null> =>
  db.one<PeerRow>(peer({ name, cap }));

/** Servers by their name, all or those in trouble; deliveries that wait are counted up to `cap`. */
export async function findPeers(db: Db, bounds: PeersAsked, isTroubled = false): Promise<PeerRow[]> {
  return db.all<PeerRow>(isTroubled ? troubled(bounds) : peers(bounds));
}

const failing = statement<{ cap: number }>(
  ({ cap }) =>
    sql`SELECT count(*) AS failing FROM (SELECT 1 FROM peer WHERE failing_since IS NOT NULL LIMIT ${cap}) p`,
);

export async function countFailing(db: Db, cap: number): Promise<number> {
  return (await db.one<{ failing: number }>(failing({ cap })))?.failing ?? 0;
}
