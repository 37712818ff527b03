/** As much of the package `sqlite3` as Sequelize needs, over Bun's own SQLite: the original is native code to be compiled. */
import { Database as BunDatabase } from "bun:sqlite";

type Value = string | number | bigint | boolean | null | Date | undefined;
type Done = (this: Outcome, error: unknown, rows?: unknown[]) => void;

/** What its callbacks are given as `this`. */
interface Outcome {
  readonly lastID: number;
  readonly changes: number;
}

export const sqlite3 = { OPEN_READWRITE: 2, OPEN_CREATE: 4, Database };

function Database(file: string, _mode: number, opened: (error: null) => void) {
  const database = new BunDatabase(file);
  queueMicrotask(() => opened(null));

  function execute(kind: "run" | "all", sql: string, ...rest: (Record<string, Value> | Done)[]): void {
    const done = rest.find((each) => typeof each === "function") as Done | undefined;
    const given = (rest.find((each) => typeof each === "object") ?? {}) as Record<string, Value>;
    let outcome: Outcome = { lastID: 0, changes: 0 };
    let rows: unknown[] | undefined;
    let failure: unknown = null;
    try {
      const statement = database.query(sql);
      const bindings = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plain(value)]));
      if (kind === "all") rows = statement.all(bindings);
      else {
        const { lastInsertRowid, changes } = statement.run(bindings);
        outcome = { lastID: Number(lastInsertRowid), changes };
      }
    } catch (error) {
      // @NOTE Errors go to the callback, as everywhere in that interface.
      failure = error;
    }
    queueMicrotask(() => done?.call(outcome, failure, rows));
  }

  return {
    filename: file,
    serialize: (work: () => void) => work(),
    run: (sql: string, ...rest: (Record<string, Value> | Done)[]) => execute("run", sql, ...rest),
    all: (sql: string, ...rest: (Record<string, Value> | Done)[]) => execute("all", sql, ...rest),
    close(done?: (error: null) => void) {
      database.close();
      queueMicrotask(() => done?.(null));
    },
  };
}

const plain = (value: Value): string | number | bigint | boolean | null =>
  value instanceof Date ? value.getTime() : value === undefined ? null : value;
