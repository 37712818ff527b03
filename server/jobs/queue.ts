/** Promises work: `enqueue` returns SQL, so that a job joins the batch that causes it. */
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import type { Json } from "../lib/json.ts";
import { forRows, join, onCommit, type Sql, sql } from "../lib/sql.ts";

export interface NewJob {
  readonly kind: string;
  /** What shares a limit within the kind: a host. */
  readonly lane?: string;
  /**
   * What runs in order within the lane (an author): one after the other as they were enqueued, so that one that failed
   * holds back the next ones until it has succeeded or was given up. Other lines of the lane do not wait for it.
   */
  readonly line?: string;
  readonly payload: Json;
  /** Milliseconds since 1970; at once when it is not given. */
  readonly dueMs?: number;
  /** Ignored while another job of this name waits or runs. */
  readonly once?: string;
}

export interface Queue {
  enqueue(job: NewJob): Sql;
  /** The same for many, in few statements. */
  enqueueAll(jobs: readonly NewJob[]): readonly Sql[];
  /** Calls back after the commit of each statement of this process, with what it enqueued; returns how to stop. */
  onEnqueued(heard: (jobs: readonly NewJob[]) => void): () => void;
}

export function createQueue(deps: { readonly keys: Keys; readonly now: Now }): Queue {
  const listeners = new Set<(jobs: readonly NewJob[]) => void>();

  function insert(jobs: readonly NewJob[]): Sql {
    const rows = jobs.map(
      ({ kind, lane = "", line, payload, dueMs = deps.now(), once }) =>
        sql`(${deps.keys.next()}, ${kind}, ${lane}, ${line}, ${JSON.stringify(payload)}, ${dueMs}, ${once})`,
    );
    return onCommit(
      sql`INSERT INTO job (key, kind, lane, line, payload, due, once) VALUES ${join(rows, ", ")}
        ON CONFLICT (once) WHERE once IS NOT NULL DO NOTHING`,
      () => {
        for (const heard of listeners) heard(jobs);
      },
    );
  }

  return {
    enqueue: (job) => insert([job]),
    enqueueAll: (jobs) => forRows(jobs, insert),
    onEnqueued(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
  };
}
