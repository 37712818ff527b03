/** Copies are made, listed and brought back by commands. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "../lib/sql.ts";
import { openDb } from "../storage/open.ts";
import { lockFolder } from "../storage/sqlite/lock.ts";
import { runCommandLine } from "./index.ts";
import type { Parts } from "./parts.ts";

let folder: string;
let dataDir: string;
let printed: string[];
let complained: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-backup-"));
  dataDir = join(folder, "data");
  printed = [];
  complained = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const never = (): never => {
  throw new Error("These commands need no app.");
};
const parts: Parts = { open: never, start: never };

function run(...argv: string[]): Promise<number> {
  const around = {
    env: { COMMONS_DATA_DIR: dataDir },
    cwd: folder,
    isTerminal: false,
    print: (line: string) => printed.push(line),
    complain: (line: string) => complained.push(line),
  };
  return runCommandLine(argv, around, parts);
}

/** The answer of the last command as JSON. */
const answer = () => JSON.parse(printed.at(-1) ?? "null");

async function withDb<T>(use: (db: Awaited<ReturnType<typeof openDb>>) => Promise<T>): Promise<T> {
  const db = await openDb({ url: join(dataDir, "commons.db") });
  try {
    return await use(db);
  } finally {
    await db.stop();
  }
}

const write = (key: number) =>
  withDb((db) =>
    db.batch([
      sql`CREATE TABLE IF NOT EXISTS thing (key BIGINT NOT NULL)`,
      sql`INSERT INTO thing (key) VALUES (${key})`,
    ]),
  );
const read = () =>
  withDb(async (db) =>
    (await db.all<{ key: number }>(sql`SELECT key FROM thing ORDER BY key`)).map(({ key }) => key),
  );

test("a copy made now is listed, and restoring it brings that moment back and keeps what was there", async () => {
  await write(1);
  expect(await run("backup", "now", "--json")).toBe(0);
  const { copy } = answer();
  await write(2);

  expect(await run("backup", "status", "--json")).toBe(0);
  expect(answer()).toMatchObject({ replica: null, copies: [{ path: copy }] });

  expect(await run("backup", "restore", "--from", copy, "--json")).toBe(0);
  expect(await read()).toEqual([1]);
  const { kept } = answer();
  expect(await run("backup", "restore", "--from", kept)).toBe(0);
  expect(await read()).toEqual([1, 2]);
});

test("restore --to writes a file and leaves the server's database alone", async () => {
  await write(1);
  await run("backup", "now", "--json");
  const { copy } = answer();
  await write(2);
  const to = join(folder, "elsewhere.db");
  expect(await run("backup", "restore", "--from", copy, "--to", to)).toBe(0);
  expect(existsSync(to)).toBe(true);
  expect(await read()).toEqual([1, 2]);
});

test("restore refuses while a server holds the data folder", async () => {
  await write(1);
  await run("backup", "now", "--json");
  const letGo = lockFolder(dataDir);
  expect(await run("backup", "restore", "--from", answer().copy)).toBe(1);
  letGo();
  expect(complained[0]).toContain("Stop it first");
});

test("a damaged copy is not put in place", async () => {
  await write(1);
  const bad = join(folder, "bad.db");
  writeFileSync(bad, "no database");
  expect(await run("backup", "restore", "--from", bad)).toBe(1);
  expect(complained[0]).toContain("no sound database");
  expect(await read()).toEqual([1]);
});

test.each([
  [["restore"], "no replica"],
  [["restore", "--from", "nothing.db"], "There is no file"],
  [["restore", "--at", "yesterday"], "write a time like"],
  [["restore", "--at", "2999-01-01T00:00:00Z"], "still to come"],
  [["restore", "--at", "2020-01-01T00:00:00Z", "--from", "x.db"], "a moment of the replica"],
  [["now"], "no database"],
  [["now", "--database-url", "postgres://localhost/x"], "pg_dump"],
])("backup %j is refused with a sentence", async (argv, sentence) => {
  expect(await run("backup", ...argv)).toBe(1);
  expect(complained[0]).toContain(sentence);
});

test("restore from a replica that holds nothing says so, and leaves the database alone", async () => {
  await write(1);
  mkdirSync(join(folder, "copies"));
  expect(await run("backup", "restore", "--replica-url", join(folder, "copies"))).toBe(1);
  expect(complained[0]).toContain("holds no copy");
  expect(await read()).toEqual([1]);
});
