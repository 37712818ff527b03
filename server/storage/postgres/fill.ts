/** Fills an empty PostgreSQL database with all that another one held. */
import { SQL, type TransactionSQL } from "bun";
import { Problem } from "../../lib/problem.ts";
import type { Row } from "../db.ts";
import { withoutLimit } from "./address.ts";
import { toProblem } from "./errors.ts";

export interface Filling {
  readonly url: string;
  /** All rows of a table of the other database, with these columns. */
  readonly rows: (table: string, columns: readonly string[]) => Iterable<Row>;
  /** Told now and then how many rows of which table are there. */
  readonly told?: (table: string, rows: number) => void;
}

/** One statement carries so many characters at most: what PostgreSQL reads in a few milliseconds. */
const MAX_PART_CHARACTERS = 1_000_000;
/** … and so many rows, where they are short. */
const MAX_PART_ROWS = 5_000;

/** Of migrations each database knows by itself. */
const OWN = "migration";

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isIdentity: boolean;
}

/**
 * Gives how many rows each table has now. All or nothing: the database stays as it was until everything is in it, and every
 * reference in it leads somewhere. It must have this program's schema, and nothing in it yet.
 * @throws Problem `conflict` where it is in use already, `invalid` where the rows do not fit, `upstream`, `full`.
 */
export async function fillPostgres(filling: Filling): Promise<ReadonlyMap<string, number>> {
  const pool = new SQL(withoutLimit(filling.url).url, {
    max: 1,
    connection: { application_name: "commons copy", idle_session_timeout: 0 },
  });
  try {
    return await pool.begin((transaction) => fillIn(transaction, filling));
  } catch (error) {
    throw toProblem(error);
  } finally {
    await pool.close({ timeout: 0 });
  }
}

async function fillIn(database: TransactionSQL, filling: Filling): Promise<Map<string, number>> {
  const tables = Map.groupBy(await columnsOf(database), ({ table }) => table);
  tables.delete(OWN);
  await database.unsafe("LOCK TABLE object IN ACCESS EXCLUSIVE MODE");
  const [first] = await database.unsafe("SELECT key FROM object LIMIT 1");
  if (first !== undefined)
    throw new Problem(
      "conflict",
      "The PostgreSQL database is in use already. Give an empty one: createdb --template=template0 --locale=C --encoding=UTF8 NAME",
      { reason: "in-use" },
    );
  // Rows refer to one another in circles, so what holds them to that is set aside until all are there.
  const references = await referencesOf(database);
  for (const { table, name } of references)
    await database.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  await database.unsafe(`TRUNCATE ${[...tables.keys()].map(quoted).join(", ")}`);
  const counts = new Map<string, number>();
  for (const [table, columns] of tables)
    counts.set(table, await fillTable(database, table, columns, filling));
  for (const { table, name, definition } of references)
    await database.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  return counts;
}

async function fillTable(
  database: TransactionSQL,
  table: string,
  columns: readonly Column[],
  { rows, told }: Filling,
): Promise<number> {
  const names = columns.map(({ name }) => quoted(name)).join(", ");
  const typed = columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(", ");
  const text = `INSERT INTO ${quoted(table)} (${names})
    SELECT ${names} FROM json_to_recordset($1::text::json) AS part (${typed})`;
  let count = 0;
  for (const part of partsOf(
    rows(
      table,
      columns.map(({ name }) => name),
    ),
  )) {
    await database.unsafe(text, [`[${part.join(",")}]`]);
    count += part.length;
    told?.(table, count);
  }
  for (const { name } of columns.filter(({ isIdentity }) => isIdentity))
    await database.unsafe(
      `SELECT setval(pg_get_serial_sequence('${table}', '${name}'), max(${quoted(name)})) FROM ${quoted(table)}
       HAVING max(${quoted(name)}) > 0`,
    );
  return count;
}

/** Rows as JSON, in parts of a size that one statement can carry. */
function* partsOf(rows: Iterable<Row>): Iterable<readonly string[]> {
  let part: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (
      part.length > 0 &&
      (part.length === MAX_PART_ROWS || characters + json.length > MAX_PART_CHARACTERS)
    ) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(json);
    characters += json.length;
  }
  if (part.length > 0) yield part;
}

async function columnsOf(database: TransactionSQL): Promise<Column[]> {
  const rows = await database.unsafe<(Omit<Column, "isIdentity"> & { identity: string })[]>(
    `SELECT c.table_name AS "table", c.column_name AS name, c.data_type AS type, c.is_identity AS identity
     FROM information_schema.columns c JOIN information_schema.tables t
       ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
     WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position`,
  );
  return rows.map(({ identity, ...column }) => ({ ...column, isIdentity: identity === "YES" }));
}

/** Foreign keys, their names as they are written in SQL. */
const referencesOf = (database: TransactionSQL) =>
  database.unsafe<{ table: string; name: string; definition: string }[]>(
    `SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2`,
  );

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
