/** Copies are whole, few, and made while the database is in use; damage is found; a folder has one master. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heldClock } from "../../lib/clock.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { sql } from "../../lib/sql.ts";
import { checkIntegrity, checkQuickly, copyDaily } from "./copies.ts";
import { lockFolder } from "./lock.ts";
import { openSqlite, type SqliteDb } from "./open.ts";

let folder: string;
let db: SqliteDb;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commons-copies-"));
  db = openSqlite({ path: join(folder, "commons.db") });
  await db.batch([sql`CREATE TABLE thing (key INTEGER PRIMARY KEY, text TEXT)`]);
});
afterEach(async () => {
  await db.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = (key: number) => sql`INSERT INTO thing (key, text) VALUES (${key}, ${"x".repeat(1000)})`;

test("a copy holds everything committed, while writing goes on", async () => {
  await db.batch(Array.from({ length: 500 }, (_, i) => put(i)));
  const copying = copyDaily(db, heldClock().now());
  await db.batch([put(1000)]);
  const copy = openSqlite({ path: (await copying) ?? "" });
  const [found] = await copy.all<{ n: number }>(sql`SELECT count(*) AS n FROM thing WHERE key < ${500}`);
  expect(found?.n).toBe(500);
  await copy.stop();
  await db.batch([put(1001)]);
});

test("seven daily copies are kept, and unfinished ones never count", async () => {
  const { now, advance } = heldClock(Date.parse("2026-11-01T03:00:00Z"));
  for (let day = 0; day < 9; day++) {
    await copyDaily(db, now());
    advance(DAY_MS);
  }
  const names = readdirSync(join(folder, "backups")).sort();
  expect(names.length).toBe(7);
  expect(names[0]).toBe("daily-20261103T030000Z.db");
  expect(names.at(-1)).toBe("daily-20261109T030000Z.db");
});

test("what a crash left of a copy goes with the next one, and a copy that another process makes stays", async () => {
  const { now } = heldClock();
  const backups = join(folder, "backups");
  mkdirSync(backups);
  const part = (name: string, ageMs: number): void => {
    writeFileSync(join(backups, name), "half of a database");
    utimesSync(join(backups, name), (now() - ageMs) / 1000, (now() - ageMs) / 1000);
  };
  part("daily-20261101T030000Z.db.new", 7_200_000);
  part("daily-20261101T030000Z.db.new-journal", 7_200_000);
  part("before-0030_whispers-20261102T030000Z.db.new", 60_000);
  await copyDaily(db, now());
  const names = readdirSync(backups).filter((name) => name.includes(".new"));
  expect(names).toEqual(["before-0030_whispers-20261102T030000Z.db.new"]);
});

test("a database in memory has nothing to copy, and nothing to check", async () => {
  const memory = openSqlite({ path: ":memory:" });
  expect(await copyDaily(memory, 0)).toBeNull();
  await checkQuickly(memory);
  await memory.stop();
});

test("a sound database passes, a damaged one is told with what is wrong", async () => {
  await db.batch(Array.from({ length: 2000 }, (_, i) => put(i)));
  await checkQuickly(db);
  await db.stop();
  await checkIntegrity(db.path);
  const file = await open(db.path, "r+");
  await file.write(Buffer.alloc(4096, 0xff), 0, 4096, 4096 * 20);
  await file.close();
  await expect(checkIntegrity(db.path)).rejects.toThrow("damaged");
});

test("a second server on the same folder is refused, and after kill -9 the next is not", async () => {
  const script = `import { lockFolder } from ${JSON.stringify(join(import.meta.dir, "lock.ts"))};
    lockFolder(${JSON.stringify(folder)});
    console.log("held");
    setInterval(() => {}, 1000);`;
  const other = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  for await (const _ of other.stdout) break;
  expect(() => lockFolder(folder)).toThrow("Another process uses");
  other.kill("SIGKILL");
  await other.exited;
  const letGo = lockFolder(folder);
  letGo();
  letGo();
  lockFolder(folder)();
});
