/** How much is asked of other servers only so that more is to be seen here: little, and of nobody much. */
import { createBuckets } from "../lib/buckets.ts";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { hostOf } from "../lib/url.ts";

/** Requests to one server for the sake of completeness, whoever's conversations lead there: nothing to the smallest. */
const PER_HOST = { burst: 600, everyMs: HOUR_MS / 600 } as const;
/** To all servers together: some 10 MB an hour at most. */
const IN_ALL = { burst: 5_000, everyMs: HOUR_MS / 5_000 } as const;
/** Addresses of one server that gave nothing, dead links among them, after which it is left alone in this errand. */
const MAX_FAILURES = 5;

export interface ErrandLimits {
  readonly requests: number;
  /** Requests to each server that is not the errand's own: a list can name addresses of somebody who never asked for it. */
  readonly perForeignHost: number;
  /** Milliseconds by the clock; what is not had by then comes another time. */
  readonly totalMs: number;
}

/** One look for what is missing. */
export interface Errand {
  /** Whether that address may be asked now; if so, it is counted. `home` is the server whose matter this is. */
  mayAsk(iri: string, home: string | null): boolean;
  /** The server of that address did not answer. */
  failed(iri: string): void;
  isOver(): boolean;
}

export interface Restraint {
  begin(limits: ErrandLimits, signal: AbortSignal): Errand;
}

/** Counts in memory: a restart forgives everybody. */
export function createRestraint(deps: { readonly now: Now }): Restraint {
  const now = steady(deps.now);
  const hosts = createBuckets({ now, rate: PER_HOST });
  const all = createBuckets({ now, rate: IN_ALL, maxKeys: 1 });

  return {
    begin(limits, signal) {
      const startedMs = now();
      const asked = new Map<string, number>();
      const failures = new Map<string, number>();
      let requests = 0;
      const isOver = () =>
        signal.aborted || requests >= limits.requests || now() - startedMs > limits.totalMs;

      return {
        isOver,
        mayAsk(iri, home) {
          const host = hostOf(iri);
          if (host === null || isOver() || (failures.get(host) ?? 0) >= MAX_FAILURES) return false;
          const count = asked.get(host) ?? 0;
          if (host !== home && count >= limits.perForeignHost) return false;
          if (!hosts.take(host).allowed || !all.take("").allowed) return false;
          asked.set(host, count + 1);
          requests++;
          return true;
        },
        failed(iri) {
          const host = hostOf(iri) ?? "";
          failures.set(host, (failures.get(host) ?? 0) + 1);
        },
      };
    },
  };
}
