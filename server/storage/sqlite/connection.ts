/** One connection to an SQLite file: the pragmas it needs, and its prepared statements. */
import { Database, type Statement } from "bun:sqlite";
import type { Sql } from "../../lib/sql.ts";
import type { Row } from "../db.ts";
import { refuseNul } from "../refused.ts";

/** Prepared statements kept per connection: every text the server has, and the common lengths of lists. */
const MAX_STATEMENTS = 500;
/** How long to wait for another process (a command line, Litestream) that is writing. */
const BUSY_TIMEOUT_MS = 5000;
/** What a write-ahead log shrinks to after a checkpoint that emptied it, in bytes. */
const KEPT_WAL_BYTES = 64 * 1024 * 1024;
/** Pages cached per connection, in KiB: the inner nodes of a large instance's indexes; the system caches the rest. */
const CACHE_KIB = 8000;
/**
 * Checkpoint in the commit after which the log holds so many pages, 16 MB: as many as one part of SQLite's index of the log
 * tells of. Pages that are written again and again go into the file once each time.
 */
export const DEFAULT_AUTOCHECKPOINT_PAGES = 4000;
/** So many pages are worth a checkpoint while nobody writes: SQLite's own default. */
const WORTH_CHECKPOINT_PAGES = 1000;

export interface Connection {
  /** Rows that the statement gives, and how many rows it touched. */
  run(statement: Sql): { readonly rows: Row[]; readonly touched: number };
  /** Rows of a query. */
  all(query: Sql): Row[];
  /** A few words of SQL with neither values nor rows (`COMMIT`). */
  exec(text: string): void;
  isInTransaction(): boolean;
  /** Checkpoint when the write-ahead log holds so many pages; 0 leaves it to another process. */
  checkpointEvery(pages: number): void;
  /** Writes the log into the file where it has grown, so that no commit has to. Waits for nobody. */
  checkpointWhenWorthIt(): void;
  /** Gives back what it keeps only to be quick: pages, and prepared statements (some 90 KB each). */
  releaseMemory(): void;
  /** The whole database, as the bytes of its file. */
  image(): Uint8Array;
  close(): void;
}

/**
 * `path` may be `:memory:`, which begins as a copy of `image` (the bytes of a database) where one is given. Creates the file
 * when it is missing, unless `readsOnly`.
 */
export function connect(
  path: string,
  options: { readonly readsOnly: boolean; readonly image?: Uint8Array | undefined },
): Connection {
  const database = options.image
    ? Database.deserialize(options.image)
    : new Database(path, { readwrite: true, create: !options.readsOnly });
  const statements = new Map<string, Statement<Row>>();
  let isLeftToOthers = false;
  // busy_timeout comes first: switching to the write-ahead log can find the file busy when processes start together.
  const pragmas = [
    `busy_timeout = ${BUSY_TIMEOUT_MS}`,
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    `cache_size = -${CACHE_KIB}`,
    `journal_size_limit = ${KEPT_WAL_BYTES}`,
    `wal_autocheckpoint = ${DEFAULT_AUTOCHECKPOINT_PAGES}`,
    ...(options.readsOnly ? ["query_only = ON"] : []),
  ];
  try {
    for (const pragma of pragmas) database.run(`PRAGMA ${pragma}`);
  } catch (error) {
    database.close();
    throw error;
  }

  /** Least recently used goes first. */
  function prepared(text: string): Statement<Row> {
    const found = statements.get(text);
    if (found) {
      statements.delete(text);
      statements.set(text, found);
      return found;
    }
    const statement = database.prepare(withFixedPlan(text)) as Statement<Row>;
    refuseUnportableNames(text, statement.columnNames);
    statements.set(text, statement);
    if (statements.size > MAX_STATEMENTS) {
      const oldest = statements.entries().next().value;
      if (oldest) {
        statements.delete(oldest[0]);
        oldest[1].finalize();
      }
    }
    return statement;
  }

  function finalizeAll(): void {
    for (const statement of statements.values()) statement.finalize();
    statements.clear();
  }

  return {
    run({ text, values }) {
      refuseNul(values);
      const statement = prepared(text);
      if (statement.columnNames.length === 0) return { rows: [], touched: statement.run(...values).changes };
      const rows = statement.all(...values);
      return { rows, touched: rows.length };
    },
    all: ({ text, values }) => prepared(text).all(...values),
    exec: (text) => {
      prepared(text).run();
    },
    isInTransaction: () => database.inTransaction,
    checkpointEvery(pages) {
      isLeftToOthers = pages === 0;
      database.run(`PRAGMA wal_autocheckpoint = ${Math.trunc(pages)}`);
    },
    checkpointWhenWorthIt() {
      if (isLeftToOthers) return;
      const [log] = prepared("PRAGMA wal_checkpoint(NOOP)").all();
      if (Number(log?.log) - Number(log?.checkpointed) < WORTH_CHECKPOINT_PAGES) return;
      database.run("PRAGMA wal_checkpoint(PASSIVE)");
    },
    releaseMemory() {
      finalizeAll();
      database.run("PRAGMA shrink_memory");
    },
    image: () => database.serialize(),
    close() {
      finalizeAll();
      database.close();
    },
  };
}

/**
 * SQLite looks at the values of bare placeholders in some places (`LIMIT $1`, `item = $2` in a join) to choose a plan, and
 * then prepares the statement again each time one is bound, which takes far longer than most statements run. The value
 * behind a plus sign is the same value, of whatever type, and is not looked at.
 */
export const withFixedPlan = (text: string): string => text.replace(/\$(\d+)/g, "+$$$1");

/** PostgreSQL folds `AS lastError` to `lasterror` and names `count(*)` otherwise: found here, before it is used there. */
function refuseUnportableNames(text: string, names: readonly string[]): void {
  if (/^\s*pragma/i.test(text)) return;
  for (const name of names) {
    if (!/^[a-z_][a-z0-9_]*$/.test(name) && !text.includes(`"${name}"`)) {
      throw new Error(
        `Give the column ${name} a lower-case name with AS, for PostgreSQL's sake: ${text.slice(0, 80)}`,
      );
    }
  }
}
