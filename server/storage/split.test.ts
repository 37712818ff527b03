/** A file of SQL falls into its statements, whatever hides a semicolon. */
import { expect, test } from "bun:test";
import { splitStatements } from "./split.ts";

test("statements are split, trimmed, and freed of comments", () => {
  expect(splitStatements("-- a; b\nCREATE TABLE t (a TEXT); /* c; */ DROP TABLE t;\n\n;")).toEqual([
    "CREATE TABLE t (a TEXT)",
    "DROP TABLE t",
  ]);
});

test("semicolons and comment signs inside text, names and dollar quotes stay", () => {
  for (const statement of [
    "SELECT 'a;''b -- no /* comment'",
    'SELECT "odd;name" FROM t',
    "DO $$ BEGIN; x; END $$",
    "SELECT $tag$ a; $$ b; $tag$",
    "SELECT 3 - 2 / 1",
  ]) {
    expect(splitStatements(`${statement}; SELECT 1`)).toEqual([statement, "SELECT 1"]);
  }
});

test("what is never closed does not hang or vanish", () => {
  expect(splitStatements("SELECT 'open; SELECT 1")).toEqual(["SELECT 'open", "SELECT 1"]);
  expect(splitStatements("")).toEqual([]);
});
