/** How other servers are doing: which fail, which people here have stopped, which are gone, and what brings them back. */
import { backOff } from "../jobs/job.ts";
import { type Now, steady } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { createLru } from "../lib/lru.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import * as store from "./store-peers.ts";

/** After so many failures in a row the host is taken for dead, and asked by one request at a time. */
const FAILURES_UNTIL_PAUSE = 3;
/** A host that fails is asked at least once an hour whether it is back, however long its letters have waited. */
export const LONGEST_PAUSE_MS = HOUR_MS;
/** As long as a letter waits: whoever has not answered for so long gets no new ones. */
export const DEAD_AFTER_MS = 15 * DAY_MS;
/** How often a host that is taken for gone is asked whether it is back. */
export const DEAD_ASKED_EVERY_MS = DAY_MS;
/** Hosts remembered at one time, of each sort: about 1 MB. */
const MAX_HOSTS = 10_000;
/** When a host last answered, or sent something, is no more exact than that. */
export const NOTED_EVERY_MS = 10 * MINUTE_MS;
/** Another node may have found out that a host is back. */
const DEAD_GOOD_FOR_MS = 5 * MINUTE_MS;
/** What people or other nodes decide about a host counts here after so long. */
const STANDING_GOOD_FOR_MS = MINUTE_MS;

export interface Trouble {
  readonly why: string;
  /** The host itself is to blame, not this letter. */
  readonly isDown: boolean;
  /** How long it asked us to wait, in milliseconds. */
  readonly waitMs: number | null;
}

export interface Hosts {
  /** Reads which hosts are taken for gone; at the start, and by itself for what other nodes find out. */
  load(): Promise<void>;
  /** Nothing new is to be sent there, as far as this process knows. */
  isDead(host: number): boolean;
  /** What is decided about the host, to a minute. */
  standing(host: number): Promise<store.Standing>;
  /** It took a letter: what to write down, and whatever else waited for its return becomes due. */
  arrived(host: number, name: string): readonly Sql[];
  /** It did not: written down. How long its whole lane rests, or null. */
  failed(host: number, name: string, trouble: Trouble): Promise<number | null>;
  /** It sent something that is signed: where it was taken for down, what waits for it is tried now. */
  heard(name: string): Promise<void>;
  /** Something about it was decided or written down by others: asked for anew. */
  forget(host: number, name: string): void;
}

const UNKNOWN: store.Standing = { heldMs: null, deadMs: null, arrivedMs: null };

export function createHosts(deps: {
  readonly db: Db;
  readonly now: Now;
  /** Ends the worker's own waiting for this host. */
  readonly wake: (name: string) => void;
  readonly random?: () => number;
}): Hosts {
  const { db, now } = deps;
  const passed = steady(now);
  /** Failures in a row of each host that is failing now. */
  const failing = createLru<number>(MAX_HOSTS);
  /** When it was written down of each host that it answers; not of those that have failed since. */
  const noted = createLru<number>(MAX_HOSTS);
  const heardAtMs = createLru<number>(MAX_HOSTS);
  /** Until when hosts have asked to be left alone. */
  const askedUntilMs = createLru<number>(MAX_HOSTS);
  const standings = createLru<{ readonly atMs: number; readonly standing: store.Standing }>(MAX_HOSTS);
  const dead = new Set<number>();
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  const pause = backOff({
    firstMs: MINUTE_MS,
    factor: 2,
    maxMs: LONGEST_PAUSE_MS,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    ...(deps.random ? { random: deps.random } : {}),
  });

  function forget(host: number, name: string): void {
    standings.delete(String(host));
    heardAtMs.delete(name);
    askedUntilMs.delete(name);
    failing.delete(name);
    noted.delete(name);
    dead.delete(host);
  }

  async function load(): Promise<void> {
    loadedAtMs = passed();
    const found = await store.findDead(db, MAX_HOSTS);
    dead.clear();
    for (const host of found) dead.add(host);
  }

  function isDead(host: number): boolean {
    if (dead.has(host) && passed() - loadedAtMs >= DEAD_GOOD_FOR_MS) {
      // @NOTE What cannot be read now is read at the next question; until then it is as it was.
      load().catch(() => undefined);
    }
    return dead.has(host);
  }

  async function standing(host: number): Promise<store.Standing> {
    const known = standings.get(String(host));
    if (known && passed() - known.atMs < STANDING_GOOD_FOR_MS) return known.standing;
    const found = (await store.findStanding(db, host)) ?? UNKNOWN;
    standings.set(String(host), { atMs: passed(), standing: found });
    return found;
  }

  function arrived(host: number, name: string): readonly Sql[] {
    const wasDown = failing.get(name) !== undefined;
    failing.delete(name);
    const notedMs = noted.get(name);
    if (notedMs !== undefined && passed() - notedMs < NOTED_EVERY_MS) return [];
    noted.set(name, passed());
    standings.delete(String(host));
    dead.delete(host);
    const back = wasDown ? store.retryLane(name, now()) : [];
    return [store.rememberArrival(host, now()), ...back];
  }

  async function failed(host: number, name: string, trouble: Trouble): Promise<number | null> {
    const { isDown, waitMs, why } = trouble;
    const inARow = isDown ? (failing.get(name) ?? 0) + 1 : 0;
    if (isDown) failing.set(name, inARow);
    if (waitMs !== null) askedUntilMs.set(name, passed() + waitMs);
    noted.delete(name);
    const { deadMs } = await standing(host);
    const pauseMs =
      waitMs ??
      (isDown && deadMs !== null
        ? DEAD_ASKED_EVERY_MS
        : inARow < FAILURES_UNTIL_PAUSE
          ? null
          : pause(inARow, 0));
    const [rows] = await db.batch([
      store.rememberFailure({
        host,
        nowMs: now(),
        pausedUntilMs: pauseMs === null ? null : now() + pauseMs,
        deadBeforeMs: isDown ? now() - DEAD_AFTER_MS : null,
        error: why,
      }),
    ]);
    const marked = (rows as readonly { dead: number | null }[] | undefined)?.[0]?.dead ?? null;
    if (marked !== deadMs) standings.delete(String(host));
    if (marked !== null) dead.add(host);
    return pauseMs;
  }

  async function heard(name: string): Promise<void> {
    const lastMs = heardAtMs.get(name);
    if (lastMs !== undefined && passed() - lastMs < NOTED_EVERY_MS) return;
    heardAtMs.set(name, passed());
    const [rows] = await db.batch([store.rememberReceived(name, now())]);
    const [row] = (rows ?? []) as readonly { host: number; failing_since: number | null }[];
    if (!row || row.failing_since === null) return;
    const wasDead = dead.delete(row.host);
    standings.delete(String(row.host));
    // Whoever refuses a letter, or asks us to wait, was there all the time.
    const isDown = wasDead || failing.get(name) !== undefined;
    if (!isDown || (askedUntilMs.get(name) ?? 0) > passed()) return;
    await db.batch(store.retryLane(name, now()));
    deps.wake(name);
  }

  return {
    load,
    isDead,
    standing,
    arrived,
    failed,
    heard,
    forget,
  };
}
