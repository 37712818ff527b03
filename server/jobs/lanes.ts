/** Whose turn it is: the lanes of one kind of job, as one worker remembers them. Knows no database. */
import type { Job } from "./job.ts";

/** Jobs claimed ahead, as a multiple of what may run at once: claims are few, and a crash returns little. */
const AHEAD = 3;
/**
 * Jobs of one line that are claimed and done in one go: as long as it lasts the connection to their host stays open, and
 * one claim serves them all. More would be given back where the first one fails.
 */
const MAX_STRETCH = 8;

/** What one place is taken for: one job, or the next few of a line that keeps an order, done one after the other. */
export type Stretch = readonly [Job, ...Job[]];

/** What runs in order within a lane; null for all that may run in any order. */
interface Line {
  readonly name: string | null;
  /** Claimed, not begun, in order. */
  readonly held: Stretch[];
  running: number;
  /** More became due after the claim that is under way was asked for. */
  isMarkedAgain: boolean;
  /** Behind what is held or runs there may be more. */
  hasMore: boolean;
}

interface Lane {
  readonly name: string;
  readonly lines: Map<string | null, Line>;
  /** Lines with something due in the database, whose turn is next in front. */
  readonly due: Set<Line>;
  /** Lines with something held, whose turn is next in front. */
  readonly startable: Set<Line>;
  /** Stretches, as is `running`. */
  held: number;
  running: number;
  pausedUntilMs: number;
  /** After a pause one job goes alone, until one succeeds. */
  isProbing: boolean;
  /** It has lines that keep an order: which of them have something due, only the database knows. */
  isOrdered: boolean;
}

export interface Wanted {
  readonly lane: string;
  readonly line: string | null;
  /** Jobs; those of a line that keeps an order take one place together. */
  readonly count: number;
}

export interface Lanes {
  /** Something of this line (null where the order does not matter) is due in the database. */
  mark(lane: string, line: string | null): void;
  /** Nothing starts until then; gives back what was claimed and not begun. */
  pause(lane: string, untilMs: number): readonly Job[];
  /** Ends a pause before its time; a lane that is not paused goes on as it is. Either way it is among the next `woken`. */
  resume(lane: string): void;
  /**
   * Ends pauses whose time is over, and gives the lanes with lines whose pause has ended since it was last called: what
   * is due there has to be marked, because a paused lane hears nothing.
   */
  woken(nowMs: number): readonly string[];
  /** What to claim now, taking turns between lanes and between their lines; at most `limit` entries. Answer each with `received`. */
  wanted(nowMs: number, limit: number): readonly Wanted[];
  /**
   * What a claim gave, in order; fewer than wanted means that nothing more is due. Gives back what a pause forbids by
   * now.
   */
  received(wanted: Wanted, jobs: readonly Job[]): readonly Job[];
  /** Takes the turn of a lane in which nothing waits or runs, for work that has no row; false where it is not free. */
  enter(lane: string): boolean;
  /** Ends that turn. Whether something waits there by now. */
  left(lane: string): boolean;
  /** What to begin next, taking turns between lanes and lines; null when there is nothing or enough runs. */
  begin(): Stretch | null;
  /** Whether a stretch that runs there may go on with its next job: the lane has not been paused since. */
  mayGoOn(lane: string): boolean;
  /** `hasSucceeded` tells of the last job that was run; `isCut` that those behind it have been given back. */
  ended(stretch: Stretch, how: { readonly hasSucceeded: boolean; readonly isCut: boolean }): void;
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
  /** Lanes in which nobody has looked since their pause ended. */
  const woken = new Set<string>();
  let firstPauseEndsMs = Number.POSITIVE_INFINITY;
  let held = 0;
  let running = 0;

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Lane = {
      name,
      lines: new Map(),
      due: new Set(),
      startable: new Set(),
      held: 0,
      running: 0,
      pausedUntilMs: 0,
      isProbing: false,
      isOrdered: false,
    };
    lanes.set(name, lane);
    return lane;
  }

  function lineOf(lane: Lane, name: string | null): Line {
    const known = lane.lines.get(name);
    if (known) return known;
    const line: Line = { name, held: [], running: 0, isMarkedAgain: false, hasMore: false };
    lane.lines.set(name, line);
    if (name !== null) lane.isOrdered = true;
    return line;
  }

  const capOf = (lane: Lane): number => (lane.isProbing ? 1 : perLane);

  function roomOf(lane: Lane): number {
    const taken = lane.held + lane.running;
    return lane.isProbing ? 1 - taken : lane.held < perLane ? perLane * AHEAD - taken : 0;
  }

  function isDue(lane: Lane, line: Line): void {
    lane.due.add(line);
    due.add(lane);
  }

  function isNotDue(lane: Lane, line: Line): void {
    lane.due.delete(line);
    if (lane.due.size === 0) due.delete(lane);
  }

  function takeHeld(lane: Lane): Job[] {
    startable.delete(lane);
    const stretches = [...lane.startable].flatMap((line) => line.held.splice(0));
    lane.startable.clear();
    lane.held -= stretches.length;
    held -= stretches.length;
    return stretches.flat();
  }

  function forgetIfIdle(lane: Lane, line: Line): void {
    if (line.running + line.held.length > 0 || lane.due.has(line)) return;
    lane.lines.delete(line.name);
    if (lane.lines.size > 0 || lane.isProbing || paused.has(lane)) return;
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
      endPause(lane);
    }
  }

  function endPause(lane: Lane): void {
    paused.delete(lane);
    lane.isProbing = true;
    if (lane.isOrdered) woken.add(lane.name);
    else isDue(lane, lineOf(lane, null));
  }

  /** Asks for what there is room for in one lane, line after line. */
  function want(lane: Lane, room: number, wanted: Wanted[], limit: number): number {
    let asked = 0;
    for (const line of lane.due) {
      if (asked === room || wanted.length === limit) break;
      const isOrdered = line.name !== null;
      const places = isOrdered ? 1 : room - asked;
      asked += places;
      const count = isOrdered && !lane.isProbing ? MAX_STRETCH : places;
      wanted.push({ lane: lane.name, line: line.name, count });
      line.isMarkedAgain = false;
      // One stretch at a time of a line that keeps an order; its end, or a mark, asks for the next.
      if (isOrdered) lane.due.delete(line);
    }
    due.delete(lane);
    if (lane.due.size > 0) due.add(lane); // To the back of the row.
    return asked;
  }

  return {
    mark(laneName, lineName) {
      const lane = laneOf(laneName);
      if (paused.has(lane)) {
        if (lineName !== null) lane.isOrdered = true;
        return;
      }
      const line = lineOf(lane, lineName);
      line.isMarkedAgain = true;
      line.hasMore = true;
      if (lineName === null || line.held.length + line.running === 0) isDue(lane, line);
    },

    pause(name, untilMs) {
      const lane = laneOf(name);
      lane.pausedUntilMs = untilMs;
      firstPauseEndsMs = Math.min(firstPauseEndsMs, untilMs);
      paused.add(lane);
      due.delete(lane);
      lane.due.clear();
      const jobs = takeHeld(lane);
      for (const line of [...lane.lines.values()]) forgetIfIdle(lane, line);
      return jobs;
    },

    resume(name) {
      const lane = lanes.get(name);
      if (lane && paused.has(lane)) endPause(lane);
      woken.add(name);
    },

    woken(nowMs) {
      endPauses(nowMs);
      const names = [...woken];
      woken.clear();
      return names;
    },

    wanted(nowMs, limit) {
      endPauses(nowMs);
      const wanted: Wanted[] = [];
      if (running >= concurrency && held >= concurrency) return wanted;
      let budget = concurrency * AHEAD - held - running;
      let unseen = due.size;
      for (const lane of due) {
        if (unseen-- === 0 || budget <= 0 || wanted.length === limit) break;
        const room = Math.min(roomOf(lane), budget);
        if (room > 0) budget -= want(lane, room, wanted, limit);
      }
      return wanted;
    },

    received(wanted, jobs) {
      const lane = laneOf(wanted.lane);
      if (paused.has(lane)) return jobs;
      const line = lineOf(lane, wanted.line);
      const isFull = jobs.length === wanted.count;
      const stretches = line.name === null ? jobs.map((job): Stretch => [job]) : stretchOf(jobs);
      const isBusy = line.name !== null && stretches.length > 0;
      if (isBusy) line.hasMore = isFull || line.isMarkedAgain;
      if (isBusy || !(isFull || line.isMarkedAgain)) isNotDue(lane, line);
      else if (!isFull) isDue(lane, line);
      line.held.push(...stretches);
      lane.held += stretches.length;
      held += stretches.length;
      if (line.held.length > 0) {
        lane.startable.add(line);
        startable.add(lane);
      }
      // A probe that finds nothing to try has nothing to prove.
      else if (lane.running === 0 && lane.due.size === 0 && !lane.isOrdered) lane.isProbing = false;
      forgetIfIdle(lane, line);
      return [];
    },

    enter(name) {
      const known = lanes.get(name);
      if (known && (paused.has(known) || known.held + known.running + known.due.size > 0)) return false;
      const lane = laneOf(name);
      lane.running++;
      lineOf(lane, null).running++;
      return true;
    },

    left(name) {
      const lane = laneOf(name);
      const line = lineOf(lane, null);
      lane.running--;
      line.running--;
      forgetIfIdle(lane, line);
      return lane.held + lane.due.size > 0;
    },

    begin() {
      if (running >= concurrency) return null;
      for (const lane of startable) {
        if (lane.running >= capOf(lane)) continue;
        const [line] = lane.startable;
        const stretch = line?.held.shift();
        startable.delete(lane);
        if (!line || !stretch) continue;
        lane.startable.delete(line);
        if (line.held.length > 0) lane.startable.add(line);
        if (lane.startable.size > 0) startable.add(lane);
        held--;
        lane.held--;
        running++;
        lane.running++;
        line.running++;
        return stretch;
      }
      return null;
    },

    mayGoOn(name) {
      const lane = laneOf(name);
      return !paused.has(lane) && !lane.isProbing;
    },

    ended([job], { hasSucceeded, isCut }) {
      const lane = laneOf(job.lane);
      const line = lineOf(lane, job.line);
      line.running--;
      lane.running--;
      running--;
      if (hasSucceeded) lane.isProbing = false;
      if (line.name !== null && (line.hasMore || isCut) && !paused.has(lane)) isDue(lane, line);
      forgetIfIdle(lane, line);
    },

    heldKeys: () =>
      [...startable].flatMap((lane) =>
        [...lane.startable].flatMap((line) => line.held.flat().map(({ key }) => key)),
      ),

    giveBack: () => [...lanes.values()].flatMap(takeHeld),
  };
}

/** As one stretch, or none. */
const stretchOf = ([first, ...rest]: readonly Job[]): readonly Stretch[] => (first ? [[first, ...rest]] : []);
