/** What every engine must do: run on each. */
import { beforeEach, expect, test } from "bun:test";
import { Problem } from "../lib/problem.ts";
import { expecting, holding, list, onCommit, raw, sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import type { Db } from "./db.ts";

const things = {
  name: "0001_things",
  sql: `
    CREATE TABLE thing (
      key {key}, -- a comment; with a semicolon
      name TEXT NOT NULL UNIQUE CONSTRAINT name_is_short CHECK (length(name) <= 10),
      parent BIGINT REFERENCES thing (key),
      size BIGINT
    );
    CREATE TABLE pair (a BIGINT NOT NULL, b TEXT NOT NULL DEFAULT 'x;y', PRIMARY KEY (a, b)) {clustered};
    CREATE TABLE numbered (key {serial}, name TEXT NOT NULL);
  `,
};

const put = (key: number, name: string, parent: number | null = null, size: number | null = null) =>
  sql`INSERT INTO thing (key, name, parent, size) VALUES (${key}, ${name}, ${parent}, ${size})`;

const thrownBy = async (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => expect.unreachable("it was expected to fail"),
    (error) => {
      expect(error).toBeInstanceOf(Problem);
      return error as Problem;
    },
  );

eachEngine(
  (engine) => {
    let db: Db;
    const names = async () =>
      (await db.all<{ name: string }>(sql`SELECT name FROM thing ORDER BY name`)).map(({ name }) => name);
    beforeEach(async () => {
      db = await engine.freshDb([things]);
    });

    test("what a batch wrote is read back, big integers and nulls included", async () => {
      const key = 2 ** 52 + 1;
      await db.batch([put(key, "a", null, -7)]);
      expect(await db.all(sql`SELECT key, name, parent, size FROM thing WHERE key = ${key}`)).toEqual([
        { key, name: "a", parent: null, size: -7 },
      ]);
      expect(await db.one(sql`SELECT name FROM thing WHERE key = ${1}`)).toBeNull();
    });

    test("counts, sums and truths are numbers", async () => {
      await db.batch([put(1, "a", null, 2 ** 40), put(2, "b", 1, 2 ** 40)]);
      expect(
        await db.all(sql`SELECT count(*) AS n, sum(size) AS total, max(key) AS top, count(*) > 1 AS many,
        EXISTS (SELECT 1 FROM thing WHERE parent = ${9}) AS none FROM thing`),
      ).toEqual([{ n: 2, total: 2 ** 41, top: 2, many: 1, none: 0 }]);
    });

    test("text comes back as it went in, and sorts by code point", async () => {
      const texts = ["Zebra", "apfel", "Äpfel", "zebra", "😀 \n'\"\\", ""];
      await db.batch(texts.map((text, i) => put(i + 1, text)));
      expect(await names()).toEqual([...texts].sort());
    });

    test("each statement of a batch gives its own rows", async () => {
      const result = await db.batch([
        put(1, "a"),
        sql`INSERT INTO thing (key, name) VALUES (${2}, ${"b"}) RETURNING key, name`,
        sql`UPDATE thing SET size = ${5} WHERE key IN ${list([1, 2])} RETURNING key`,
        sql`SELECT count(*) AS n FROM thing`,
      ]);
      expect(result.map((rows) => rows.length)).toEqual([0, 1, 2, 1]);
      expect(result[1]).toEqual([{ key: 2, name: "b" }]);
      expect(result[3]).toEqual([{ n: 2 }]);
    });

    test("a batch with a failing statement leaves nothing behind", async () => {
      await db.batch([put(1, "a")]);
      const problem = await thrownBy(db.batch([put(2, "b"), put(3, "a"), put(4, "d")]));
      expect(problem.code).toBe("conflict");
      expect(problem.detail).toMatchObject({ field: "name", reason: "thing.name" });
      expect(await names()).toEqual(["a"]);
    });

    test("a batch that finds other rows than expected fails with what it says, and leaves nothing", async () => {
      await db.batch([put(1, "a")]);
      const spend = (key: number) =>
        expecting(1, sql`UPDATE thing SET size = ${1} WHERE key = ${key} AND size IS NULL`, () => {
          return new Problem("gone", "This was used before. Ask for another.");
        });
      expect((await thrownBy(db.batch([put(2, "b"), spend(7), put(3, "c")]))).code).toBe("gone");
      expect(await names()).toEqual(["a"]);
      await db.batch([put(2, "b"), spend(1)]);
      expect((await thrownBy(db.batch([spend(1)]))).code).toBe("gone");
      expect(await names()).toEqual(["a", "b"]);
    });

    test("of many who spend the same thing at once, one succeeds", async () => {
      await db.batch([put(1, "a")]);
      const spend = expecting(
        1,
        sql`UPDATE thing SET size = ${1} WHERE key = ${1} AND size IS NULL RETURNING key`,
        () => new Problem("conflict", "Spent."),
      );
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, i) => db.batch([spend, put(100 + i, `n${i}`)])),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(1);
      expect((await names()).length).toBe(2);
    });

    test("of many who read before they write, each sees what the others wrote, once it holds the row", async () => {
      await db.batch([put(1, "a", null, 0)]);
      const other = await engine.sibling(db);
      const add = (to: Db, key: number) =>
        to.batch([
          holding(sql`SELECT key FROM thing WHERE key = ${1}`),
          sql`UPDATE thing SET size = (SELECT count(*) FROM thing) WHERE key = ${1} RETURNING size`,
          put(key, `n${key}`),
        ]);
      const given = await Promise.all(
        Array.from({ length: 30 }, (_, i) => add(i % 2 === 0 ? db : other, 100 + i)),
      );
      const sizes = given.map(([held, counted, made]) => {
        expect([held, made]).toEqual([[], []]);
        return Number(counted?.[0]?.size);
      });
      expect(sizes.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(await db.batch([holding(sql`SELECT key FROM thing`)])).toEqual([[]]);
    });

    test("of batches that arrive together, those that fail do not harm the others", async () => {
      const outcomes = await Promise.allSettled([
        db.batch([put(1, "a")]),
        db.batch([put(2, "b"), put(2, "again")]),
        db.batch([put(3, "c", 99)]),
        db.batch([put(4, "d"), put(5, "e")]),
        db.batch([raw("SELECT nonsense FROM thing")]),
        db.batch([put(6, "much too long for it")]),
        db.batch([put(7, "g")]),
      ]);
      expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([
        true,
        false,
        false,
        true,
        false,
        false,
        true,
      ]);
      expect(await names()).toEqual(["a", "d", "e", "g"]);
    });

    test("checks, missing values and missing references are refused as invalid, with the rule's name", async () => {
      const long = await thrownBy(db.batch([put(1, "much too long for it")]));
      expect([long.code, long.detail.reason]).toEqual(["invalid", "name_is_short"]);
      const none = await thrownBy(db.batch([sql`INSERT INTO thing (key, name) VALUES (${1}, ${null})`]));
      expect([none.code, none.detail.reason]).toEqual(["invalid", "thing.name"]);
      const loose = await thrownBy(db.batch([put(1, "a", 99)]));
      expect([loose.code, loose.detail.reason]).toEqual(["invalid", "foreign-key"]);
    });

    test("a row that another refers to cannot go", async () => {
      await db.batch([put(1, "a"), put(2, "b", 1)]);
      expect((await thrownBy(db.batch([sql`DELETE FROM thing WHERE key = ${1}`]))).code).toBe("invalid");
      await db.batch([sql`DELETE FROM thing WHERE key = ${2}`, sql`DELETE FROM thing WHERE key = ${1}`]);
      expect(await names()).toEqual([]);
    });

    test("a conflict over two columns names both", async () => {
      const twice = sql`INSERT INTO pair (a, b) VALUES (${1}, ${"x"})`;
      await db.batch([twice]);
      expect((await thrownBy(db.batch([twice]))).detail.reason).toBe("pair.a, pair.b");
    });

    test("an insert that meets its like can update it or do nothing", async () => {
      const upsert = (size: number) => sql`INSERT INTO thing (key, name, size) VALUES (${1}, ${"a"}, ${size})
      ON CONFLICT (key) DO UPDATE SET size = excluded.size RETURNING size`;
      expect(await db.batch([upsert(1), upsert(2)])).toEqual([[{ size: 1 }], [{ size: 2 }]]);
      const ignored = sql`INSERT INTO thing (key, name) VALUES (${2}, ${"a"}) ON CONFLICT (name) DO NOTHING RETURNING key`;
      expect(await db.batch([ignored])).toEqual([[]]);
      expect(
        (await thrownBy(db.batch([expecting(1, ignored, () => new Problem("conflict", "Known."))]))).code,
      ).toBe("conflict");
    });

    test("whoever waits for a commit is called after it, and not when the batch failed", async () => {
      const seen: string[] = [];
      const noted = (key: number, name: string) => onCommit(put(key, name), () => seen.push(name));
      await db.batch([noted(1, "a"), noted(2, "b")]);
      await db.batch([noted(3, "c")]);
      await thrownBy(db.batch([noted(4, "d"), put(4, "e")]));
      await thrownBy(db.batch([noted(1, "f")]));
      expect(seen).toEqual(["a", "b", "c"]);
    });

    test("small numbers are handed out by the database, beside given ones", async () => {
      const [zero, one, two] = await db.batch([
        sql`INSERT INTO numbered (key, name) VALUES (${0}, ${"ours"}) RETURNING key`,
        sql`INSERT INTO numbered (name) VALUES (${"b"}) RETURNING key`,
        sql`INSERT INTO numbered (name) VALUES (${"c"}) RETURNING key`,
      ]);
      expect([zero, one, two]).toEqual([[{ key: 0 }], [{ key: 1 }], [{ key: 2 }]]);
    });

    test("a batch sees what its earlier statements wrote, and defaults hold semicolons", async () => {
      const [, rows] = await db.batch([
        sql`INSERT INTO pair (a) VALUES (${3})`,
        sql`INSERT INTO thing (key, name) SELECT a, b FROM pair WHERE a = ${3} RETURNING name`,
      ]);
      expect(rows).toEqual([{ name: "x;y" }]);
    });

    test("an empty batch and an empty list are no trouble", async () => {
      expect(await db.batch([])).toEqual([]);
      expect(await db.all(sql`SELECT key FROM thing WHERE key IN ${list([])}`)).toEqual([]);
    });

    test("text with U+0000 is refused, for reading and for writing", async () => {
      expect((await thrownBy(db.batch([put(1, "a\0b")]))).code).toBe("invalid");
      expect((await thrownBy(db.all(sql`SELECT key FROM thing WHERE name = ${"\0"}`))).code).toBe("invalid");
    });

    test("reading is not writing", async () => {
      await expect(db.all(sql`DELETE FROM thing RETURNING key`)).rejects.toThrow("Only batch() writes");
    });

    test("a mistake in a statement is a bug, not a problem", async () => {
      const error = await db.all(raw("SELECT nonsense FROM thing")).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(Problem);
    });

    test("a large batch is one batch", async () => {
      const many = Array.from({ length: 3000 }, (_, i) => put(i + 1, `n${i}`));
      await thrownBy(db.batch([...many, put(1, "again")]));
      expect(await names()).toEqual([]);
      await db.batch(many);
      expect((await names()).length).toBe(3000);
    });

    test("whoever listens hears what is told, until it stops", async () => {
      const heard: string[] = [];
      const both = Promise.withResolvers<void>();
      const last = Promise.withResolvers<void>();
      const hear = (who: string) => (payload: string) => {
        heard.push(`${who} ${payload}`);
        if (heard.length === 2) both.resolve();
        if (payload === "last" && who === "second") last.resolve();
      };
      const stopFirst = await db.listen("news", hear("first"));
      await db.listen("news", hear("second"));
      await db.listen("other", hear("nobody"));
      db.notify("news", "x");
      await both.promise;
      stopFirst();
      db.notify("news", "last");
      await last.promise;
      expect(heard.sort()).toEqual(["first x", "second last", "second x"]);
    });

    test("the size on disk is told in bytes", async () => {
      expect(await db.sizeBytes()).toBeGreaterThan(4096);
    });

    test("after the end, writing is refused and stopping again is harmless", async () => {
      const last = db.batch([put(1, "a"), expecting(1, put(2, "b"), () => new Error("Not put."))]);
      const [result] = await Promise.all([last, db.stop()]);
      expect(result).toEqual([[], []]);
      await expect(db.batch([put(3, "c")])).rejects.toThrow("closed");
      await db.stop();
    });
  },
  ["sqlite", "sqlite-file", "postgres"],
);
