/** Runs jobs: claims them, keeps to the limits of kinds and lanes, tries again, and stops without losing any. */
import { type Now, steady } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { isProblem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import { isVerdict, type Job, type JobKind } from "./job.ts";
import { createLanes, type Lanes, type Stretch, type Wanted } from "./lanes.ts";
import type { Queue } from "./queue.ts";
import {
  bury,
  claim,
  type DueLine,
  findAllDueLanes,
  findDueLanes,
  findLines,
  finish,
  release,
  renew,
  retry,
  returnAll,
  returnExpired,
  toJobs,
} from "./store.ts";

/** How often the worker looks for what became due, or was enqueued by another node. */
const POLL_MS = 1000;
/** How far a look reaches back, for what was enqueued before the last look and committed after it. */
const OVERLAP_MS = 10_000;
/** How often the worker looks at everything that is due, whatever it remembers. */
const FULL_LOOK_MS = 60_000;
/** How long a claim holds without renewal. `kill -9` of one of several nodes delays its jobs by this and `RENEW_MS`, at most. */
const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 3;
/** Lanes whose jobs are looked through in one query. */
const WOKEN_AT_ONCE = 50;
/** What is done at once at one time: it waits for nothing but the database. */
const MAX_AT_ONCE = 256;
/** Claims in one batch, so that reads get their turn in between. */
const MAX_CLAIMS_PER_BATCH = 100;
/** How long running jobs may take to end when the server stops, before they are asked to hurry. */
const PATIENCE_MS = 10_000;

export interface Worker {
  /** Begins to look for work. */
  start(): Promise<void>;
  /** Runs until nothing is due by the clock, what the jobs themselves enqueue included; for tests and commands. */
  drain(): Promise<void>;
  /**
   * Does now what would else be a job of this kind and lane: it takes the lane's turn, and has no row, so that it must be
   * done, or enqueued, before anybody is told that it will be. Null where others wait or run in the lane, or too much is
   * under way, or this worker does not know yet what waits: enqueue it then.
   */
  atOnce<T>(kind: string, lane: string, work: () => Promise<T>): Promise<T> | null;
  /** Nothing of the lane starts until then; afterwards one job goes first. Forgotten at the next start. */
  pause(kind: string, lane: string, untilMs: number): void;
  /** Ends a pause of the lane, and looks what is due there. */
  wake(kind: string, lane: string): void;
  /** Renews what this worker holds and returns what dead workers held; a started worker does it by itself. */
  keepLeases(): Promise<void>;
  /** Ends what runs and leaves the rest for the next start. */
  stop(): Promise<void>;
}

export function createWorker(deps: {
  readonly db: Db;
  readonly queue: Queue;
  readonly kinds: Readonly<Record<string, JobKind>>;
  readonly now: Now;
  readonly log: Log;
}): Worker {
  const { db, queue, now, log } = deps;
  /** What this worker does every so often, and how long lanes rest, hangs on no clock that somebody sets. */
  const passed = steady(now);
  const kinds = new Map(
    Object.entries(deps.kinds).map(([name, kind]) => [name, { ...kind, name, lanes: createLanes(kind) }]),
  );
  const running = new Map<Stretch, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  const hurry = new AbortController();
  let timer: ReturnType<typeof setInterval> | null = null;
  let drains = 0;
  let isStopping = false;
  let pumping: Promise<void> | null = null;
  let isRung = false;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let lookedAtAllMs = Number.NEGATIVE_INFINITY;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  const stopHearing = queue.onEnqueued((jobs) => {
    for (const { kind, lane = "", line = null, dueMs } of jobs) {
      if (dueMs === undefined || dueMs <= now()) kinds.get(kind)?.lanes.mark(lane, line);
    }
    if (timer || drains > 0) pump();
  });

  function atOnce<T>(kind: string, lane: string, work: () => Promise<T>): Promise<T> | null {
    const lanes = kinds.get(kind)?.lanes;
    if (isStopping || lookedAtAllMs < 0 || underWay.size >= MAX_AT_ONCE || !lanes?.enter(lane)) return null;
    const working = work();
    const left = (): void => {
      underWay.delete(ended);
      if (!lanes.left(lane)) return;
      begin();
      if (timer || drains > 0) pump();
    };
    const ended = working.then(left, left);
    underWay.add(ended);
    return working;
  }

  /** Claims and begins until there is nothing to claim; what rings meanwhile is heard. */
  function pump(): Promise<void> {
    isRung = true;
    pumping ??= (async () => {
      while (isRung && !isStopping) {
        isRung = false;
        await claimWanted();
      }
    })()
      .catch((error) => log.error("Jobs could not be claimed; the next look tries again.", error))
      .finally(() => {
        pumping = null;
      });
    return pumping;
  }

  async function claimWanted(): Promise<void> {
    for (;;) {
      const nowMs = now();
      const asked: { readonly kind: string; readonly lanes: Lanes; readonly wanted: Wanted }[] = [];
      for (const { name, lanes } of kinds.values()) {
        const left = MAX_CLAIMS_PER_BATCH - asked.length;
        for (const wanted of lanes.wanted(passed(), left)) asked.push({ kind: name, lanes, wanted });
      }
      if (asked.length === 0 || isStopping) return;
      const given = await db.batch(
        asked.map(({ kind, wanted }) =>
          claim(db.dialect, { kind, ...wanted, nowMs, leaseMs: nowMs + LEASE_MS }),
        ),
      );
      asked.forEach(({ lanes, wanted }, i) => {
        void giveBack(lanes.received(wanted, toJobs(given[i] ?? [])));
      });
      begin();
    }
  }

  function begin(): void {
    if (isStopping) return;
    for (const kind of kinds.values()) {
      const { lanes } = kind;
      for (let stretch = lanes.begin(); stretch; stretch = lanes.begin()) {
        const begun = stretch;
        const ended = runThrough(kind, lanes, begun).then((how) => {
          running.delete(begun);
          lanes.ended(begun, how);
          begin();
          if (timer || drains > 0) pump();
        });
        running.set(begun, ended);
      }
    }
  }

  /** One after the other, as far as each succeeds and the lane is open; what is left then is given back. */
  async function runThrough(
    kind: JobKind,
    lanes: Lanes,
    jobs: Stretch,
  ): Promise<{ readonly hasSucceeded: boolean; readonly isCut: boolean }> {
    let hasSucceeded = true;
    let rest: readonly Job[] = jobs;
    for (const job of jobs) {
      const mayBegin = job === jobs[0] || (hasSucceeded && !isStopping && lanes.mayGoOn(job.lane));
      if (!mayBegin) break;
      hasSucceeded = await run(kind, job);
      rest = rest.slice(1);
    }
    if (rest.length > 0) await giveBack(rest);
    return { hasSucceeded, isCut: rest.length > 0 };
  }

  async function run(kind: JobKind, job: Job): Promise<boolean> {
    try {
      const effects = await kind.run(job, hurry.signal);
      if (effects !== "finished") await db.batch([finish(job), ...effects]);
      return true;
    } catch (error) {
      await settle(kind, job, error);
      return false;
    }
  }

  /** After a failure: tried again, or buried. */
  async function settle(kind: JobKind, job: Job, error: unknown): Promise<void> {
    const fields = { kind: job.kind, lane: job.lane, key: job.key, tries: job.tries + 1 };
    if (isProblem(error) && error.detail.reason === "job-lost") {
      log.warn("A job took longer than its lease, and another worker did it.", fields);
      return;
    }
    const nowMs = now();
    const verdict = isVerdict(error) ? error.verdict : null;
    const byPolicy = kind.retry(job.tries + 1, nowMs - timeOfKey(job.key));
    const delayMs = verdict && byPolicy !== null ? verdict.delayMs : byPolicy;
    const why = describe(error);
    if (verdict && verdict.pauseMs !== null) pause(job.kind, job.lane, nowMs + verdict.pauseMs);
    if (delayMs === null) log.warn("A job was given up.", { ...fields, error: why });
    else if (verdict || isProblem(error))
      log.debug("A job is tried again.", { ...fields, delayMs, error: why });
    else log.error("A job failed and is tried again.", error, { ...fields, delayMs });
    try {
      await db.batch([delayMs === null ? bury(job, nowMs, why) : retry(job, nowMs + delayMs, why)]);
    } catch (writing) {
      // @NOTE The lease ends by itself, and then the job is due again: nothing is lost.
      log.error("The end of a job could not be written down.", writing, fields);
    }
  }

  function pause(kind: string, lane: string, untilMs: number): void {
    void giveBack(kinds.get(kind)?.lanes.pause(lane, passed() + untilMs - now()) ?? []);
  }

  function giveBack(jobs: readonly Job[]): Promise<unknown> {
    if (jobs.length === 0) return Promise.resolve();
    return db
      .batch(jobs.map(release))
      .catch((error) => log.error("Jobs could not be given back; their lease ends by itself.", error));
  }

  /** Marks the lanes where something is due: what came since the last look, or everything. */
  async function look(isFull: boolean): Promise<void> {
    const toMs = now();
    for (const { lanes } of kinds.values()) if (isFull) lanes.woken(passed());
    const found = isFull
      ? await findAllDueLanes(db, toMs)
      : [...(await findWoken()), ...(await findDueLanes(db, { fromMs: lookedAtMs - OVERLAP_MS, toMs }))];
    for (const { kind, lane, line } of found) kinds.get(kind)?.lanes.mark(lane, line);
    lookedAtMs = toMs;
    if (isFull) lookedAtAllMs = passed();
  }

  /** Where something waits in lanes whose pause is over; whether it is due, the claim finds out. */
  async function findWoken(): Promise<readonly DueLine[]> {
    const found: DueLine[] = [];
    for (const { name, lanes } of kinds.values()) {
      const woken = lanes.woken(passed());
      for (let at = 0; at < woken.length; at += WOKEN_AT_ONCE)
        found.push(...(await findLines(db, name, woken.slice(at, at + WOKEN_AT_ONCE))));
    }
    return found;
  }

  async function keepLeases(): Promise<void> {
    if (passed() - renewedAtMs < RENEW_MS) return;
    renewedAtMs = passed();
    const nowMs = now();
    const keys = [...kinds.values()].flatMap(({ lanes }) => lanes.heldKeys());
    for (const { key } of [...running.keys()].flat()) keys.push(key);
    const renewed = keys.length > 0 ? [renew(keys, nowMs + LEASE_MS)] : [];
    const given = await db.batch([...renewed, returnExpired(nowMs)]);
    const returned: readonly object[] = given.at(-1) ?? [];
    // They have been due for long, and a look goes back by seconds.
    for (const { kind, lane, line } of returned as readonly DueLine[])
      kinds.get(kind)?.lanes.mark(lane, line);
    if (timer && returned.length > 0) await pump();
  }

  let isPolling = false;
  async function poll(): Promise<void> {
    if (isPolling || isStopping) return;
    isPolling = true;
    try {
      await keepLeases();
      await look(passed() - lookedAtAllMs >= FULL_LOOK_MS);
      await pump();
    } catch (error) {
      // @NOTE A database that is away or full comes back; the next look is in a second.
      log.error("Looking for jobs failed.", error);
    } finally {
      isPolling = false;
    }
  }

  return {
    async start() {
      // With SQLite this is the only worker: whatever is held was held by a process that is gone.
      if (db.dialect.name === "sqlite") await db.batch([returnAll()]);
      timer = setInterval(poll, POLL_MS);
      await poll();
    },

    async drain() {
      drains++;
      try {
        for (;;) {
          await look(true);
          await pump();
          if (running.size === 0) return;
          while (running.size > 0) await Promise.all(running.values());
        }
      } finally {
        drains--;
      }
    },

    atOnce,
    pause,
    wake(kind, lane) {
      kinds.get(kind)?.lanes.resume(lane);
      if (timer) void poll();
    },
    keepLeases,

    async stop() {
      if (isStopping) return;
      isStopping = true;
      stopHearing();
      if (timer) clearInterval(timer);
      const impatience = setTimeout(() => hurry.abort(), PATIENCE_MS);
      await pumping;
      await giveBack([...kinds.values()].flatMap(({ lanes }) => lanes.giveBack()));
      await Promise.all([...running.values(), ...underWay]);
      clearTimeout(impatience);
    },
  };
}

const describe = (error: unknown): string => {
  if (isVerdict(error) || isProblem(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
