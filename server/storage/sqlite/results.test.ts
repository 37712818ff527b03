/** Results are given again as long as nobody writes, whoever it is. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expecting, sql } from "../../lib/sql.ts";
import { openSqlite, type SqliteDb } from "./open.ts";
import { createResults } from "./results.ts";

let folder: string;
let db: SqliteDb;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commons-sqlite-"));
  db = openSqlite({ path: join(folder, "commons.db") });
  await db.batch([sql`CREATE TABLE thing (key INTEGER PRIMARY KEY, text TEXT)`]);
});
afterEach(async () => {
  await db.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = (key: number) => sql`INSERT INTO thing (key, text) VALUES (${key}, ${"text"})`;
const all = () => db.all<{ key: number; text: string }>(sql`SELECT key, text FROM thing ORDER BY key`);

test("whoever was told of a write reads it, also where the same was read just before", async () => {
  for (let key = 1; key <= 50; key++) {
    await db.batch([put(key)]);
    expect((await all()).length).toBe(key);
  }
});

test("a batch that fails changes no answer", async () => {
  await db.batch([put(1)]);
  expect((await all()).length).toBe(1);
  const refused = db.batch([put(2), expecting(2, put(3), () => new Error("not two"))]);
  expect(await refused.catch((error: Error) => error.message)).toBe("not two");
  expect((await all()).length).toBe(1);
});

test("what another process wrote is noticed", async () => {
  expect(await all()).toEqual([]);
  const other = openSqlite({ path: db.path });
  await other.batch([put(1)]);
  await other.stop();
  let found = await all();
  while (found.length === 0) {
    await Bun.sleep(1);
    found = await all();
  }
  expect(found).toEqual([{ key: 1, text: "text" }]);
});

test("a list belongs to whoever asked; nobody can change its rows for others", async () => {
  await db.batch([put(1), put(2)]);
  const mine = await all();
  mine.reverse();
  mine.pop();
  const [first] = mine;
  expect(() => Object.assign(first ?? {}, { text: "changed" })).toThrow();
  expect(await all()).toEqual([
    { key: 1, text: "text" },
    { key: 2, text: "text" },
  ]);
});

test("the same text with other values is another question, whatever their type", () => {
  const results = createResults();
  const query = (...values: (string | number | null)[]) => ({ text: "SELECT $1 AS a", values });
  results.keep(query(1), [{ a: 1 }]);
  for (const other of [query("1"), query(null), query(), query(1, 1), query("1,1")])
    expect(results.find(other)).toBeUndefined();
  expect(results.find(query(1))).toEqual([{ a: 1 }]);
});

test("more than fits is forgotten, and what is long is not kept at all", () => {
  const results = createResults();
  const long = "x".repeat(20_000);
  results.keep({ text: "long", values: [] }, [{ a: long }, { a: long }]);
  expect(results.find({ text: "long", values: [] })).toBeUndefined();
  for (let i = 0; i < 500; i++) results.keep({ text: "some", values: [i] }, [{ a: long }]);
  expect(results.find({ text: "some", values: [499] })).toBeDefined();
  expect(results.find({ text: "some", values: [0] })).toBeUndefined();
});
