/** A database is begun once, and its schema changes while nobody else is at work on it. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "../migrations/index.ts";
import { loadConfig } from "./config.ts";
import { bringForward, openDatabase } from "./database.ts";
import { systemNow } from "./lib/clock.ts";
import { migrate, pendingMigrations } from "./storage/migrate.ts";
import { lockFolder } from "./storage/sqlite/lock.ts";
import { openSqlite, type SqliteDb } from "./storage/sqlite/open.ts";

const last = migrations.at(-1)?.name ?? "";
let dataDir: string;
let db: SqliteDb;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "commons-database-"));
  db = openSqlite({ path: join(dataDir, "commons.db") });
  await migrate({ db, migrations: migrations.slice(0, -1), now: systemNow });
});
afterEach(async () => {
  await db.stop();
  rmSync(dataDir, { recursive: true });
});

const forward = (holdsFolder: boolean) => bringForward({ db, dataDir, now: systemNow, holdsFolder });

/** What a command is told that may not go on. */
const refusal = () =>
  forward(false).then(
    () => "",
    (error: Error) => error.message,
  );

test("a command leaves the schema alone under a server that runs, and says what to do", async () => {
  const letGo = lockFolder(dataDir);
  expect(await refusal()).toMatch(new RegExp(`lacks ${last}.*Restart the server`));
  expect(await pendingMigrations(db, migrations)).toEqual([last]);
  letGo();
});

test("where nobody is at work a command brings the schema forward, and lets go of the folder", async () => {
  expect(await forward(false)).toEqual([last]);
  lockFolder(dataDir)();
});

test("the server that holds the folder brings the schema forward; then commands have nothing to do", async () => {
  const letGo = lockFolder(dataDir);
  expect(await forward(true)).toEqual([last]);
  expect(await forward(false)).toEqual([]);
  letGo();
});

test("a newer schema is refused, whoever holds the folder", async () => {
  await migrate({
    db,
    migrations: [...migrations, { name: "9999_later", sql: "CREATE TABLE later (key BIGINT NOT NULL)" }],
    now: systemNow,
  });
  const letGo = lockFolder(dataDir);
  expect(await refusal()).toContain("newer version");
  letGo();
  expect(await refusal()).toContain("newer version");
});

test("a server does not begin anew where its database is gone or emptied, and leaves no file behind", async () => {
  const folder = join(dataDir, "other");
  mkdirSync(join(folder, "backups"), { recursive: true });
  const { config } = loadConfig({ flags: { data_dir: folder }, env: {}, cwd: dataDir });
  const opened = () =>
    openDatabase(config).then(
      async (begun) => {
        await begun.stop();
        return "begun";
      },
      (error: Error) => error.message,
    );
  const path = join(folder, "commons.db");
  writeFileSync(join(folder, "backups", "daily-20261122T020000Z.db"), "");
  expect(await opened()).toMatch(/no database at .*, but copies of one are in .*commons backup restore/);
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, "");
  expect(await opened()).toContain("no database at");
  rmSync(join(folder, "backups"), { recursive: true });
  expect(await opened()).toBe("begun");
});
