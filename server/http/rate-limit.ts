/** Limits on how often somebody may ask: by account where one is known, else by network. */
import { type Buckets, createBuckets, type Rate, type Taken } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { connectionOf, limitOf, noteLimit } from "./connection.ts";

export interface RateLimits<Name extends string> {
  /**
   * Counts the request under that name. `account` when somebody is signed in.
   * Throws Problem `too-many` with the seconds to wait.
   */
  take(request: Request, name: Name, account?: number | null): void;
}

/**
 * `{ search: { burst: 30, everyMs: 2000 } }`: thirty at once, then one every two seconds.
 * The tightest limit that a request passes is told in its `RateLimit-*` headers.
 */
export function createRateLimits<const Name extends string>(deps: {
  readonly now: Now;
  readonly rates: Readonly<Record<Name, Rate>>;
}): RateLimits<Name> {
  const { now, rates } = deps;
  const buckets = new Map<string, Buckets>();
  for (const name of Object.keys(rates) as Name[])
    buckets.set(name, createBuckets({ now, rate: rates[name] }));

  return {
    take(request, name, account = null) {
      const bucket = buckets.get(name);
      if (!bucket) throw new Error(`There is no rate limit called ${name}`);
      const key = account === null ? connectionOf(request).addressPrefix : `account ${account}`;
      const taken = bucket.take(key);
      noteTightest(request, taken, bucket.rate.burst);
      if (!taken.allowed) throw tooMany(taken.retryAfterSeconds);
    },
  };
}

function noteTightest(request: Request, taken: Taken, limit: number): void {
  const before = limitOf(request);
  if (before === null || taken.remaining <= before.remaining) noteLimit(request, taken, limit);
}

const tooMany = (retryAfterSeconds: number): Problem =>
  new Problem("too-many", "You asked too often. Wait a little, then try again.", {
    retryAfterSeconds,
    reason: "rate-limit-exceeded",
  });

/** draft-ietf-httpapi-ratelimit-headers-07: what is left, and in how many seconds all of it is back. */
export function addLimitHeaders(headers: Headers, request: Request): void {
  const limit = limitOf(request);
  if (limit === null) return;
  headers.set("ratelimit-limit", String(limit.limit));
  headers.set("ratelimit-remaining", String(limit.remaining));
  headers.set("ratelimit-reset", String(limit.resetSeconds));
}
