/** Fills a new SQLite database with all that another one held. */
import { Database } from "bun:sqlite";
import { Problem } from "../../lib/problem.ts";
import type { Row } from "../db.ts";
import { toOpeningProblem, toProblem } from "./errors.ts";

export interface Filling {
  /** A file that has this program's schema, and nothing in it. */
  readonly path: string;
  /** All rows of a table of the other database, with these columns. */
  readonly parts: (table: string, columns: readonly string[]) => AsyncIterable<readonly Row[]>;
  /** Told now and then how many rows of which table are there. */
  readonly told?: (table: string, rows: number) => void;
}

/**
 * Gives how many rows each table has now; the file holds all of the database then, and is on disk.
 * @throws Problem `invalid` where a reference leads nowhere, `full`.
 */
export async function fillSqlite({ path, parts, told }: Filling): Promise<ReadonlyMap<string, number>> {
  const database = open(path);
  try {
    const counts = new Map<string, number>();
    database.run("BEGIN");
    for (const table of tablesOf(database)) {
      const columns = columnsOf(database, table);
      database.run(`DELETE FROM "${table}"`);
      const names = columns.map((column) => `"${column}"`).join(", ");
      const insert = database.prepare(
        `INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => "?").join(", ")})`,
      );
      let count = 0;
      for await (const rows of parts(table, columns)) {
        for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
        count += rows.length;
        told?.(table, count);
      }
      insert.finalize();
      counts.set(table, count);
    }
    const [dangling] = database.query<{ table: string }, []>("PRAGMA foreign_key_check").all();
    if (dangling !== undefined)
      throw new Problem("invalid", `A row of ${dangling.table} refers to one that is not there.`);
    database.run("COMMIT");
    return counts;
  } catch (error) {
    throw toProblem(error);
  } finally {
    database.close();
  }
}

function open(path: string): Database {
  const database = new Database(path, { readwrite: true, create: false });
  try {
    // One file that holds everything, on disk with its one commit; rows refer to one another in circles.
    for (const pragma of ["journal_mode = DELETE", "synchronous = FULL", "foreign_keys = OFF"])
      database.run(`PRAGMA ${pragma}`);
    return database;
  } catch (error) {
    database.close();
    throw toOpeningProblem(path, error);
  }
}

/** Of migrations each database knows by itself. */
const tablesOf = (database: Database): readonly string[] =>
  database
    .query<{ name: string }, []>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'migration' ORDER BY name",
    )
    .all()
    .map(({ name }) => name);

const columnsOf = (database: Database, table: string): readonly string[] =>
  database
    .query<{ name: string }, []>(`PRAGMA table_info("${table}")`)
    .all()
    .map(({ name }) => name);
