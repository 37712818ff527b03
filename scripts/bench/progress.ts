/** Looks into the database of the server under test from outside, to see how far its work has come. */
import { Database } from "bun:sqlite";
import { join } from "node:path";

export interface Progress {
  /** Activities that are stored. */
  activities(): number;
  /** Jobs of this kind that wait or run. */
  waiting(kind: string): number;
  /** Deliveries that have arrived. */
  arrived(): number;
  /** Looks now and then until it is so. */
  until(isSo: () => boolean): Promise<void>;
  close(): void;
}

/** Looking costs a little of what is measured. */
const LOOK_EVERY_MS = 100;

export function watch(folder: string): Progress {
  const database = new Database(join(folder, "commons.db"), { readonly: true });
  database.run("PRAGMA busy_timeout = 5000");
  const count = (query: string, ...values: string[]) =>
    (database.query(query).get(...values) as { n: number }).n;
  return {
    activities: () => count("SELECT count(*) AS n FROM object WHERE kind = 'activity'"),
    waiting: (kind) => count("SELECT count(*) AS n FROM job WHERE kind = ? AND buried IS NULL", kind),
    arrived: () => count("SELECT count(*) AS n FROM delivery WHERE state = 'arrived'"),
    async until(isSo) {
      while (!isSo()) await Bun.sleep(LOOK_EVERY_MS);
    },
    close: () => database.close(),
  };
}
