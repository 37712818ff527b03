/** Where posts have arrived, and how other servers are doing. */
import type { Registry } from "../core/registry.ts";
import type { Now } from "../lib/clock.ts";
import type { Db } from "../storage/db.ts";
import * as store from "./store-arrivals.ts";
import type { ArrivalView, PeerView } from "./view.ts";

/** Servers shown below one post; nobody reads on, and each is half a kilobyte of the page. */
export const MAX_ARRIVALS = 200;
/** Deliveries to one server are counted up to this; above it the number says only that it is bad. */
export const MAX_WAITING_COUNTED = 1000;
/** Servers on one page of the list. */
export const PEERS_PER_PAGE = 100;
const MAX_FAILING_COUNTED = 10_000;

export interface Arrivals {
  /** For the author of the object (an actor's key) alone; empty for everybody else. Those in trouble come first. */
  arrivals(object: number, author: number): Promise<readonly ArrivalView[]>;
  /** The same in numbers, of all servers. */
  arrivalCounts(object: number, author: number): Promise<store.ArrivalCounts>;
  /**
   * Other servers by name, after the one named, all or those that fail or are stopped; `next` is where the list goes
   * on, null at its end.
   */
  peers(
    after?: string,
    isTroubled?: boolean,
  ): Promise<{ readonly peers: readonly PeerView[]; readonly next: string | null }>;
  /** One of them, or null where nothing is remembered of it. */
  peer(host: string): Promise<PeerView | null>;
  /** Servers that do not answer at the moment. */
  failing(): Promise<number>;
}

const ORDER: Readonly<Record<ArrivalView["state"], number>> = { "given-up": 0, waiting: 1, arrived: 2 };

export function createArrivals({
  db,
  registry,
  now,
}: {
  db: Db;
  registry: Pick<Registry, "actingAs">;
  now: Now;
}): Arrivals {
  const types = registry.actingAs("Create");
  return {
    async arrivals(object, author) {
      const rows = await store.findArrivals(db, { object, author, types }, MAX_ARRIVALS);
      return rows
        .map(({ host, state, tries, last_error, changed }) => ({
          host,
          state,
          tries,
          lastError: last_error,
          timeMs: changed,
        }))
        .sort((a, b) => ORDER[a.state] - ORDER[b.state] || (a.host < b.host ? -1 : 1));
    },
    arrivalCounts: (object, author) => store.countArrivals(db, { object, author, types }),
    async peers(after = "", isTroubled = false) {
      const bounds = { after, cap: MAX_WAITING_COUNTED, limit: PEERS_PER_PAGE + 1 };
      const rows = await store.findPeers(db, bounds, isTroubled);
      const peers = rows.slice(0, PEERS_PER_PAGE).map((row) => peerOf(row, now()));
      return { peers, next: rows.length > PEERS_PER_PAGE ? (peers.at(-1)?.host ?? null) : null };
    },
    async peer(host) {
      const row = await store.findPeer(db, host, MAX_WAITING_COUNTED);
      return row && peerOf(row, now());
    },
    failing: () => store.countFailing(db, MAX_FAILING_COUNTED),
  };
}

const peerOf = (row: store.PeerRow, nowMs: number): PeerView => ({
  host: row.host,
  state: stateOf(row, nowMs),
  failures: row.failures,
  failingSinceMs: row.failing_since,
  pausedUntilMs: row.paused_until,
  lastError: row.last_error,
  waiting: row.waiting,
  arrivedMs: row.arrived,
  receivedMs: row.received,
  heldMs: row.held,
  deadMs: row.dead,
  scheme: row.scheme,
});

function stateOf(row: store.PeerRow, nowMs: number): PeerView["state"] {
  if (row.held !== null) return "held";
  if (row.failing_since === null) return "fine";
  if (row.dead !== null) return "gone";
  return row.paused_until !== null && row.paused_until > nowMs ? "paused" : "failing";
}
