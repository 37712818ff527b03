/** Whose turn it is: the lanes of one kind of job, as one worker remembers them. Knows no database. */
import type { Job } from "./job.ts";

/** Jobs claimed ahead, as a multiple of what may run at once: claims are few, and a crash returns little. */
const AHEAD = 3;

interface Lane {
  readonly name: string;
  /** Claimed, not begun, in order. */
  readonly held: Job[];
  running: number;
  pausedUntilMs: number;
  /** After a pause one job goes alone, until one succeeds. */
  isProbing: boolean;
  /** More became due after the claim that is under way was asked for. */
  isMarkedAgain: boolean;
}

export interface Wanted {
  readonly lane: string;
  readonly count: number;
}

export interface Lanes {
  /** Something of this lane is due in the database. */
  mark(lane: string): void;
  /** Nothing starts until then; gives back what was claimed and not begun. */
  pause(lane: string, untilMs: number): readonly Job[];
  /** What to claim now, taking turns between lanes; at most `limit` entries. Answer each with `received`. */
  wanted(nowMs: number, limit: number): readonly Wanted[];
  /** What a claim gave; fewer than wanted means that the lane is empty. Gives back what a pause forbids by now. */
  received(wanted: Wanted, jobs: readonly Job[]): readonly Job[];
  /** The next job to begin, taking turns between lanes; null when there is none or enough run. */
  begin(): Job | null;
  ended(job: Job, hasSucceeded: boolean): void;
  /** What was claimed and not begun. */
  heldKeys(): readonly number[];
  /** Gives back everything that was claimed and not begun. */
  giveBack(): readonly Job[];
}

export function createLanes(limits: { readonly concurrency: number; readonly perLane?: number }): Lanes {
  const { concurrency, perLane = concurrency } = limits;
  const lanes = new Map<string, Lane>();
  /** Lanes with something due in the database, whose turn is next in front. */
  const due = new Set<Lane>();
  /** Lanes with something held, whose turn is next in front. */
  const startable = new Set<Lane>();
  const paused = new Set<Lane>();
  let firstPauseEndsMs = Number.POSITIVE_INFINITY;
  let held = 0;
  let running = 0;

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Lane = {
      name,
      held: [],
      running: 0,
      pausedUntilMs: 0,
      isProbing: false,
      isMarkedAgain: false,
    };
    lanes.set(name, lane);
    return lane;
  }

  const capOf = (lane: Lane): number => (lane.isProbing ? 1 : perLane);

  function roomOf(lane: Lane): number {
    const taken = lane.held.length + lane.running;
    return lane.isProbing ? 1 - taken : lane.held.length < perLane ? perLane * AHEAD - taken : 0;
  }

  function takeHeld(lane: Lane): Job[] {
    startable.delete(lane);
    held -= lane.held.length;
    return lane.held.splice(0);
  }

  function forgetIfIdle(lane: Lane): void {
    if (lane.running + lane.held.length > 0 || lane.isProbing || due.has(lane) || paused.has(lane)) return;
    lanes.delete(lane.name);
  }

  function endPauses(nowMs: number): void {
    if (nowMs < firstPauseEndsMs) return;
    firstPauseEndsMs = Number.POSITIVE_INFINITY;
    for (const lane of paused) {
      if (lane.pausedUntilMs > nowMs) {
        firstPauseEndsMs = Math.min(firstPauseEndsMs, lane.pausedUntilMs);
        continue;
      }
      paused.delete(lane);
      lane.isProbing = true;
      due.add(lane);
    }
  }

  return {
    mark(name) {
      const lane = laneOf(name);
      if (paused.has(lane)) return;
      lane.isMarkedAgain = true;
      due.add(lane);
    },

    pause(name, untilMs) {
      const lane = laneOf(name);
      lane.pausedUntilMs = untilMs;
      firstPauseEndsMs = Math.min(firstPauseEndsMs, untilMs);
      paused.add(lane);
      due.delete(lane);
      if (lane.held.length > 0) return takeHeld(lane);
      return [];
    },

    wanted(nowMs, limit) {
      endPauses(nowMs);
      const wanted: Wanted[] = [];
      if (running >= concurrency && held >= concurrency) return wanted;
      let budget = concurrency * AHEAD - held - running;
      let unseen = due.size;
      for (const lane of due) {
        if (unseen-- === 0 || budget <= 0 || wanted.length === limit) break;
        const count = Math.min(roomOf(lane), budget);
        if (count <= 0) continue;
        budget -= count;
        wanted.push({ lane: lane.name, count });
        lane.isMarkedAgain = false;
        due.delete(lane); // To the back of the row.
        due.add(lane);
      }
      return wanted;
    },

    received(wanted, jobs) {
      const lane = laneOf(wanted.lane);
      if (paused.has(lane)) return jobs;
      if (jobs.length < wanted.count && !lane.isMarkedAgain) due.delete(lane);
      lane.held.push(...jobs);
      held += jobs.length;
      if (lane.held.length > 0) startable.add(lane);
      // A probe that finds nothing to try has nothing to prove.
      else if (lane.running === 0 && !due.has(lane)) lane.isProbing = false;
      forgetIfIdle(lane);
      return [];
    },

    begin() {
      if (running >= concurrency) return null;
      for (const lane of startable) {
        if (lane.running >= capOf(lane)) continue;
        const job = lane.held.shift();
        startable.delete(lane);
        if (!job) continue;
        if (lane.held.length > 0) startable.add(lane);
        held--;
        running++;
        lane.running++;
        return job;
      }
      return null;
    },

    ended(job, hasSucceeded) {
      const lane = laneOf(job.lane);
      lane.running--;
      running--;
      if (hasSucceeded) lane.isProbing = false;
      forgetIfIdle(lane);
    },

    heldKeys: () => [...startable].flatMap((lane) => lane.held.map(({ key }) => key)),

    giveBack: () => [...lanes.values()].flatMap(takeHeld),
  };
}
