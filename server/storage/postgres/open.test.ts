/** What only PostgreSQL does: refuse a wrong database, give way and try again, be away. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { expecting, raw, sql } from "../../lib/sql.ts";
import { type PostgresForTests, postgresForTests } from "../../testing/postgres.ts";
import { openPostgres } from "./open.ts";

describe.skipIf(!process.env.TEST_ENGINES?.includes("postgres"))("postgres", () => {
  let postgres: PostgresForTests;
  beforeAll(async () => {
    postgres = postgresForTests();
    await postgres.start();
  });
  afterAll(() => postgres.dropAll());

  test("a database that sorts by a language is refused, with the way to make a right one", async () => {
    const url = await postgres.create({ locale: "C.UTF-8" });
    await expect(openPostgres({ url })).rejects.toMatchObject({ code: "invalid" });
    await expect(openPostgres({ url })).rejects.toThrow("--locale=C");
  });

  test("a server that does not answer is said to be away, without its password", async () => {
    const opening = openPostgres({ url: "postgres://someone:secret@127.0.0.1:1/nothing" });
    await expect(opening).rejects.toMatchObject({ code: "unavailable" });
    await opening.catch((error) => expect(String(error)).not.toContain("secret"));
  });

  test("what PostgreSQL does not take of the address is told in its words, without the password", async () => {
    const good = await postgres.create();
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(good);
      change(url);
      return url.href;
    };
    const mistaken: [url: string, says: string][] = [
      [changed((url) => Object.assign(url, { username: "nobody", password: "secret" })), "nobody"],
      [changed((url) => Object.assign(url, { pathname: "/no-such-place" })), "no-such-place"],
      [changed((url) => url.searchParams.set("colour", "green")), "colour"],
    ];
    for (const [url, says] of mistaken) {
      const refused = await openPostgres({ url }).catch((error: Error) => error);
      expect(refused).toMatchObject({ code: "invalid" });
      expect(String(refused)).toContain("PostgreSQL refuses what database_url says");
      expect(String(refused)).toContain(says);
      expect(String(refused)).not.toContain("secret");
    }
  });

  test("a user who may not write is told so, and how to mend it", async () => {
    const url = new URL(await postgres.create());
    const owner = new SQL(url.href, { max: 1 });
    const role = `reader_${url.pathname.slice(1)}`;
    await owner.unsafe(`CREATE ROLE ${role} LOGIN`);
    const db = await openPostgres({ url: Object.assign(url, { username: role }).href });
    const made = db.batch([sql`CREATE TABLE thing (key BIGINT PRIMARY KEY)`]);
    await expect(made).rejects.toThrow("may not write there");
    await db.stop();
    await owner.unsafe(`DROP ROLE ${role}`);
    await owner.close();
  });

  test("a number of connections that is none is refused, with those that are", async () => {
    for (const limit of ["0", "1", "many", "2.5", "501", ""]) {
      const url = `postgres://someone@127.0.0.1:1/nothing?connection_limit=${limit}`;
      const refused = await openPostgres({ url }).catch((error: Error) => error);
      expect(refused).toMatchObject({ code: "invalid" });
      expect(String(refused)).toContain("from 2 to 500");
    }
  });

  test("no more connections are made than the address allows, however much is asked at once", async () => {
    const url = await postgres.create();
    const db = await openPostgres({ url: `${url}?connection_limit=3` });
    const asked = Array.from({ length: 40 }, (_, i) => db.all(sql`SELECT ${i} AS number, pg_sleep(0.002)`));
    await Promise.all(asked);
    const [found] = await db.all<{ n: number }>(
      sql`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()`,
    );
    expect(found?.n).toBe(3);
    await db.stop();
  });

  test("batches that lock the same rows the other way round both come through", async () => {
    const url = await postgres.create();
    const first = await openPostgres({ url });
    const name = new URL(url).pathname.slice(1);
    await first.batch([raw(`ALTER DATABASE ${name} SET deadlock_timeout = '10ms'`)]);
    await first.stop();
    const db = await openPostgres({ url });
    await db.batch([
      sql`CREATE TABLE thing (key BIGINT PRIMARY KEY, size BIGINT NOT NULL)`,
      sql`INSERT INTO thing (key, size) VALUES (${1}, ${0}), (${2}, ${0})`,
    ]);
    const add = (key: number) => sql`UPDATE thing SET size = size + ${1} WHERE key = ${key}`;
    const otherwise = () => new Error("The row is gone.");
    const batches = Array.from({ length: 20 }, (_, i) => {
      const [one, other] = i % 2 === 0 ? [1, 2] : [2, 1];
      return db.batch([expecting(1, add(one ?? 0), otherwise), add(other ?? 0)]);
    });
    await Promise.all(batches);
    expect(await db.all(sql`SELECT size FROM thing`)).toEqual([{ size: 20 }, { size: 20 }]);
    await db.stop();
  });

  test("a connection that is cut is replaced, and its batch is refused or done, never half", async () => {
    const url = await postgres.create();
    const db = await openPostgres({ url: `${url}?connection_limit=2` });
    await db.batch([sql`CREATE TABLE thing (key BIGINT PRIMARY KEY)`]);
    const admin = new SQL(url, { max: 1 });
    await admin.unsafe(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await admin.close();
    const put = (key: number) => sql`INSERT INTO thing (key) VALUES (${key})`;
    const tried = await Promise.allSettled([db.batch([put(1), put(2)]), db.batch([put(3), put(4)])]);
    for (const each of tried)
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "unavailable" });
    await db.batch([put(5), put(6)]);
    const keys = (await db.all<{ key: number }>(sql`SELECT key FROM thing ORDER BY key`)).map(
      ({ key }) => key,
    );
    const done = tried.flatMap(({ status }, i) => (status === "fulfilled" ? [2 * i + 1, 2 * i + 2] : []));
    expect(keys).toEqual([...done, 5, 6]);
    await db.stop();
  });

  test("a database that may not be written says so, and not that its disk is full", async () => {
    const url = await postgres.create();
    const first = await openPostgres({ url });
    await first.batch([raw("CREATE TABLE thing (key BIGINT PRIMARY KEY)")]);
    await first.batch([
      raw(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`),
    ]);
    await first.stop();
    const db = await openPostgres({ url });
    const refused = db.batch([sql`INSERT INTO thing (key) VALUES (${1})`]);
    await expect(refused).rejects.toMatchObject({ code: "unavailable" });
    await expect(refused).rejects.toThrow("takes no changes");
    await db.stop();
  });

  test("a server learns that another has its number, and is not told so by a command or its own connections", async () => {
    const url = await postgres.create();
    const taken: string[] = [];
    const node = (number: number, who: string) => ({ number, isTaken: () => void taken.push(who) });
    const first = await openPostgres({ url, node: node(1, "first") });
    await Promise.all([1, 2, 3].map((i) => first.all(sql`SELECT ${i} AS number, pg_sleep(0.01)`)));
    const command = await openPostgres({ url });
    const other = await openPostgres({ url, node: node(11, "other") });
    expect(taken).toEqual([]);
    const twin = await openPostgres({ url, node: node(1, "twin") });
    expect(taken).toEqual(["twin"]);
    await Promise.all([first, command, other, twin].map((db) => db.stop()));
  });

  test("who listens is told when words may have been lost, and hears again", async () => {
    const url = await postgres.create();
    const [here, there] = [await openPostgres({ url }), await openPostgres({ url })];
    const heard = Promise.withResolvers<string>();
    const missed = Promise.withResolvers<void>();
    let isMissed = false;
    await here.listen("news", heard.resolve, () => {
      isMissed = true;
      missed.resolve();
    });
    expect(isMissed).toBe(false);
    const admin = new SQL(url, { max: 1 });
    await admin.unsafe(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    await admin.close();
    await missed.promise;
    there.notify("news", "told");
    expect(await heard.promise).toBe("told");
    await Promise.all([here.stop(), there.stop()]);
  });
});
