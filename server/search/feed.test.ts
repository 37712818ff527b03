/** The index is true in the end, whatever happens between a change and its entry. */
import { expect, test } from "bun:test";
import { createRegistry } from "../core/registry.ts";
import { createLog, type Log } from "../lib/log.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { searchIndexOf } from "../storage/search.ts";
import { eachEngine } from "../testing/engines.ts";
import { vocabularies } from "../vocab/index.ts";
import { createSearchFeed } from "./feed.ts";

const registry = createRegistry(vocabularies);
const log: Log = createLog({ now: () => 0, level: "error", form: "json", write: () => undefined });

const put = (key: number, content: string, more = ""): Sql =>
  sql`INSERT INTO object (key, iri, host, kind, type, visibility, document) VALUES (${key},
    ${`https://pub.test/objects/${key}`}, 0, 'object', 'Note', 0, ${JSON.stringify({ content, ...(more ? JSON.parse(more) : {}) })})`;
const edit = (key: number, content: string): Sql =>
  sql`UPDATE object SET document = ${JSON.stringify({ content })} WHERE key = ${key}`;

eachEngine((engine) => {
  const feedOf = (db: Db) => createSearchFeed({ db, index: searchIndexOf(db), registry, log });

  async function found(db: Db, word: string): Promise<readonly number[]> {
    const index = searchIndexOf(db);
    const rows = await db.patiently<{ key: number }>(
      sql`SELECT ${index.key} AS key FROM ${index.entries} WHERE ${index.isMatch(index.textOf({ words: [word] }))}
        ORDER BY ${index.key}`,
    );
    return rows.map(({ key }) => key);
  }

  const waiting = async (db: Db) =>
    (await db.all<{ n: number }>(raw("SELECT count(*) AS n FROM search_pending")))[0]?.n;

  test("what was there before the index is put in, and an index of another form is made anew", async () => {
    const db = await engine.freshDb();
    await db.batch(Array.from({ length: 90 }, (_, i) => put(i + 1, `old ${i % 2 ? "odd" : "even"}`)));
    const feed = feedOf(db);
    await feed.ensure();
    await feed.drain();
    expect((await found(db, "odd")).length).toBe(45);
    await feed.ensure();
    expect((await found(db, "odd")).length).toBe(45);
    await db.batch([raw("UPDATE search_form SET form = form - 1")]);
    await feed.ensure();
    expect(await found(db, "odd")).toEqual([]);
    await feed.drain();
    expect((await found(db, "odd")).length).toBe(45);
    expect(await waiting(db)).toBe(0);
  });

  test("what changes while it is put in is put in as it is at last", async () => {
    const db = await engine.freshDb();
    await feedOf(db).ensure();
    await db.batch([put(1, "first"), put(2, "other")]);
    let isChanged = false;
    const feed = feedOf({
      ...db,
      async batch(statements) {
        if (!isChanged) {
          isChanged = true;
          await db.batch([edit(1, "second")]);
        }
        return db.batch(statements);
      },
    });
    await feed.drain();
    expect([await found(db, "first"), await found(db, "second"), await found(db, "other")]).toEqual([
      [],
      [1],
      [2],
    ]);
  });

  test("a write that fails loses nothing, and leaves nothing half done", async () => {
    const db = await engine.freshDb();
    await feedOf(db).ensure();
    await db.batch([put(1, "first"), put(2, "second")]);
    const broken = feedOf({ ...db, batch: async () => Promise.reject(new Error("The disk is full.")) });
    await expect(broken.drain()).rejects.toThrow("disk is full");
    expect([await found(db, "first"), await waiting(db)]).toEqual([[], 2]);
    await feedOf(db).drain();
    expect([await found(db, "first"), await waiting(db)]).toEqual([[1], 0]);
  });

  test("a rebuilding that is broken off goes on where it was", async () => {
    const db = await engine.freshDb();
    await feedOf(db).ensure();
    await db.batch(Array.from({ length: 30 }, (_, i) => put(i + 1, "again")));
    await feedOf(db).drain();
    let batches = 0;
    const dying = feedOf({
      ...db,
      batch: async (statements) =>
        ++batches > 4 ? Promise.reject(new Error("killed")) : db.batch(statements),
    });
    await dying.rebuild();
    await expect(dying.drain()).rejects.toThrow("killed");
    await feedOf(db).drain();
    expect((await found(db, "again")).length).toBe(30);
    expect(await db.all(raw("SELECT owner FROM search_walk"))).toEqual([]);
  });

  test("what is put in together is put in in the order of its keys", async () => {
    const db = await engine.freshDb();
    await feedOf(db).ensure();
    await db.batch([3, 1, 4, 2].map((key) => put(key, "together")));
    const keys: unknown[] = [];
    const hearing = feedOf({
      ...db,
      async batch(statements) {
        for (const { text, values } of statements) if (/ INTO search_text\b/.test(text)) keys.push(values[0]);
        return db.batch(statements);
      },
    });
    await hearing.drain();
    expect(keys).toEqual([1, 2, 3, 4]);
  });

  test("two nodes that put in at once come to the same end", async () => {
    const db = await engine.freshDb();
    await feedOf(db).ensure();
    await db.batch(Array.from({ length: 120 }, (_, i) => put(i + 1, "shared")));
    const other = await engine.sibling(db);
    await Promise.all([feedOf(db).drain(), feedOf(other).drain()]);
    expect((await found(db, "shared")).length).toBe(120);
    expect(await waiting(db)).toBe(0);
  });

  test("documents of any shape do no harm", async () => {
    const db = await engine.freshDb();
    const feed = feedOf(db);
    await feed.ensure();
    const shapes = [
      '{"contentMap":{"en":5,"de":["x"]},"name":["a",{"b":1}],"tag":"x","attachment":[null,5,{"mediaType":7}]}',
      '{"tag":[{"type":"Hashtag","name":"#"},{"type":["Mention"],"href":{"id":"x"}}],"oneOf":{"name":5},"quote":{}}',
      '{"inReplyTo":[{"id":"https://c.test/1"}],"summary":"<b>harmless</b>","source":null,"language":{"identifier":5}}',
      `{"name":"${"long ".repeat(20_000)}"}`,
      '{"attachment":{"type":"PropertyValue"},"image":[["x"]],"sensitive":"yes"}',
    ];
    await db.batch(shapes.map((shape, i) => put(i + 1, "shape", shape)));
    await feed.drain();
    expect(await found(db, "shape")).toEqual([1, 2, 3, 5]);
    expect(await found(db, "harmless")).toEqual([3]);
    expect(await found(db, "long")).toEqual([4]);
  });
});

eachEngine(
  (engine) => {
    test("who is changing a thing is not waited for, and nothing else waits meanwhile", async () => {
      const db = await engine.freshDb();
      const other = await engine.sibling(db);
      const feed = createSearchFeed({ db, index: searchIndexOf(db), registry, log });
      await db.batch([put(1, "first"), put(2, "second")]);
      let isChanged = false;
      const changing = other
        .batch([edit(1, "changed"), raw("INSERT INTO search_walk SELECT -9, 0 FROM pg_sleep(1)")])
        .then(() => {
          isChanged = true;
        });
      const sleeps = raw("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
      while ((await db.all(sleeps)).length === 0) await Bun.sleep(1);
      const draining = feed.drain();
      const isIn = sql`SELECT key FROM search_text WHERE key = ${2}`;
      while ((await db.all(isIn)).length === 0) await Bun.sleep(1);
      expect(isChanged).toBe(false);
      await changing;
      await draining;
    });
  },
  ["postgres"],
);
