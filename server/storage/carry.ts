/** Carries everything from an SQLite database into an empty one on PostgreSQL. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Now } from "../lib/clock.ts";
import { fillPostgres } from "./postgres/fill.ts";
import { fileTime } from "./sqlite/copies.ts";
import { readWhole } from "./sqlite/whole.ts";

export interface Carried {
  /** Rows that each table has now. */
  readonly tables: ReadonlyMap<string, number>;
  /** Where the SQLite database lies from now on, as a copy of the moment of the move. */
  readonly keptAt: string;
}

/**
 * `from` is a path, `to` the address of a PostgreSQL database; both have this program's schema, and nobody uses either. What
 * was carried is set aside (`backups/before-postgres-TIME.db`), so that no server goes on with it by mistake. Where it fails, both
 * are as they were. The index of words is derived, and made anew by the server. @throws Problem, see `fillPostgres`.
 */
export async function carryToPostgres(options: {
  readonly from: string;
  readonly to: string;
  readonly now: Now;
  readonly told?: (table: string, rows: number) => void;
}): Promise<Carried> {
  const { from, to, now, told } = options;
  const whole = readWhole(from);
  try {
    const tables = await fillPostgres({ url: to, rows: whole.rows, ...(told ? { told } : {}) });
    const folder = join(dirname(from), "backups");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keptAt = join(folder, `before-postgres-${fileTime(now())}.db`);
    whole.renameTo(keptAt);
    return { tables, keptAt };
  } finally {
    whole.close();
  }
}
