/** A server that sends too much is slowed, alone: neither those who share its network nor those whom it names. */
import { createBuckets, type Rate } from "../lib/buckets.ts";
import { type Now, steady } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";
import { hostOf } from "../lib/url.ts";

/**
 * Fifty activities a second for hours is more than the largest servers send to one that follows thousands there, and a
 * minute of that at once is what piles up while we restart.
 */
const HOST_RATE: Rate = { burst: 3_000, everyMs: 20 };
/** Servers slowed at one time; beyond that the one slowed longest ago is verified again, which costs a signature each. */
const MAX_SLOWED = 1_000;

export interface HostLimits {
  /**
   * Seconds that the sender has to wait, before anything of the request is verified: 0 unless the server that it names
   * was slowed, and came from this very network then. Whoever merely names somebody else's server slows nobody.
   */
  slowed(headers: Headers, network: string): number;
  /** Counts a request that `host` has verifiably sent; seconds to wait where that was too much, else 0. */
  take(host: string, network: string): number;
}

export function createHostLimits(deps: { now: Now; rate?: Rate }): HostLimits {
  const { rate = HOST_RATE } = deps;
  const now = steady(deps.now);
  const buckets = createBuckets({ now, rate });
  const slowedUntilMs = createLru<number>(MAX_SLOWED);

  return {
    slowed(headers, network) {
      const host = signingHost(headers);
      const untilMs = host === null ? undefined : slowedUntilMs.get(`${network} ${host}`);
      return untilMs === undefined ? 0 : Math.max(0, Math.ceil((untilMs - now()) / 1000));
    },
    take(host, network) {
      const taken = buckets.take(host);
      if (taken.allowed) return 0;
      const seconds = Math.max(1, taken.retryAfterSeconds);
      slowedUntilMs.set(`${network} ${host}`, now() + seconds * 1000);
      return seconds;
    },
  };
}

/** The server that a signature names, in either scheme; not verified. */
export function signingHost(headers: Headers): string | null {
  const said = headers.get("signature-input") ?? headers.get("signature") ?? "";
  const [, keyId] = /keyid="([^"]{1,2000})"/i.exec(said) ?? [];
  return keyId === undefined ? null : hostOf(keyId);
}
