/** Rows of PostgreSQL in the values that both engines give. */
import type { Row } from "../db.ts";

/** PostgreSQL's types of what Bun gives as strings: BIGINT (and count), and the sum of BIGINTs. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 1700]);
/** A comparison or EXISTS: SQLite gives 1 and 0. */
const BOOLEAN_TYPE = 16;

export type Result = Record<string, unknown>[] & {
  readonly count: number | null;
  readonly columns: readonly { readonly name: string; readonly type: number }[] | undefined;
};

/** Rows as SQLite gives them: 64-bit integers as numbers, truth as 1 and 0. */
export function toRows(result: Result): Row[] {
  const rows = [...result];
  for (const { name, type } of result.columns ?? []) {
    if (!NUMBER_TYPES.has(type) && type !== BOOLEAN_TYPE) continue;
    for (const row of rows) if (row[name] !== null) row[name] = Number(row[name]);
  }
  return rows as Row[];
}
