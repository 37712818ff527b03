/** What a command tells reaches the server that runs beside it. */
import type { JobKind } from "./jobs/job.ts";
import type { Queue } from "./jobs/queue.ts";
import { isJsonObject } from "./lib/json.ts";
import { isProblem } from "./lib/problem.ts";
import type { Db } from "./storage/db.ts";
import { sqliteOf } from "./storage/sqlite/open.ts";

export const TELL = "tell";

/** The server may make the same key in the same millisecond; the next one is another. */
const MAX_TRIES = 5;

/**
 * The database as a command has it. PostgreSQL carries messages to every process; SQLite has no way to, so each goes as a
 * job too, which the server finds within a second, and which costs nothing while nobody tells anything.
 */
export function besideServer(db: Db, queue: Queue): Db {
  if (sqliteOf(db) === null) return db;
  const leaving = new Set<Promise<void>>();

  async function leave(channel: string, payload: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await db.batch([queue.enqueue({ kind: TELL, payload: { channel, payload } })]);
        return;
      } catch (error) {
        // @NOTE Best effort by contract: whoever listens also looks for itself from time to time.
        if (!isProblem(error, "conflict") || tries === MAX_TRIES) return;
      }
    }
  }

  return {
    ...db,
    notify(channel, payload) {
      db.notify(channel, payload);
      const left = leave(channel, payload).finally(() => leaving.delete(left));
      leaving.add(left);
    },
    async stop() {
      await Promise.all(leaving);
      await db.stop();
    },
  };
}

/** The job that tells it in the server. Told again after a power cut, it does no harm: messages say where to look. */
export const tellJob = (db: Db): JobKind => ({
  concurrency: 1,
  retry: () => null,
  async run({ payload }) {
    if (isJsonObject(payload)) db.notify(String(payload.channel), String(payload.payload));
    return [];
  },
});
