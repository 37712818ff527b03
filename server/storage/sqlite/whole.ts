/** Reads a whole SQLite database, table after table, while nobody else writes to it. */
import { Database } from "bun:sqlite";
import { renameSync } from "node:fs";
import type { Row } from "../db.ts";
import { toOpeningProblem } from "./errors.ts";

export interface Whole {
  /** Whether there is such a table. */
  has(table: string): boolean;
  /** All rows, with these columns; one after the other, so that a table of any size takes little memory. */
  rows(table: string, columns: readonly string[]): Iterable<Row>;
  /** The file, which is all of the database now, lies at `path` from then on. */
  renameTo(path: string): void;
  close(): void;
}

/** Throws Problem where the file cannot be opened, or is in use. */
export function readWhole(path: string): Whole {
  const database = new Database(path, { readwrite: true, create: false });
  try {
    // The log goes into the file, so that it can be carried away alone.
    database.run("PRAGMA journal_mode = DELETE");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw toOpeningProblem(path, error);
  }
  return {
    has: (table) =>
      database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1").get(table) !== null,
    *rows(table, columns) {
      const names = columns.map((column) => `"${column}"`).join(", ");
      const statement = database.prepare<Row, []>(`SELECT ${names} FROM "${table}"`);
      try {
        yield* statement.iterate();
      } finally {
        statement.finalize();
      }
    },
    renameTo: (to) => renameSync(path, to),
    close: () => database.close(),
  };
}
