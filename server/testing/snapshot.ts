/** What a database holds, so that a test can say that nothing, or only this, has changed. */
import { raw } from "../lib/sql.ts";
import type { Db, Row } from "../storage/db.ts";

/** Every row, as one line of text. */
export type Snapshot = ReadonlySet<string>;

/** Work under way, what search is yet to read, and what is merely remembered of other servers: who they are, not what they said. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  "job",
  "peer",
  "host",
  "remote_key",
  "migration",
  "walk",
  "search_pending",
]);

const TABLES = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
} as const;

export async function snapshotOf(db: Db): Promise<Snapshot> {
  const lines = new Set<string>();
  for (const { name } of await db.all<{ name: string }>(raw(TABLES[db.dialect.name]))) {
    if (BOOKKEEPING.has(name)) continue;
    for (const row of await db.all<Row>(raw(`SELECT * FROM ${name}`)))
      lines.add(`${name} ${JSON.stringify(row)}`);
  }
  return lines;
}

/** Lines that came (`+`) and went (`-`); nothing where nothing has changed. */
export const changesBetween = (before: Snapshot, after: Snapshot): readonly string[] => [
  ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
  ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
];
