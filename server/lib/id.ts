/** Sortable 53-bit keys: one integer is the row key, the page cursor and the clients' short id. */
import type { Now } from "./clock.ts";

/**
 * 42 bits of milliseconds since 1970 (until the year 2109) and 11 bits below: for our own keys 4 bits of
 * node and 7 of sequence, for keys of a given past time all 11 at random.
 */
const NODES = 2 ** 4;
const SEQUENCES = 2 ** 7;
const LOW_BITS = NODES * SEQUENCES;
export const MAX_KEY = Number.MAX_SAFE_INTEGER;

/** A clock that is set back by more was wrong: what happens now is not to bear the time of then. */
const MAX_AHEAD_MS = 5 * 60_000;

export interface Keys {
  /** A new key, greater than every key this node has made before; but see `MAX_AHEAD_MS`. */
  next(): number;
  /**
   * A key for something that happened at `ms`. Peers stamp in whole seconds, so a whole second is spread
   * over its thousand milliseconds; a collision (one in two million) is a conflict that the caller retries.
   */
  at(ms: number): number;
}

/**
 * Keys given last, none of which is given again: an activity and what it carries often name one millisecond, and two
 * random keys of one millisecond are the same once in two thousand times.
 */
const REMEMBERED = 1024;

/** `node` tells apart the processes that share a database: an integer from 0 to 15. */
export function createKeys(deps: { now: Now; node?: number; random?: () => number }): Keys {
  const { now, node = 0, random = Math.random } = deps;
  const given = new Set<number>();
  let lastMs = 0;
  let sequence = 0;

  function isNew(key: number): boolean {
    if (given.has(key)) return false;
    given.add(key);
    if (given.size > REMEMBERED) given.delete(given.values().next().value ?? key);
    return true;
  }

  function following(): number {
    const ms = now();
    if (ms > lastMs || lastMs - ms > MAX_AHEAD_MS) {
      lastMs = ms;
      sequence = 0;
    } else if (++sequence === SEQUENCES) {
      lastMs++; // Borrowed from the future, so that order holds even when the clock is set back.
      sequence = 0;
    }
    return lastMs * LOW_BITS + node * SEQUENCES + sequence;
  }

  return {
    next() {
      let key = following();
      while (!isNew(key)) key = following();
      return key;
    },
    at(ms) {
      const clamped = Math.min(Math.max(0, Math.floor(ms)), now());
      const spread = clamped % 1000 === 0 ? Math.floor(random() * 1000) : 0;
      const start = (clamped + spread) * LOW_BITS;
      let key = start + Math.floor(random() * LOW_BITS);
      // Counted on, not drawn again, so that it ends whatever `random` gives.
      while (!isNew(key)) key = key === start + LOW_BITS - 1 ? start : key + 1;
      return key;
    },
  };
}

/** When the thing with this key happened: integer milliseconds since 1970. */
export const timeOfKey = (key: number): number => Math.floor(key / LOW_BITS);

/** The smallest key of that moment, as a cursor. */
export const keyAt = (ms: number): number => Math.max(0, Math.floor(ms)) * LOW_BITS;

/** A key from a client (`"115…"`), or null where it is none. */
export function parseKey(text: string | undefined | null): number | null {
  if (!text || !/^\d{1,16}$/.test(text)) return null;
  const key = Number(text);
  return key <= MAX_KEY ? key : null;
}
