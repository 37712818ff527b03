/** SQL is put together from pieces, and numbered through, whatever the pieces were the last time. */
import { expect, test } from "bun:test";
import { forRows, join, list, none, paddedList, raw, type Sql, sql } from "./sql.ts";

test("values become placeholders in order, and undefined is null", () => {
  expect(sql`SELECT ${1}, ${"a"}, ${null}, ${undefined}`).toEqual({
    text: "SELECT $1, $2, $3, $4",
    values: [1, "a", null, null],
  });
});

test("fragments are spliced in and renumbered, each time with what they hold", () => {
  const statement = (condition: Sql, key: number) =>
    sql`SELECT 1 WHERE ${condition} AND key = ${key} ${none}`;
  const short = sql`a = ${7}`;
  const long = sql`(b = ${8} OR c = ${9})`;
  for (let i = 0; i < 2; i++) {
    expect(statement(short, i)).toEqual({ text: "SELECT 1 WHERE a = $1 AND key = $2 ", values: [7, i] });
    expect(statement(long, i)).toEqual({
      text: "SELECT 1 WHERE (b = $1 OR c = $2) AND key = $3 ",
      values: [8, 9, i],
    });
    expect(statement(raw("1 = 1"), i)).toEqual({ text: "SELECT 1 WHERE 1 = 1 AND key = $1 ", values: [i] });
  }
});

test("a value in the place of a fragment is a value", () => {
  const either = (hole: Sql | number) => sql`SELECT ${hole}, ${2}`;
  expect(either(1)).toEqual({ text: "SELECT $1, $2", values: [1, 2] });
  expect(either(sql`x + ${1}`)).toEqual({ text: "SELECT x + $1, $2", values: [1, 2] });
  expect(either(1)).toEqual({ text: "SELECT $1, $2", values: [1, 2] });
});

test("fragments hold fragments, more than nine values too", () => {
  const inner = sql`(${1}, ${2}, ${3}, ${4}, ${5}, ${6})`;
  expect(sql`${inner} ${sql`${inner} ${7}`}`).toEqual({
    text: "($1, $2, $3, $4, $5, $6) ($7, $8, $9, $10, $11, $12) $13",
    values: [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7],
  });
});

test("lists of any length are lists, and an empty one matches nothing", () => {
  expect(list([])).toEqual({ text: "(NULL)", values: [] });
  expect(list(["a", 2]).text).toBe("($1, $2)");
  const long = Array.from({ length: 300 }, (_, i) => i);
  expect(sql`x IN ${list(long)} AND y = ${1}`.text).toEndWith("$300) AND y = $301");
});

test("a padded list holds the same, and has one of few lengths", () => {
  expect(paddedList([1, 2, 3, 4, 5])).toEqual(list([1, 2, 3, 4, 5, 5, 5, 5]));
  expect(paddedList([1, 2])).toEqual(list([1, 2]));
  expect(paddedList([])).toEqual(list([]));
});

test("a list joined with a separator is in order", () => {
  expect(join([sql`a = ${1}`, sql`b = ${2}`, sql`c = ${3}`], " AND ")).toEqual({
    text: "a = $1 AND b = $2 AND c = $3",
    values: [1, 2, 3],
  });
});

test("what is joined again has its own values, its own separator and its own numbers", () => {
  const row = (a: number, b: string) => sql`(${a}, ${b})`;
  expect(join([row(1, "x"), row(2, "y")], ", ")).toEqual({
    text: "($1, $2), ($3, $4)",
    values: [1, "x", 2, "y"],
  });
  expect(join([row(3, "z"), row(4, "w")], ", ")).toEqual({
    text: "($1, $2), ($3, $4)",
    values: [3, "z", 4, "w"],
  });
  expect(join([row(3, "z"), row(4, "w")], " OR ").text).toBe("($1, $2) OR ($3, $4)");
  expect(join([row(5, "v"), sql`(${6}, ${"u"}, ${7})`], ", ").text).toBe("($1, $2), ($3, $4, $5)");
  expect(join([], ", ")).toEqual({ text: "", values: [] });
});

test("many rows share statements of fifty, and what is left has one each", () => {
  const sizes = (rows: number) =>
    forRows(Array.from({ length: rows }), (some) => sql`${some.length}`).map(({ values }) => values[0]);
  expect(sizes(0)).toEqual([]);
  expect(sizes(2)).toEqual([1, 1]);
  expect(sizes(50)).toEqual([50]);
  expect(sizes(101)).toEqual([50, 50, 1]);
});
