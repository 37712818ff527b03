/** From the embedded database into PostgreSQL and back: everything is there, and goes on as before. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "../../migrations/index.ts";
import { PUBLIC } from "../core/object.ts";
import { systemNow } from "../lib/clock.ts";
import { raw, sql } from "../lib/sql.ts";
import { testApp } from "../testing/app.ts";
import { type Engine, eachEngine } from "../testing/engines.ts";
import { groupOf, toGroup } from "../testing/groups.ts";
import { PASSWORD, person } from "../testing/people.ts";
import { type PostgresForTests, postgresForTests } from "../testing/postgres.ts";
import { refused } from "../testing/refused.ts";
import { carryToPostgres, carryToSqlite } from "./carry.ts";
import type { Db } from "./db.ts";
import { migrate } from "./migrate.ts";
import { openDb } from "./open.ts";

eachEngine(
  (engine) => {
    let postgres: PostgresForTests;
    let folder = "";
    beforeAll(async () => {
      postgres = postgresForTests();
      await postgres.start();
      folder = await mkdtemp(join(tmpdir(), "commons-carry-"));
    });
    afterAll(async () => {
      await postgres.dropAll();
      await rm(folder, { recursive: true, force: true });
    });

    /** For apps on a database that is there already. */
    const on = (db: Db): Engine => ({ ...engine, freshDb: async () => db });

    async function migratedAt(url: string): Promise<string> {
      const db = await openDb({ url });
      await migrate({ db, migrations, now: systemNow });
      await db.stop();
      return url;
    }
    const empty = async () => migratedAt(await postgres.create());
    const embedded = (name: string) => migratedAt(join(folder, name));

    test("people, posts, groups, files of words and numbers go on where they were", async () => {
      const from = await embedded("school.db");
      const before = await testApp(on(await openDb({ url: from })));
      const alice = await person(before, "alice", "admin");
      const bob = await person(before, "bob");
      const group = await groupOf(before, "physics", alice);
      await bob.act({ type: "Follow", object: alice.iri });
      await bob.act({ type: "Follow", object: group.iri });
      const text = 'Quote " apostrophe \' backslash \\ {"json": null} тест 漢字 🦔\u2028 line';
      const post = await alice.note(text, { to: [PUBLIC], cc: [alice.followers] });
      await alice.note("In the group", toGroup(group));
      await bob.act({ type: "Like", object: post });
      await before.worker.drain();
      const home = await bob.home();
      const collections = await before.opened.db.one<{ most: number }>(
        raw("SELECT max(key) AS most FROM collection"),
      );
      await before.stop();

      const to = await empty();
      const { tables, keptAt } = await carryToPostgres({ from, to, now: systemNow });
      expect(tables.get("account")).toBe(2);
      expect([existsSync(from), existsSync(`${from}-wal`), existsSync(keptAt)]).toEqual([false, false, true]);

      const db = await openDb({ url: to });
      before.clock.advance(60_000);
      const after = await testApp(on(db), { clock: before.clock });
      const { accounts, search } = after.opened;
      await accounts.signIn({ login: "alice", password: PASSWORD }, { addressPrefix: "x", agent: "" });
      expect((await after.ask("/", { headers: { cookie: bob.cookie } })).status).toBe(200);
      const { items } = await after.queries.home(bob.key, { limit: 20 });
      expect(items.map(({ object }) => object.contentHtml.replace(/<[^>]*>/g, ""))).toEqual([...home]);
      expect(home.join()).toContain("тест 漢字 🦔");
      const liked = (await after.federation.look.find(post))?.key ?? 0;
      expect((await after.queries.object(liked, bob.key))?.counts.likes).toBe(1);
      await search.drain();
      expect((await after.queries.searchPeople("ali", bob.key, 5)).map(({ iri }) => iri)).toEqual([
        alice.iri,
      ]);

      // What is made from now on gets numbers that are free.
      const carol = await person(after, "carol");
      await carol.act({ type: "Follow", object: alice.iri });
      await carol.note("New here", { to: [PUBLIC] });
      const made = await db.one<{ least: number }>(
        sql`SELECT min(key) AS least FROM collection WHERE owner = ${carol.key}`,
      );
      expect(made?.least).toBeGreaterThan(collections?.most ?? 0);

      const back = join(folder, "back.db");
      const returned = await carryToSqlite({ from: to, to: back, now: systemNow });
      expect(returned.tables.get("account")).toBe(3);
      before.clock.advance(60_000);
      const again = await testApp(on(await openDb({ url: back })), { clock: before.clock });
      const page = await again.queries.home(bob.key, { limit: 20 });
      expect(page.items.map(({ object }) => object.contentHtml.replace(/<[^>]*>/g, ""))).toEqual([...home]);
      const dora = await person(again, "dora");
      await dora.act({ type: "Follow", object: carol.iri });
      expect(await again.opened.db.all(raw("PRAGMA foreign_key_check"))).toEqual([]);
      await again.opened.search.drain();
      expect((await again.queries.searchPeople("caro", dora.key, 5)).map(({ iri }) => iri)).toEqual([
        carol.iri,
      ]);
    });

    test("nothing is carried back while a server is at work, and no file is left", async () => {
      const from = await empty();
      const server = await openDb({ url: from, node: { number: 3, isTaken: () => {} } });
      const to = join(folder, "none.db");
      expect(await refused(carryToSqlite({ from, to, now: systemNow }))).toMatchObject({ code: "conflict" });
      await server.stop();
      expect((await readdir(folder)).filter((name) => name.startsWith("none"))).toEqual([]);
    });

    test("a database that is in use is refused, and both stay as they were", async () => {
      const from = await embedded("again.db");
      const to = await empty();
      const used = await openDb({ url: to });
      await testApp(on(used));
      const rows = () => used.one(raw("SELECT count(*) AS many FROM object"));
      const before = await rows();
      expect(await refused(carryToPostgres({ from, to, now: systemNow }))).toMatchObject({
        code: "conflict",
        detail: { reason: "in-use" },
      });
      expect([existsSync(from), await rows()]).toEqual([true, before]);
    });

    test("rows that lead nowhere are refused, and nothing is half carried", async () => {
      const from = await embedded("damaged.db");
      const broken = await openDb({ url: from });
      await broken.batch([
        raw("INSERT INTO object (key, iri, host) VALUES (1, 'https://there.test/1', 0)"),
        raw("INSERT INTO collection (key, owner, name) VALUES (1, 1, 'posts')"),
      ]);
      await broken.stop();
      const { Database } = await import("bun:sqlite");
      const database = new Database(from);
      database.run("PRAGMA foreign_keys = OFF");
      database.run("DELETE FROM object");
      database.close();
      const to = await empty();
      expect(await refused(carryToPostgres({ from, to, now: systemNow }))).toMatchObject({ code: "invalid" });
      expect(existsSync(from)).toBe(true);
      const target = await openDb({ url: to });
      expect(await target.one(raw("SELECT count(*) AS many FROM collection"))).toEqual({ many: 0 });
      expect(
        await refused(target.batch([raw("INSERT INTO collection (key, owner, name) VALUES (1, 1, 'x')")])),
      ).toMatchObject({ code: "invalid" });
      await target.stop();
    });
  },
  ["postgres"],
);
