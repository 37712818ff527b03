/** Reads a whole PostgreSQL database, table after table, as it is at one moment. */
import { SQL } from "bun";
import { Problem } from "../../lib/problem.ts";
import type { Row } from "../db.ts";
import { withoutLimit } from "./address.ts";
import { toProblem } from "./errors.ts";
import { NAME } from "./open.ts";
import { type Result, toRows } from "./rows.ts";

/** Rows that are fetched at once: some megabytes at most. */
const ROWS_AT_ONCE = 2_000;

/** All rows of a table, with these columns; one part after the other, so that a table of any size takes little memory. */
export type PartsOf = (table: string, columns: readonly string[]) => AsyncIterable<readonly Row[]>;

/**
 * Gives `use` the database of `url`. @throws Problem `conflict` where a server is at work on it, which would go on writing;
 * `unavailable`; and what `use` throws.
 */
export async function withWholePostgres<T>(url: string, use: (parts: PartsOf) => Promise<T>): Promise<T> {
  const pool = new SQL(withoutLimit(url).url, {
    max: 1,
    connection: { application_name: `${NAME} copy`, idle_session_timeout: 0 },
  });
  try {
    await refuseServers(pool);
    return await pool.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", (transaction) =>
      use(async function* (table, columns) {
        const names = columns.map((column) => `"${column}"`).join(", ");
        await transaction.unsafe(`DECLARE part NO SCROLL CURSOR FOR SELECT ${names} FROM "${table}"`);
        for (;;) {
          const rows = toRows(await transaction.unsafe<Result>(`FETCH ${ROWS_AT_ONCE} FROM part`));
          if (rows.length === 0) break;
          yield rows;
        }
        await transaction.unsafe("CLOSE part");
      }),
    );
  } catch (error) {
    throw toProblem(error);
  } finally {
    await pool.close({ timeout: 0 });
  }
}

async function refuseServers(pool: SQL): Promise<void> {
  const nodes = await pool.unsafe(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '${NAME} node %' LIMIT 1`,
  );
  if (nodes.length === 0) return;
  throw new Problem("conflict", "A server is at work on the PostgreSQL database. Stop all of them first.", {
    reason: "locked",
  });
}
