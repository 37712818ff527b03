/** Token buckets by key, in bounded memory: who has done something too often. */
import { type Now, steady } from "./clock.ts";

export interface Rate {
  /** How many at once. */
  readonly burst: number;
  /** Milliseconds until one more is allowed. */
  readonly everyMs: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** How many more are allowed right now. */
  readonly remaining: number;
  /** Seconds until trying again makes sense; 0 when it was allowed. */
  readonly retryAfterSeconds: number;
  /** Seconds until the bucket is full again. */
  readonly resetSeconds: number;
}

export interface Buckets {
  readonly rate: Rate;
  /** Takes `cost` from the bucket of `key`, unless there is not enough in it. */
  take(key: string, cost?: number): Taken;
  /** Whether `take` would be allowed; takes nothing. */
  has(key: string, cost?: number): boolean;
  /** Takes what need not be in it: it has happened. Nothing is allowed until all of it has come back. */
  charge(key: string, cost?: number): void;
  /** Puts back what was taken: the attempt turned out well. */
  giveBack(key: string, cost?: number): void;
}

/** Keys kept at most: about 1 MB. The least recently seen are forgotten first. */
const MAX_KEYS = 10_000;

/**
 * One number per key is enough: the moment at which its bucket will be full again
 * (the generic cell rate algorithm, ITU-T I.371).
 */
export function createBuckets(deps: { now: Now; rate: Rate; maxKeys?: number }): Buckets {
  const { rate, maxKeys = MAX_KEYS } = deps;
  // Set back by an hour, the clock would leave every bucket empty for an hour.
  const now = steady(deps.now);
  const fullAt = new Map<string, number>();
  const depthMs = rate.burst * rate.everyMs;
  const fullAtOf = (key: string, nowMs: number): number => Math.max(nowMs, fullAt.get(key) ?? 0);

  function remember(key: string, ms: number): void {
    fullAt.delete(key);
    fullAt.set(key, ms);
    if (fullAt.size > maxKeys) {
      const oldest = fullAt.keys().next().value;
      if (oldest !== undefined) fullAt.delete(oldest);
    }
  }

  return {
    rate,
    take(key, cost = 1) {
      const nowMs = now();
      const before = fullAtOf(key, nowMs);
      const after = before + cost * rate.everyMs;
      const allowed = after - nowMs <= depthMs;
      const kept = allowed ? after : before;
      remember(key, kept);
      return {
        allowed,
        remaining: Math.max(0, Math.floor((depthMs - (kept - nowMs)) / rate.everyMs)),
        retryAfterSeconds: allowed ? 0 : Math.ceil((after - nowMs - depthMs) / 1000),
        resetSeconds: Math.ceil((kept - nowMs) / 1000),
      };
    },
    has(key, cost = 1) {
      const nowMs = now();
      return fullAtOf(key, nowMs) + cost * rate.everyMs - nowMs <= depthMs;
    },
    charge: (key, cost = 1) => remember(key, fullAtOf(key, now()) + cost * rate.everyMs),
    giveBack(key, cost = 1) {
      const ms = fullAt.get(key);
      if (ms !== undefined) fullAt.set(key, ms - cost * rate.everyMs);
    },
  };
}
