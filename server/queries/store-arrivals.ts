/** The SQL of deliveries, as their authors and the people who run the server see them. */
import { type Sql, sql } from "../lib/sql.ts";
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

/** A thing, who made it, and the types of activities that make one. */
type About = { readonly object: number; readonly author: number; readonly types: readonly string[] };

const firstAbout = (object: number, author: number, types: Sql): Sql =>
  sql`(SELECT a.key FROM object a WHERE a.subject = ${object} AND a.type IN ${types} AND a.owner = ${author}
    ORDER BY a.key LIMIT 1)`;

const arrivals = (which: Sql) =>
  statement<About & { readonly limit: number }>(
    ({ object, author, types, limit }) => sql`SELECT h.name AS host, d.state, d.tries, d.last_error, d.changed
      FROM delivery d JOIN host h ON h.key = d.host
      WHERE d.activity = ${firstAbout(object, author, types)} AND ${which} LIMIT ${limit}`,
  );
const troubledArrivals = arrivals(sql`d.state <> 'arrived'`);
const goodArrivals = arrivals(sql`d.state = 'arrived'`);

const counts = statement<About>(
  ({ object, author, types }) => sql`SELECT count(*) AS "all",
      COALESCE(SUM(CASE WHEN d.state = 'arrived' THEN 1 ELSE 0 END), 0) AS arrived
    FROM delivery d WHERE d.activity = ${firstAbout(object, author, types)}`,
);

/** Of how many servers it goes to, how many have it. */
export async function countArrivals(db: Db, about: About): Promise<ArrivalCounts> {
  const row = await db.one<ArrivalCounts>(counts(about));
  return { all: Number(row?.all ?? 0), arrived: Number(row?.arrived ?? 0) };
}

/** How the first activity about the object travelled, where `author` made it: where it has not arrived before the others. */
export async function findArrivals(db: Db, about: About, limit: number): Promise<ArrivalRow[]> {
  const troubled = await db.all<ArrivalRow>(troubledArrivals({ ...about, limit }));
  const left = limit - troubled.length;
  if (left === 0) return troubled;
  return [...troubled, ...(await db.all<ArrivalRow>(goodArrivals({ ...about, limit: left })))];
}

export interface ArrivalCounts {
  readonly all: number;
  readonly arrived: number;
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
