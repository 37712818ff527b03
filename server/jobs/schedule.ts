/** What runs every so often: each task is one job that enqueues its successor, so once per cluster. */
import type { Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { JobKind } from "./job.ts";
import type { Queue } from "./queue.ts";

export interface Task {
  /** Unique, and stable between versions: it names the row that guards it. */
  readonly name: string;
  /** When it runs next, if it ran at `nowMs`: see `every`, `daily`, `weekly`. */
  readonly next: (nowMs: number) => number;
  run(): Promise<void>;
}

/** 1970 began on a Thursday; this many days later is a Sunday. */
const FIRST_SUNDAY = 3;
/** How soon a task that failed is tried again. */
const RETRY_MS = 10 * 60_000;

export const every =
  (ms: number): Task["next"] =>
  (nowMs) =>
    nowMs + ms;

/** Each day at that hour (UTC). */
export const daily =
  (hourUtc: number): Task["next"] =>
  (nowMs) =>
    nextAt(nowMs, DAY_MS, hourUtc * HOUR_MS);

/** Each Sunday at that hour (UTC). */
export const weekly =
  (hourUtc: number): Task["next"] =>
  (nowMs) =>
    nextAt(nowMs, 7 * DAY_MS, FIRST_SUNDAY * DAY_MS + hourUtc * HOUR_MS);

export interface Schedule {
  /** For the worker's table of kinds, under the name `schedule`. */
  readonly kind: JobKind;
  /** Makes sure that every task has its row, and that none waits longer than its rhythm says. Call before the worker starts. */
  ensure(): Promise<void>;
}

export function createSchedule(deps: {
  readonly db: Db;
  readonly queue: Queue;
  readonly now: Now;
  readonly tasks: readonly Task[];
}): Schedule {
  const { db, queue, now, tasks } = deps;
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const enqueueNext = (task: Task) =>
    queue.enqueue({
      kind: "schedule",
      lane: task.name,
      payload: null,
      dueMs: task.next(now()),
      once: guard(task),
    });

  return {
    kind: {
      concurrency: Math.max(tasks.length, 1),
      perLane: 1,
      retry: () => RETRY_MS,
      async run({ lane }) {
        const task = byName.get(lane);
        if (!task) return []; // A task of an older version ends here.
        await task.run().catch((error: unknown) => {
          // Nobody waits for the answer, so even a refusal is written to the log.
          throw new Error(`The task ${task.name} failed.`, { cause: error });
        });
        return [enqueueNext(task)];
      },
    },
    async ensure() {
      await db.batch(
        tasks.flatMap((task) => [
          enqueueNext(task),
          sql`UPDATE job SET due = ${task.next(now())}
            WHERE once = ${guard(task)} AND lease IS NULL AND due > ${task.next(now())}`,
        ]),
      );
    },
  };
}

const guard = (task: Task): string => `schedule:${task.name}`;

/** The next moment after `nowMs` that lies `offsetMs` into a period counted from 1970. */
function nextAt(nowMs: number, periodMs: number, offsetMs: number): number {
  const begun = Math.floor((nowMs - offsetMs) / periodMs);
  return (begun + 1) * periodMs + offsetMs;
}
