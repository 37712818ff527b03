/** One process at a time: a lock that the system takes back even after `kill -9`. */
import { Database, SQLiteError } from "bun:sqlite";
import { join } from "node:path";
import { Problem } from "../../lib/problem.ts";
import { isDamage, toOpeningProblem } from "./errors.ts";

/** The collector would close a database that nobody holds on to, and its lock would be gone. */
const held = new Set<Database>();

/**
 * Holds the folder for this process; returns how to let go. Two servers on one folder would share jobs, and two
 * Litestreams on one replica destroy it. Throws Problem `conflict` when another process holds it,
 * and one that names the file where that cannot be opened.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock.db");
  const database = openLock(path);
  try {
    database.run("PRAGMA busy_timeout = 0");
    // Nothing is ever written to it; what counts is the exclusive lock of the open transaction.
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isDamage(error)) throw strange(path, error);
    if (!(error instanceof SQLiteError && error.code === "SQLITE_BUSY")) throw toOpeningProblem(path, error);
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

function openLock(path: string): Database {
  try {
    return new Database(path, { readwrite: true, create: true });
  } catch (error) {
    throw toOpeningProblem(path, error);
  }
}

const strange = (path: string, cause: unknown): Problem =>
  new Problem(
    "invalid",
    `${path} is not what this program made. Delete it: nothing is kept in it.`,
    { reason: "lock" },
    { cause },
  );
