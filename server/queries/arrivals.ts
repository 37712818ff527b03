/** Where posts have arrived, and how other servers are doing. */
import type { Now } from "../lib/clock.ts";
import type { Db } from "../storage/db.ts";
import * as store from "./store-arrivals.ts";
import type { ArrivalView, PeerView } from "./view.ts";

/** Servers shown below one post; nobody reads on. */
export const MAX_ARRIVALS = 1000;
/** Deliveries to one server are counted up to this; above it the number says only that it is bad. */
export const MAX_WAITING_COUNTED = 1000;
/** Servers on one page of the list. */
export const PEERS_PER_PAGE = 100;
const MAX_FAILING_COUNTED = 10_000;

export interface Arrivals {
  /** For the author of the object (an actor's key) alone; empty for everybody else. Those in trouble come first. */
  arrivals(object: number, author: number): Promise<readonly ArrivalView[]>;
  /** Other servers by name, after the one named; `next` is where the list goes on, null at its end. */
  peers(after?: string): Promise<{ readonly peers: readonly PeerView[]; readonly next: string | null }>;
  /** Servers that do not answer at the moment. */
  failing(): Promise<number>;
}

const ORDER: Readonly<Record<ArrivalView["state"], number>> = { "given-up": 0, waiting: 1, arrived: 2 };

export function createArrivals({ db, now }: { db: Db; now: Now }): Arrivals {
  return {
    async arrivals(object, author) {
      const rows = await store.findArrivals(db, object, author, MAX_ARRIVALS);
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
    async peers(after = "") {
      const bounds = { after, cap: MAX_WAITING_COUNTED, limit: PEERS_PER_PAGE + 1 };
      const rows = await store.findPeers(db, bounds);
      const peers = rows.slice(0, PEERS_PER_PAGE).map((row) => peerOf(row, now()));
      return { peers, next: rows.length > PEERS_PER_PAGE ? (peers.at(-1)?.host ?? null) : null };
    },
    failing: () => store.countFailing(db, MAX_FAILING_COUNTED),
  };
}

const peerOf = (row: store.PeerRow, nowMs: number): PeerView => ({
  host: row.host,
  state:
    row.paused_until !== null && row.paused_until > nowMs
      ? "paused"
      : row.failing_since !== null
        ? "failing"
        : "fine",
  failures: row.failures,
  failingSinceMs: row.failing_since,
  pausedUntilMs: row.paused_until,
  lastError: row.last_error,
  waiting: row.waiting,
  arrivedMs: row.arrived,
  receivedMs: row.received,
});
