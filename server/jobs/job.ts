/** What a job is, and what a handler may say about it. */
import type { Json } from "../lib/json.ts";
import type { Sql } from "../lib/sql.ts";

/** A claimed job, as its handler sees it. */
export interface Job {
  /** Sorts by the time of enqueueing (`timeOfKey`). */
  readonly key: number;
  readonly kind: string;
  readonly lane: string;
  /** What it is in order with, in its lane; null where the order does not matter. */
  readonly line: string | null;
  readonly payload: Json;
  /** How often it has failed before. */
  readonly tries: number;
  /** Which claim this is: the proof that it is still ours when it ends. */
  readonly claim: number;
}

export interface JobKind {
  /**
   * Does the work. What it returns is committed together with the end of the job; `"finished"` says that the
   * handler's own batch held `finish(job)`. Throws to be tried again, or `later(…)`, or `givingUp(…)`.
   * It may run more than once: only what is committed with its end happens exactly once.
   * `signal` aborts when the server stops and cannot wait longer.
   */
  run(job: Job, signal: AbortSignal): Promise<readonly Sql[] | "finished">;
  /** Milliseconds until the next try after `tries` failures (from 1), or null to give up. See `backOff`. */
  retry(tries: number, ageMs: number): number | null;
  /** How many run at once in this process. */
  readonly concurrency: number;
  /** How many of one lane run at once in this process; all of `concurrency` when it is not given. */
  readonly perLane?: number;
}

/** The same kinds, none of which runs more than `count` jobs at once in this process. */
export const atMost = (count: number, kinds: Readonly<Record<string, JobKind>>): Record<string, JobKind> =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { ...kind, concurrency: Math.min(kind.concurrency, count) },
    ]),
  );

/** How a handler wants its failure to be treated; thrown, and made by `later` and `givingUp`. */
export interface Verdict extends Error {
  readonly verdict: { readonly delayMs: number | null; readonly pauseMs: number | null };
}

/**
 * To be thrown: try again in `delayMs` (a `Retry-After`), unless the kind's `retry` says that it is time to give up.
 * With `pauseMs` nothing of the lane starts for so long, and afterwards one job goes first, as a probe.
 */
export const later = (delayMs: number, why: string, options: { pauseMs?: number | null } = {}): Verdict =>
  Object.assign(new Error(why), { verdict: { delayMs, pauseMs: options.pauseMs ?? null } });

/** To be thrown: trying again is useless. The job is kept for a person to look at. */
export const givingUp = (why: string): Verdict =>
  Object.assign(new Error(why), { verdict: { delayMs: null, pauseMs: null } });

export const isVerdict = (error: unknown): error is Verdict => error instanceof Error && "verdict" in error;

/**
 * Delays that grow by `factor` from `firstMs` up to `maxMs`, each shortened or stretched by up to a fifth at random so
 * that what failed together does not return together; gives up once the job is older than `giveUpAfterMs`.
 */
export function backOff(options: {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly giveUpAfterMs: number;
  readonly random?: () => number;
}): JobKind["retry"] {
  const { firstMs, factor, maxMs, giveUpAfterMs, random = Math.random } = options;
  return (tries, ageMs) => {
    if (ageMs >= giveUpAfterMs) return null;
    const delayMs = Math.min(firstMs * factor ** (tries - 1), maxMs);
    return Math.round(delayMs * (0.8 + 0.4 * random()));
  };
}
