/** Carries everything from one engine into an empty database of the other, and back. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { migrations } from "../../migrations/index.ts";
import type { Now } from "../lib/clock.ts";
import { migrate } from "./migrate.ts";
import { fillPostgres } from "./postgres/fill.ts";
import { withWholePostgres } from "./postgres/whole.ts";
import { fileTime } from "./sqlite/copies.ts";
import { fillSqlite } from "./sqlite/fill.ts";
import { openSqlite } from "./sqlite/open.ts";
import { readWhole } from "./sqlite/whole.ts";

export interface Carrying {
  /** Of SQLite a path, of PostgreSQL an address. */
  readonly from: string;
  readonly to: string;
  readonly now: Now;
  /** Told now and then how many rows of which table are there. */
  readonly told?: (table: string, rows: number) => void;
}

export interface Carried {
  /** Rows that each table has now. */
  readonly tables: ReadonlyMap<string, number>;
}

/**
 * Both have this program's schema, and nobody uses either. What was carried is set aside
 * (`keptAt`: `backups/before-postgres-TIME.db`), so that no server goes on with it by mistake. Where it fails, both are as they
 * were. The index of words is derived, and made anew by the server. @throws Problem, see `fillPostgres`.
 */
export async function carryToPostgres({
  from,
  to,
  now,
  ...more
}: Carrying): Promise<Carried & { readonly keptAt: string }> {
  const whole = readWhole(from);
  try {
    const tables = await fillPostgres({ url: to, rows: whole.rows, ...more });
    const folder = join(dirname(from), "backups");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keptAt = join(folder, `before-postgres-${fileTime(now())}.db`);
    whole.renameTo(keptAt);
    return { tables, keptAt };
  } finally {
    whole.close();
  }
}

/**
 * `from` has this program's schema and stays as it is; `to` is a file that is not there yet, and is there once it holds
 * everything. @throws Problem, see `withWholePostgres` and `fillSqlite`.
 */
export async function carryToSqlite({ from, to, now, ...more }: Carrying): Promise<Carried> {
  const unfinished = `${to}.unfinished`;
  const remove = () => {
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${unfinished}${end}`, { force: true });
  };
  remove();
  try {
    return await withWholePostgres(from, async (parts) => {
      const db = openSqlite({ path: unfinished });
      await migrate({ db, migrations, now }).finally(() => db.stop());
      const tables = await fillSqlite({ path: unfinished, parts, ...more });
      renameSync(unfinished, to);
      syncFolder(dirname(to));
      return { tables };
    });
  } finally {
    remove();
  }
}

/** A name is on disk once its folder is. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
