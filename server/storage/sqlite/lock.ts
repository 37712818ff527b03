/** One process at a time: a lock that the system takes back even after `kill -9`. */
import { Database, SQLiteError } from "bun:sqlite";
import { join } from "node:path";
import { Problem } from "../../lib/problem.ts";

/** The collector would close a database that nobody holds on to, and its lock would be gone. */
const held = new Set<Database>();

/**
 * Holds the folder for this process; returns how to let go. Two servers on one folder would share jobs, and two
 * Litestreams on one replica destroy it. Throws Problem `conflict` when another process holds it.
 */
export function lockFolder(folder: string): () => void {
  const database = new Database(join(folder, "lock.db"), { readwrite: true, create: true });
  try {
    database.run("PRAGMA busy_timeout = 0");
    // Nothing is ever written to it; what counts is the exclusive lock of the open transaction.
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error instanceof SQLiteError && error.code === "SQLITE_BUSY")) throw error;
    throw new Problem(
      "conflict",
      `Another process uses the data folder ${folder}. Stop it first, or choose another folder with --data-dir.`,
      { reason: "locked" },
      { cause: error },
    );
  }
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    database.run("ROLLBACK");
    database.close();
  };
}
