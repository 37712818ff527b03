/** A queue, a worker and a clock that stands still, for tests of jobs. */

import { migrations } from "../../migrations/index.ts";
import type { JobKind } from "../jobs/job.ts";
import { createQueue, type Queue } from "../jobs/queue.ts";
import { createWorker, type Worker } from "../jobs/worker.ts";
import { heldClock } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import { createLog, type LogLine } from "../lib/log.ts";
import type { Db } from "../storage/db.ts";

const JOB_TABLES: ReadonlySet<string> = new Set([
  "0001_objects",
  "0003_jobs",
  "0008_remotes",
  "0017_delivery",
]);

/** What makes the table of jobs, and what the same migrations touch besides. */
export const jobMigrations = migrations.filter(({ name }) => JOB_TABLES.has(name));

export interface Workshop {
  readonly clock: ReturnType<typeof heldClock>;
  readonly queue: Queue;
  /** A worker on the same database; stop it yourself, or not at all to play dead. */
  worker(kinds: Readonly<Record<string, Partial<JobKind> & Pick<JobKind, "run">>>, db?: Db): Worker;
  /** Warnings and errors, newest first. */
  warnings(): readonly LogLine[];
}

/** Kinds that say nothing else try again after a second, and run eight at once. */
export function workshop(db: Db): Workshop {
  const clock = heldClock();
  const { now } = clock;
  const queue = createQueue({ keys: createKeys({ now }), now });
  const log = createLog({ now, level: "error", form: "json", write: () => undefined });
  return {
    clock,
    queue,
    worker: (kinds, other = db) =>
      createWorker({
        ...{ db: other, queue, now, log },
        kinds: Object.fromEntries(
          Object.entries(kinds).map(([name, kind]) => [name, { retry: () => 1000, concurrency: 8, ...kind }]),
        ),
      }),
    warnings: () => log.lastWarnings(),
  };
}
