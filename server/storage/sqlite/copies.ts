/** Whole copies of an SQLite database beside it, made by SQLite itself and independent of Litestream. */
import { Database } from "bun:sqlite";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { toIso } from "../../lib/clock.ts";
import type { SqliteDb } from "./open.ts";

/** Copies kept from before migrations: enough to go back past a mistaken upgrade or two. */
const KEPT_BEFORE_MIGRATION = 3;

/** Copies before a migration; the path of the copy, or null where there is no file to copy. */
export async function copyBefore(db: SqliteDb, migration: string, nowMs: number): Promise<string | null> {
  if (db.path === ":memory:") return null;
  const folder = join(dirname(db.path), "backups");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `before-${migration}-${fileTime(nowMs)}.db`);
  vacuumInto(db.path, file);
  keepNewest(folder, /^before-.*-(\d{8}T\d{6}Z)\.db$/, KEPT_BEFORE_MIGRATION);
  return file;
}

/** `20261122T120000Z`: sorts by time, and every file system takes it. */
const fileTime = (ms: number): string => toIso(ms - (ms % 1000)).replace(/[-:]/g, "");

/** The copy appears under its name only once it is complete and on disk. */
function vacuumInto(path: string, file: string): void {
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const database = new Database(path, { readonly: true });
  try {
    database.prepare("PRAGMA busy_timeout = 5000").all();
    database.prepare("VACUUM INTO $1").run(partial);
  } finally {
    database.close();
  }
  const descriptor = openSync(partial, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(partial, file);
}

/** Deletes all but the newest `count` files whose names match; the first group of `pattern` is what they sort by. */
function keepNewest(folder: string, pattern: RegExp, count: number): void {
  const found = readdirSync(folder)
    .flatMap((name) => {
      const time = pattern.exec(name)?.[1];
      return time === undefined ? [] : [{ name, time }];
    })
    .sort((a, b) => (a.time < b.time ? 1 : -1));
  for (const { name } of found.slice(count)) rmSync(join(folder, name), { force: true });
}
