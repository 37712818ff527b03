/** Whole copies of an SQLite database beside it, made by SQLite itself and independent of Litestream. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { toIso } from "../../lib/clock.ts";
import { HOUR_MS } from "../../lib/durations.ts";
import { runAside } from "./aside.ts";
import { isDamage } from "./errors.ts";
import type { SqliteDb } from "./open.ts";

/** Copies kept from before migrations: enough to go back past a mistaken upgrade or two. */
const KEPT_BEFORE_MIGRATION = 3;
/** Daily copies kept. */
const KEPT_DAILY = 7;
/** What was not written to for so long was left behind by a crash: a copy that is being made grows all the time. */
const LEFT_BEHIND_MS = HOUR_MS;

/** Copies before a migration; the path of the copy, or null where there is no file to copy. */
export const copyBefore = (db: SqliteDb, migration: string, nowMs: number): Promise<string | null> =>
  copy(db, `before-${migration}`, nowMs, KEPT_BEFORE_MIGRATION);

/** Copies to `backups/daily-TIME.db` and keeps the newest seven. */
export const copyDaily = (db: SqliteDb, nowMs: number): Promise<string | null> =>
  copy(db, "daily", nowMs, KEPT_DAILY);

/** Reads the whole file for damage, on another thread. Throws an Error with what SQLite found. */
export async function checkQuickly(db: SqliteDb): Promise<void> {
  if (db.path !== ":memory:") await check(db.path, "PRAGMA quick_check");
}

/** The same, thoroughly: each index against its table. */
export const checkIntegrity = (path: string): Promise<void> => check(path, "PRAGMA integrity_check");

async function check(path: string, pragma: "PRAGMA quick_check" | "PRAGMA integrity_check"): Promise<void> {
  const found = await runAside(path, [{ text: pragma }]).then(
    ([rows = []]) => rows.flatMap((row) => Object.values(row)).join("; "),
    (error: Error) => {
      // Damage can be such that SQLite does not even read on.
      if (isDamage(error)) return error.message;
      throw error;
    },
  );
  if (found === "ok") return;
  throw new Error(
    `The database ${path} is damaged (${found.slice(0, 200)}). Stop the server and restore a copy: commons backup restore.`,
  );
}

async function copy(db: SqliteDb, name: string, nowMs: number, kept: number): Promise<string | null> {
  if (db.path === ":memory:") return null;
  const folder = join(dirname(db.path), "backups");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}-${fileTime(nowMs)}.db`);
  // Under its name only once it is complete and on disk.
  const unfinished = `${file}.new`;
  const parts = [unfinished, `${unfinished}-journal`];
  clearLeftBehind(folder, nowMs);
  for (const part of parts) rmSync(part, { force: true });
  try {
    await copyInto(db.path, unfinished);
    renameSync(unfinished, file);
  } catch (error) {
    for (const part of parts) rmSync(part, { force: true });
    throw error;
  }
  keepNewest(folder, name.replace(/-.*/, ""), kept);
  return file;
}

/** Each is as large as the database, and nobody would ever look for it. */
function clearLeftBehind(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder).filter((each) => /\.db\.new(-journal)?$/.test(each))) {
    const path = join(folder, name);
    const writtenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - writtenMs > LEFT_BEHIND_MS) rmSync(path, { force: true });
  }
}

/**
 * Writes all that the database `from` holds, also what is in its log alone, to the new file `to`, and has it on disk.
 * Others may be using `from`. Throws Problem `full`, or an Error with SQLite's words.
 */
export async function copyInto(from: string, to: string): Promise<void> {
  await runAside(from, [{ text: "VACUUM INTO $1", values: [to] }]);
  syncFile(to);
}

/** `20261122T120000Z`: sorts by time, and every file system takes it. */
export const fileTime = (ms: number): string => toIso(ms - (ms % 1000)).replace(/[-:]/g, "");

function syncFile(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** What a restore has replaced: whoever restores knows when it is needed no longer, so it is not counted among copies. */
export const BEFORE_RESTORE = "before-restore";

/** Deletes all but the newest `count` copies of a sort (`before`, `daily`). */
function keepNewest(folder: string, sort: string, count: number): void {
  const pattern = new RegExp(`^(?!${BEFORE_RESTORE}-)${sort}-.*?(\\d{8}T\\d{6}Z)\\.db$`);
  const found = readdirSync(folder)
    .flatMap((name) => {
      const time = pattern.exec(name)?.[1];
      return time === undefined ? [] : [{ name, time }];
    })
    .sort((a, b) => (a.time < b.time ? 1 : -1));
  for (const { name } of found.slice(count)) rmSync(join(folder, name), { force: true });
}
