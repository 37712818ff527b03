/** Copies are made, listed and brought back by commands. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { systemNow } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import { sql } from "../lib/sql.ts";
import { openDb } from "../storage/open.ts";
import { copyBefore } from "../storage/sqlite/copies.ts";
import { lockFolder } from "../storage/sqlite/lock.ts";
import { type SqliteDb, sqliteOf } from "../storage/sqlite/open.ts";
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

/** Adds a row, and leaves the files as a server leaves them that is killed: the row is in the log alone. */
async function writeAndBeKilled(key: number): Promise<void> {
  const aside = mkdtempSync(join(folder, "killed-"));
  await withDb(async (db) => {
    await db.batch([sql`INSERT INTO thing (key) VALUES (${key})`]);
    for (const part of ["", "-wal"])
      copyFileSync(join(dataDir, `commons.db${part}`), join(aside, `db${part}`));
  });
  for (const part of ["", "-wal"]) copyFileSync(join(aside, `db${part}`), join(dataDir, `commons.db${part}`));
}

test("undoing a restore brings back what a killed server had written last", async () => {
  await write(1);
  await run("backup", "now", "--json");
  const { copy } = answer();
  await writeAndBeKilled(2);
  await run("backup", "restore", "--from", copy, "--json");
  expect(await read()).toEqual([1]);
  const { kept } = answer();
  expect(existsSync(`${kept}-wal`)).toBe(false);
  expect(await run("backup", "restore", "--from", kept)).toBe(0);
  expect(await read()).toEqual([1, 2]);
});

test("the database of a killed server is restored with what is in its log, and left whole", async () => {
  await write(1);
  await writeAndBeKilled(2);
  const killed = join(folder, "killed.db");
  for (const part of ["", "-wal"]) copyFileSync(join(dataDir, `commons.db${part}`), `${killed}${part}`);
  rmSync(dataDir, { recursive: true });
  for (let time = 0; time < 2; time++) {
    expect(await run("backup", "restore", "--from", killed)).toBe(0);
    expect(await read()).toEqual([1, 2]);
  }
});

test("restore tells of when the newest is that came back", async () => {
  const cameMs = Date.parse("2026-11-22T12:00:00Z");
  const key = createKeys({ now: () => cameMs }).next();
  await withDb((db) =>
    db.batch([sql`CREATE TABLE object (key BIGINT)`, sql`INSERT INTO object (key) VALUES (${key})`]),
  );
  await run("backup", "now", "--json");
  await run("backup", "restore", "--from", answer().copy, "--json");
  expect(answer().newest).toStartWith("2026-11-22T12:00:00");
});

test("an emptied database is not copied over the copies that there are", async () => {
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "commons.db"), "");
  expect(await run("backup", "now")).toBe(1);
  expect(existsSync(join(dataDir, "backups"))).toBe(false);
});

test("each restore keeps what it replaces under a name of its own, for good", async () => {
  await write(1);
  await run("backup", "now", "--json");
  const { copy } = answer();
  const kept = new Set<string>();
  for (let time = 0; time < 5; time++) {
    await run("backup", "restore", "--from", copy, "--json");
    kept.add(answer().kept);
  }
  expect(kept.size).toBe(5);
  for (const name of ["0001_a", "0002_b", "0003_c", "0004_d"]) {
    await withDb(async (db) => void (await copyBefore(sqliteOf(db) as SqliteDb, name, systemNow())));
  }
  const found = readdirSync(join(dataDir, "backups"));
  for (const path of kept) expect(found).toContain(basename(path));
  expect(found.filter((name) => /^before-\d/.test(name)).length).toBe(3);
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

test("a copy that holds nothing is not put in place", async () => {
  await write(1);
  const empty = join(folder, "empty.db");
  writeFileSync(empty, "");
  expect(await run("backup", "restore", "--from", empty)).toBe(1);
  expect(complained[0]).toContain("holds nothing");
  expect(await read()).toEqual([1]);
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
  expect(complained[0]).toContain("holds no copy. Check replica_url, or name a copy");
  expect(await run("backup", "status", "--replica-url", join(folder, "copies"), "--json")).toBe(0);
  expect(answer()).toMatchObject({ replica: { where: join(folder, "copies"), moments: [] } });
  expect(await read()).toEqual([1]);
});
