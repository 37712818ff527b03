/** The index of words finds the same on every engine, whatever is asked. */
import { beforeAll, expect, test } from "bun:test";
import { migrations } from "../../migrations/index.ts";
import { raw, sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import type { Db, Match, SearchIndex } from "./db.ts";
import { searchIndexOf } from "./search.ts";

const words = (...given: readonly string[]): Match => ({ words: given });

eachEngine((engine) => {
  let db: Db;
  let index: SearchIndex;

  const find = async (match: Match, order = raw("DESC")): Promise<readonly number[]> => {
    const rows = await db.all<{ key: number }>(
      sql`SELECT ${index.key} AS key FROM ${index.entries} WHERE ${index.isMatch(index.textOf(match))} ORDER BY ${index.key} ${order}`,
    );
    return rows.map(({ key }) => key);
  };

  const pending = async (): Promise<Record<number, number>> =>
    Object.fromEntries(
      (await db.all<{ key: number; stamp: number }>(raw("SELECT key, stamp FROM search_pending"))).map(
        ({ key, stamp }) => [key, stamp],
      ),
    );

  beforeAll(async () => {
    db = await engine.freshDb(migrations);
    index = searchIndexOf(db);
    expect(await index.isMade()).toBe(false);
    await db.batch(index.make());
    await db.batch([
      index.put(11, ["!o", "the", "cell", "divides"]),
      index.put(12, ["!o", "=cells", "cells", "and", "the", "cell", "wall"]),
      index.put(2 ** 52, ["!w1z", "日本", "本語", "語", "naïf's\\"]),
    ]);
  });

  test("it says that it is there, and making it anew empties it", async () => {
    expect(await index.isMade()).toBe(true);
  });

  test("words, phrases, beginnings and marks are found, the newest first or last", async () => {
    expect(await find(words("cell"))).toEqual([12, 11]);
    expect(await find(words("cell"), raw("ASC"))).toEqual([11, 12]);
    expect(await find(words("the", "cell"))).toEqual([12, 11]);
    expect(await find(words("cell", "the"))).toEqual([]);
    expect(await find({ beginning: "divi" })).toEqual([11]);
    expect(await find(words("=cells"))).toEqual([12]);
    expect(await find(words("日本", "本語"))).toEqual([2 ** 52]);
    expect(await find({ beginning: "本" })).toEqual([2 ** 52]);
    expect(await find(words("!w1z"))).toEqual([2 ** 52]);
    expect(await find(words("w1z"))).toEqual([]);
  });

  test("questions are put together with all, some and not", async () => {
    expect(await find({ every: [words("!o"), words("wall")] })).toEqual([12]);
    expect(await find({ some: [words("wall"), words("divides"), words("nothing")] })).toEqual([12, 11]);
    expect(await find({ which: words("cell"), butNot: { some: [words("wall")] } })).toEqual([11]);
    const nested: Match = {
      every: [{ some: [words("!o"), words("!w1z")] }, { which: words("the"), butNot: words("wall") }],
    };
    expect(await find(nested)).toEqual([11]);
  });

  test.each([
    ['"', "a quote"],
    ["NEAR(a b)", "an operator"],
    ["a AND b", "a conjunction"],
    ["'); DROP TABLE object; --", "an injection"],
    ["\\", "a backslash"],
    ["*", "a star"],
    ["a:b", "a column"],
  ])("%p (%s) is a word like any other", async (word) => {
    await find(words(word));
    await find({ beginning: word });
    expect(await find({ every: [words("cell"), words(word)] })).toEqual([]);
  });

  test("an entry takes the place of the one before, and goes without a trace", async () => {
    await db.batch([index.put(20, ["before"])]);
    await db.batch([index.put(20, ["after"])]);
    expect([await find(words("before")), await find(words("after"))]).toEqual([[], [20]]);
    await db.batch([index.drop(20), index.drop(21)]);
    expect(await find(words("after"))).toEqual([]);
    await db.batch([index.put(20, ["again"])]);
    expect(await find(words("again"))).toEqual([20]);
    await db.batch([index.drop(20)]);
  });

  test("what changes waits, in the batch that changes it: things, names, what people here do, for whom it is", async () => {
    const put = (key: number, kind: string, host: number, subject: number | null) =>
      sql`INSERT INTO object (key, iri, host, kind, subject, document) VALUES
        (${key}, ${`https://a.test/${key}`}, ${host}, ${kind}, ${subject}, ${"{}"})`;
    await db.batch([
      raw("DELETE FROM search_pending"),
      sql`INSERT INTO host (key, name) VALUES (${7}, ${"a.test"})`,
      put(1, "object", 7, null),
      put(2, "actor", 7, null),
      put(3, "activity", 7, 1),
      sql`INSERT INTO object (key, iri, host) VALUES (${4}, ${"https://a.test/4"}, ${7})`,
    ]);
    expect(await pending()).toEqual({ 1: 1, 2: 1 });
    await db.batch([put(5, "activity", 0, 1), sql`UPDATE object SET held = ${2} WHERE key = ${2}`]);
    expect(await pending()).toEqual({ 1: 2, 2: 1 });
    await db.batch([
      sql`UPDATE object SET document = ${"{}"}, deleted = ${1} WHERE key = ${5}`,
      sql`UPDATE object SET visibility = ${3} WHERE key = ${1}`,
      sql`INSERT INTO actor (key, handle) VALUES (${2}, ${"bob@a.test"})`,
      sql`INSERT INTO link (target, property, source) VALUES (${2}, ${"audience"}, ${1})`,
      sql`INSERT INTO link (target, property, source) VALUES (${2}, ${"quote"}, ${1})`,
      sql`DELETE FROM link WHERE property = ${"audience"}`,
      sql`UPDATE object SET kind = ${"object"}, document = ${"{}"} WHERE key = ${4}`,
    ]);
    expect(await pending()).toEqual({ 1: 6, 2: 2, 4: 1 });
    await expect(db.batch([put(8, "object", 7, null), put(1, "object", 7, null)])).rejects.toThrow();
    expect(await pending()).toEqual({ 1: 6, 2: 2, 4: 1 });
  });
});
