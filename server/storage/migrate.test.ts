/** A database is brought forward whole or not at all, and never by an older program. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heldClock } from "../lib/clock.ts";
import { raw, sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Migration, migrate, pendingMigrations } from "./migrate.ts";
import { openDb } from "./open.ts";

const { now, advance } = heldClock(Date.parse("2026-11-22T12:00:00Z"));
const one: Migration = {
  name: "0001_one",
  sql: "CREATE TABLE one (key {key}); INSERT INTO one (key) VALUES (1);",
};
const two: Migration = {
  name: "0002_two",
  sql: "CREATE TABLE two (key {key}); INSERT INTO one (key) VALUES (2);",
};
const bad: Migration = {
  name: "0003_bad",
  sql: "CREATE TABLE three (key {key}); INSERT INTO nowhere VALUES (1);",
};

eachEngine((engine) => {
  test("what is missing is applied in order, and once", async () => {
    const db = await engine.freshDb([]);
    expect(await pendingMigrations(db, [one, two])).toEqual(["0001_one", "0002_two"]);
    expect(await migrate({ db, migrations: [one], now })).toEqual(["0001_one"]);
    expect(await migrate({ db, migrations: [one, two], now })).toEqual(["0002_two"]);
    expect(await migrate({ db, migrations: [one, two], now })).toEqual([]);
    expect(await db.all(sql`SELECT key FROM one ORDER BY key`)).toEqual([{ key: 1 }, { key: 2 }]);
    expect(await db.all(sql`SELECT name, applied FROM migration ORDER BY name`)).toEqual([
      { name: "0001_one", applied: now() },
      { name: "0002_two", applied: now() },
    ]);
  });

  test("a migration that fails leaves nothing, and those before it stay", async () => {
    const db = await engine.freshDb([]);
    await expect(migrate({ db, migrations: [one, two, bad], now })).rejects.toThrow("nowhere");
    expect(await pendingMigrations(db, [one, two, bad])).toEqual(["0003_bad"]);
    await db.batch([sql`CREATE TABLE three (key BIGINT)`]);
  });

  test("an older program refuses a newer database and says what to do", async () => {
    const db = await engine.freshDb([one, two]);
    await expect(migrate({ db, migrations: [one], now })).rejects.toMatchObject({
      code: "conflict",
      detail: { reason: "newer-schema" },
    });
    await expect(migrate({ db, migrations: [one], now })).rejects.toThrow("0002_two");
    await expect(pendingMigrations(db, [one])).rejects.toThrow("0002_two");
  });

  test("a database of another program is refused by the tables that it has, and left as it is", async () => {
    const db = await engine.freshDb([]);
    await db.batch([
      sql`DROP TABLE IF EXISTS migration`,
      sql`CREATE TABLE two (name TEXT)`,
      sql`CREATE TABLE other (name TEXT)`,
    ]);
    await expect(migrate({ db, migrations: [one, two], now })).rejects.toMatchObject({
      code: "conflict",
      detail: { reason: "other-schema" },
    });
    await expect(pendingMigrations(db, [one, two])).rejects.toThrow("it has the tables two,");
    const tables = await db.all<{ name: string }>(raw(db.dialect.tables));
    expect(tables.map(({ name }) => name).sort()).toEqual(["other", "two"]);
  });

  test("nodes that start together apply each migration once", async () => {
    const db = await engine.freshDb([]);
    const other = await engine.sibling(db);
    const applied = await Promise.all(
      [db, other].map((each) => migrate({ db: each, migrations: [one, two], now })),
    );
    expect(applied.flat().sort()).toEqual(["0001_one", "0002_two"]);
  });

  test("a migration may be spelt for each engine", async () => {
    const spelt: Migration = {
      name: "0001_spelt",
      sql: { sqlite: "CREATE TABLE lite_one (a BIGINT)", postgres: "CREATE TABLE post_one (a BIGINT)" },
    };
    const db = await engine.freshDb([spelt]);
    const table = engine.name === "sqlite" ? sql`SELECT a FROM lite_one` : sql`SELECT a FROM post_one`;
    expect(await db.all(table)).toEqual([]);
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-migrate-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an SQLite file that holds something is copied before it is changed, and three copies are kept", async () => {
  const url = join(folder, "commons.db");
  const all: Migration[] = [one];
  for (let i = 2; i < 7; i++) {
    const db = await openDb({ url });
    await migrate({ db, migrations: all, now });
    await db.stop();
    advance(1000);
    all.push({ name: `000${i}_more`, sql: `INSERT INTO one (key) VALUES (${i})` });
  }
  const copies = readdirSync(join(folder, "backups")).sort();
  expect(copies).toEqual([
    "before-0003_more-20261122T120002Z.db",
    "before-0004_more-20261122T120003Z.db",
    "before-0005_more-20261122T120004Z.db",
  ]);
  const copy = await openDb({ url: join(folder, "backups", copies[2] ?? "") });
  expect(await copy.all(sql`SELECT max(key) AS newest FROM one`)).toEqual([{ newest: 4 }]);
  await copy.stop();
});

test("a URL names its engine, and nonsense is refused with a sentence", async () => {
  for (const url of [join(folder, "a.db"), `sqlite://${folder}/b.db`, `sqlite:${folder}/c.db`]) {
    const db = await openDb({ url });
    expect(db.dialect.name).toBe("sqlite");
    await db.stop();
  }
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith(".db"))
      .sort(),
  ).toEqual(["a.db", "b.db", "c.db", "commons.db"]);
  await expect(openDb({ url: "mysql://localhost/x" })).rejects.toMatchObject({ code: "invalid" });
  await expect(openDb({ url: "" })).rejects.toMatchObject({ code: "invalid" });
});
