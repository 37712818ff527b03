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

export interface Keys {
  /** A new key, greater than every key this node has made before. */
  next(): number;
  /**
   * A key for something that happened at `ms`. Peers stamp in whole seconds, so a whole second is spread
   * over its thousand milliseconds; a collision (one in two million) is a conflict that the caller retries.
   */
  at(ms: number): number;
}

/** `node` tells apart the processes that share a database: an integer from 0 to 15. */
export function createKeys(deps: { now: Now; node?: number; random?: () => number }): Keys {
  const { now, node = 0, random = Math.random } = deps;
  let lastMs = 0;
  let sequence = 0;
  return {
    next() {
      const ms = now();
      if (ms > lastMs) {
        lastMs = ms;
        sequence = 0;
      } else if (++sequence === SEQUENCES) {
        lastMs++; // Borrowed from the future, so that order holds even when the clock is set back.
        sequence = 0;
      }
      return lastMs * LOW_BITS + node * SEQUENCES + sequence;
    },
    at(ms) {
      const clamped = Math.min(Math.max(0, Math.floor(ms)), now());
      const spread = clamped % 1000 === 0 ? Math.floor(random() * 1000) : 0;
      return (clamped + spread) * LOW_BITS + Math.floor(random() * LOW_BITS);
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
