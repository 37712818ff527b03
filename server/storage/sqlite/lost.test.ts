/** A database that is gone is told from one that has never been. */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isBlank, traceOfLost } from "./lost.ts";
import { parseSnapshots } from "./moments.ts";

let dataDir: string;
let path: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "commons-lost-"));
  path = join(dataDir, "commons.db");
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function make(...statements: readonly string[]): void {
  const database = new Database(path);
  for (const statement of statements) database.run(statement);
  database.close();
}

test("no file, an empty one, and one that was only looked at are blank", async () => {
  expect(await isBlank(path)).toBe(true);
  writeFileSync(path, "");
  expect(await isBlank(path)).toBe(true);
  make("PRAGMA journal_mode = WAL");
  expect(await isBlank(path)).toBe(true);
  make("CREATE TABLE migration (name TEXT)");
  expect(await isBlank(path)).toBe(true);
});

test("a file that holds a table, or cannot be read, is not blank", async () => {
  make("CREATE TABLE object (key INTEGER)");
  expect(await isBlank(path)).toBe(false);
  writeFileSync(path, "no database");
  expect(await isBlank(path)).toBe(false);
});

const trace = () => traceOfLost({ path, dataDir, replica: null, program: null });

test("whatever a database leaves behind tells of it; uploads and the lock do not", async () => {
  for (const folder of ["media", "backups"]) mkdirSync(join(dataDir, folder));
  writeFileSync(join(dataDir, "lock.db"), "");
  expect(await trace()).toBeNull();
  writeFileSync(`${path}-wal`, "x");
  expect(await trace()).toContain("the log of one");
  mkdirSync(join(dataDir, ".commons.db-litestream"));
  expect(await trace()).toContain("Litestream");
  writeFileSync(join(dataDir, "backups", "daily-20261122T020000Z.db"), "");
  expect(await trace()).toContain("copies of one");
});

test("Litestream's table becomes one line of copies for each generation, the newest first", () => {
  const table = `replica  generation        index  size     created
file     aaaaaaaaaaaaaaaa  0      29128    2026-11-20T12:00:00Z
file     bbbbbbbbbbbbbbbb  0      100      2026-11-23T12:00:00Z
file     aaaaaaaaaaaaaaaa  8      40000    2026-11-21T12:00:00Z
`;
  expect(parseSnapshots(table)).toEqual([
    {
      name: "bbbbbbbbbbbbbbbb",
      firstMs: Date.parse("2026-11-23T12:00:00Z"),
      newestMs: Date.parse("2026-11-23T12:00:00Z"),
      bytes: 100,
    },
    {
      name: "aaaaaaaaaaaaaaaa",
      firstMs: Date.parse("2026-11-20T12:00:00Z"),
      newestMs: Date.parse("2026-11-21T12:00:00Z"),
      bytes: 40_000,
    },
  ]);
  expect(parseSnapshots("replica  generation  index  size  created\n")).toEqual([]);
});
