/** Statements keep one text for many lengths of a list, and bind every value in its place. */
import { expect, test } from "bun:test";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { ranged, statement, statementFor } from "./store-statement.ts";

const keysOf = (length: number) => Array.from({ length }, (_, i) => i + 1);

test("lists of like length share a text, and their padding adds nothing", () => {
  const of = statement<{ keys: readonly number[] }>(({ keys }) => sql`SELECT 1 WHERE 1 IN ${keys}`);
  const texts = new Set(Array.from({ length: 300 }, (_, i) => of({ keys: keysOf(i) }).text));
  expect(texts.size).toBe(12);
  expect(of({ keys: [7, 8, 9] }).values).toEqual([7, 8, 9, 9]);
  expect(of({ keys: [] }).values).toEqual([null]);
});

test("a list and a value may stand in the text more than once, constants between them", () => {
  const of = statement<{ name: string; keys: readonly number[] }>(
    ({ name, keys }) => sql`${name} ${keys} ${"constant"} ${keys} ${-1.25} ${name}`,
  );
  expect(of({ name: "n", keys: [1, 2] }).values).toEqual(["n", 1, 2, "constant", 1, 2, -1.25, "n"]);
  expect(of({ name: "m", keys: [5] }).values).toEqual(["m", 5, "constant", 5, -1.25, "m"]);
  expect(of({ name: "n", keys: [1, 2] }).text).toBe("$1 ($2, $3) $4 ($5, $6) $7 $8");
});

test("a viewer and a stranger have statements of their own", () => {
  const of = statementFor<{ key: number }>(({ key }, viewer) =>
    viewer === null ? sql`stranger ${key}` : sql`viewer ${viewer} ${key}`,
  );
  expect(of({ key: 1 }, null)).toMatchObject({ text: "stranger $1", values: [1] });
  expect(of({ key: 1 }, 9)).toMatchObject({ text: "viewer $1 $2", values: [9, 1] });
});

eachEngine((engine) => {
  test("what is bound is found, in either direction", async () => {
    const db = await engine.freshDb();
    await db.batch(
      keysOf(5).map((key) => sql`INSERT INTO host (key, name) VALUES (${key * 10}, ${`h${key}`})`),
    );
    const read = ranged<{ not: string }>(
      ({ not, before, after, limit }, _, order) => sql`SELECT key FROM host
        WHERE name <> ${not} AND key < ${before} AND key > ${after} ORDER BY key ${order} LIMIT ${limit}`,
    );
    const keys = async (order: "ASC" | "DESC") =>
      (
        await db.all<{ key: number }>(read({ not: "h3" }, { before: 50, after: 9, limit: 2, order }, null))
      ).map(({ key }) => key);
    expect(await keys("DESC")).toEqual([40, 20]);
    expect(await keys("ASC")).toEqual([10, 20]);
  });
});
