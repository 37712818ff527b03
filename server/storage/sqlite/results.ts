/** Results of queries, kept until something is written: between two commits the same question has the same answer. */
import type { Sql } from "../../lib/sql.ts";
import type { Row } from "../db.ts";

/** Some sixty pages' worth of memory, of the 120 MB that a whole server has. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Longer results are read once and turned into something else, which is kept by whoever made it. */
const MAX_RESULT_BYTES = 32 * 1024;
/** What a row takes besides its text, roughly. */
const ROW_BYTES = 200;

export interface Results {
  /** What the same query gave since the last write, as a list of the caller's own; its rows are frozen. */
  find(query: Sql): Row[] | undefined;
  keep(query: Sql, rows: readonly Row[]): void;
  /** Something was written. */
  forget(): void;
  /** Another one after each `forget`. */
  version(): number;
}

export function createResults(): Results {
  const byText = new Map<string, Map<string, readonly Row[]>>();
  let bytes = 0;
  let version = 0;

  function drop(): void {
    byText.clear();
    bytes = 0;
  }

  return {
    find: ({ text, values }) => byText.get(text)?.get(keyOf(values))?.slice(),
    keep({ text, values }, rows) {
      const size = sizeOf(rows);
      if (size > MAX_RESULT_BYTES) return;
      if (bytes + size > MAX_BYTES) drop();
      for (const row of rows) Object.freeze(row);
      let known = byText.get(text);
      if (known === undefined) {
        known = new Map();
        byText.set(text, known);
      }
      known.set(keyOf(values), rows.slice());
      bytes += size;
    },
    forget() {
      drop();
      version++;
    },
    version: () => version,
  };
}

const keyOf = (values: Sql["values"]): string => (values.length === 0 ? "" : JSON.stringify(values));

function sizeOf(rows: readonly Row[]): number {
  let size = ROW_BYTES;
  for (const row of rows) {
    size += ROW_BYTES;
    for (const name in row) {
      const value = row[name];
      if (typeof value === "string") size += value.length;
    }
    if (size > MAX_RESULT_BYTES) break;
  }
  return size;
}
