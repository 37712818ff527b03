/** Long reads stand in nobody's way, see what was written, and end with the database. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { raw, sql } from "../../lib/sql.ts";
import { openSqlite } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "commons-patient-"));
const db = openSqlite({ path: join(folder, "commons.db") });
afterAll(async () => {
  await db.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes some tens of milliseconds. */
const LONG = sql`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${200_000}) SELECT count(*) AS n FROM n`;

test("a long read lets others go first, and sees what was written before it", async () => {
  await db.batch([
    raw("CREATE TABLE thing (key INTEGER PRIMARY KEY, name TEXT)"),
    sql`INSERT INTO thing (key, name) VALUES (${1}, ${"one"})`,
  ]);
  const order: string[] = [];
  const long = db.patiently<{ n: number }>(LONG).then((rows) => {
    order.push("long");
    return rows;
  });
  await db.all(raw("SELECT key FROM thing"));
  order.push("short");
  expect(await long).toEqual([{ n: 200_000 }]);
  expect(order).toEqual(["short", "long"]);
  await db.batch([sql`INSERT INTO thing (key, name) VALUES (${2}, ${"two"})`]);
  expect(await db.patiently(sql`SELECT name FROM thing WHERE key > ${1}`)).toEqual([{ name: "two" }]);
  await db.batch([sql`UPDATE thing SET name = ${"zwei"} WHERE key = ${2}`]);
  expect(await db.patiently(sql`SELECT name FROM thing WHERE key > ${1}`)).toEqual([{ name: "zwei" }]);
});

test("it only reads, and a mistake in it harms no other", async () => {
  await expect(db.patiently(raw("DELETE FROM thing"))).rejects.toThrow("Only batch() writes");
  const both = await Promise.allSettled([
    db.patiently(raw("SELECT nonsense FROM thing")),
    db.patiently(raw("SELECT count(*) AS n FROM thing")),
  ]);
  expect(both[0]?.status).toBe("rejected");
  expect(both[1]).toEqual({ status: "fulfilled", value: [{ n: 2 }] });
});

test("whoever comes when many wait already is told to come back", async () => {
  const asked = await Promise.allSettled(
    Array.from({ length: 260 }, (_, i) => db.patiently(sql`SELECT ${i} AS i FROM thing`)),
  );
  const refused = asked.filter((each) => each.status === "rejected");
  expect(refused.length).toBe(4);
  expect(refused[0]?.reason).toMatchObject({ code: "too-many" });
});

test("whoever waits when the database closes hears of it", async () => {
  const other = openSqlite({ path: join(folder, "other.db") });
  const waiting = other.patiently(LONG);
  const [heard] = await Promise.allSettled([waiting, other.stop()]);
  expect(heard).toMatchObject({ status: "rejected", reason: { message: "The database is closed." } });
});
