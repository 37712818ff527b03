/** Within a lane, the jobs of one line run in order, also across failures; lines do not wait for each other. */
import { beforeEach, expect, test } from "bun:test";
import { systemNow } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { eachEngine } from "../testing/engines.ts";
import { jobMigrations, type Workshop, workshop } from "../testing/jobs.ts";
import { givingUp, later } from "./job.ts";
import { claim, countJobs, findAllDueLanes } from "./store.ts";

const LANE = "b.test";

eachEngine((engine) => {
  let db: Db;
  let shop: Workshop;
  beforeEach(async () => {
    db = await engine.freshDb(jobMigrations);
    shop = workshop(db);
  });

  const enqueue = (line: string, names: readonly string[], lane = LANE) =>
    db.batch(shop.queue.enqueueAll(names.map((payload) => ({ kind: "deliver", lane, line, payload }))));
  const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`);

  test("jobs of one line run one after the other as they were enqueued", async () => {
    const ran: string[] = [];
    let running = 0;
    let most = 0;
    const worker = shop.worker({
      deliver: {
        perLane: 4,
        run: async ({ payload }) => {
          most = Math.max(most, ++running);
          await db.one(sql`SELECT key FROM job LIMIT 1`);
          ran.push(String(payload));
          running--;
          return [];
        },
      },
    });
    const names = numbered("a", 30);
    await enqueue("alice", names);
    await worker.drain();
    expect(ran).toEqual(names);
    expect(most).toBe(1);
  });

  test("one that failed holds back the next ones of its line, and no other line", async () => {
    const ran: string[] = [];
    let isBroken = true;
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          if (payload === "create" && isBroken) throw later(10_000, "500");
          ran.push(String(payload));
          return [];
        },
      },
    });
    await enqueue("alice", ["create", "update", "delete"]);
    await enqueue("bob", ["other"]);
    await enqueue("alice", ["elsewhere"], "c.test");
    await worker.drain();
    expect(ran.sort()).toEqual(["elsewhere", "other"]);
    // Those behind it are not held either: another worker may go on with the line.
    expect(await countJobs(db)).toMatchObject([{ waiting: 3, running: 0 }]);
    shop.clock.advance(5_000);
    await enqueue("alice", ["later"]);
    await worker.drain();
    expect(ran).toHaveLength(2);
    isBroken = false;
    shop.clock.advance(5_000);
    await worker.drain();
    expect(ran.slice(2)).toEqual(["create", "update", "delete", "later"]);
  });

  test("what waits together in a line is claimed together, a few at a time", async () => {
    const held: number[] = [];
    const worker = shop.worker({
      deliver: {
        run: async () => {
          const row = await db.one<{ held: number }>(
            sql`SELECT count(*) AS held FROM job WHERE lease IS NOT NULL`,
          );
          held.push(row?.held ?? 0);
          return [];
        },
      },
    });
    await enqueue("alice", numbered("a", 20));
    await worker.drain();
    expect(held).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 4, 3, 2, 1]);
  });

  test("a line stops between two jobs where its lane is paused, and goes on in order afterwards", async () => {
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const ran: string[] = [];
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          begun.resolve();
          await mayEnd.promise;
          ran.push(String(payload));
          return [];
        },
      },
    });
    const names = numbered("a", 5);
    await enqueue("alice", names);
    const drained = worker.drain();
    await begun.promise;
    worker.pause("deliver", LANE, shop.clock.now() + 1_000);
    mayEnd.resolve();
    await drained;
    expect(ran).toEqual(["a0"]);
    expect(await countJobs(db)).toMatchObject([{ waiting: 4, running: 0 }]);
    shop.clock.advance(1_000);
    await worker.drain();
    expect(ran).toEqual(names);
  });

  test("a server that stops ends the job that runs and gives back those behind it", async () => {
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const ran: string[] = [];
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          begun.resolve();
          await mayEnd.promise;
          ran.push(String(payload));
          return [];
        },
      },
    });
    await enqueue("alice", numbered("a", 5));
    await worker.start();
    await begun.promise;
    const stopped = worker.stop();
    mayEnd.resolve();
    await stopped;
    expect(ran).toEqual(["a0"]);
    expect(await countJobs(db)).toMatchObject([{ waiting: 4, running: 0 }]);
  });

  test("one that is given up releases the next", async () => {
    const ran: string[] = [];
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          if (payload === "bad") throw givingUp("410");
          ran.push(String(payload));
          return [];
        },
      },
    });
    await enqueue("alice", ["bad", "good", "bad", "better"]);
    await worker.drain();
    expect(ran).toEqual(["good", "better"]);
    expect(await countJobs(db)).toMatchObject([{ waiting: 0, running: 0, failed: 2 }]);
  });

  test("a thousand of one line do not delay a single one of another", async () => {
    const order: string[] = [];
    const bob = Promise.withResolvers<void>();
    const worker = shop.worker({
      deliver: {
        perLane: 2,
        run: async ({ line }) => {
          order.push(line ?? "");
          if (line === "bob") bob.resolve();
          await db.one(sql`SELECT key FROM job LIMIT 1`);
          return [];
        },
      },
    });
    await enqueue("alice", numbered("a", 1_000));
    await enqueue("bob", ["b"]);
    await worker.start();
    await bob.promise;
    await worker.stop();
    expect(order.indexOf("bob")).toBeLessThan(20);
  });

  test("lines share the places of their lane", async () => {
    let running = 0;
    let most = 0;
    const worker = shop.worker({
      deliver: {
        perLane: 3,
        run: async () => {
          most = Math.max(most, ++running);
          await db.one(sql`SELECT key FROM job LIMIT 1`);
          running--;
          return [];
        },
      },
    });
    for (const line of numbered("person", 20)) await enqueue(line, ["one", "two"]);
    await worker.drain();
    expect(most).toBe(3);
    expect(await countJobs(db)).toEqual([]);
  });

  test("after a pause one job of one line goes first", async () => {
    let isUp = false;
    const tried: string[] = [];
    const worker = shop.worker({
      deliver: {
        perLane: 4,
        run: async ({ payload }) => {
          tried.push(String(payload));
          if (!isUp) throw later(1_000, "timeout", { pauseMs: 60_000 });
          return [];
        },
      },
    });
    for (const line of ["alice", "bob", "carol"]) await enqueue(line, [`${line} 1`, `${line} 2`]);
    await worker.drain();
    const before = tried.length;
    expect(before).toBeLessThanOrEqual(3);
    shop.clock.advance(60_000);
    await worker.drain();
    expect(tried).toHaveLength(before + 1);
    isUp = true;
    shop.clock.advance(60_000);
    await worker.drain();
    expect(tried).toHaveLength(before + 1 + 6);
    for (const line of ["alice", "bob", "carol"]) {
      expect(tried.lastIndexOf(`${line} 1`)).toBeLessThan(tried.lastIndexOf(`${line} 2`));
    }
  });

  test("a lane that is woken begins at once, however long its jobs are due, and waking it again costs nothing", async () => {
    const mayBegin = Promise.withResolvers<void>();
    const allDone = Promise.withResolvers<void>();
    const ran: string[] = [];
    const worker = shop.worker({
      deliver: {
        perLane: 2,
        run: async ({ line, payload }) => {
          await mayBegin.promise;
          ran.push(`${line} ${String(payload)}`);
          if (ran.length === 6) allDone.resolve();
          return [];
        },
      },
    });
    await worker.start();
    worker.pause("deliver", LANE, shop.clock.now() + HOUR_MS);
    for (const line of ["alice", "bob"]) await enqueue(line, ["1", "2", "3"]);
    shop.clock.advance(60_000);
    await worker.drain();
    expect(ran).toEqual([]);
    worker.wake("deliver", LANE);
    worker.wake("deliver", LANE);
    mayBegin.resolve();
    worker.wake("deliver", LANE);
    worker.wake("deliver", "unknown.test");
    await allDone.promise;
    await worker.stop();
    for (const line of ["alice", "bob"]) {
      expect(ran.filter((name) => name.startsWith(line))).toEqual(["1", "2", "3"].map((n) => `${line} ${n}`));
    }
  });

  test("two workers keep the order of a line between them", async () => {
    const other = await engine.sibling(db);
    const ran: string[] = [];
    const running = new Set<string>();
    let overlaps = 0;
    const worker = (on: Db) =>
      shop.worker(
        {
          deliver: {
            run: async ({ line, payload }) => {
              if (running.has(line ?? "")) overlaps++;
              running.add(line ?? "");
              await on.one(sql`SELECT key FROM job LIMIT 1`);
              ran.push(`${line} ${String(payload)}`);
              running.delete(line ?? "");
              return [];
            },
          },
        },
        on,
      );
    for (const line of ["alice", "bob"]) await enqueue(line, numbered("n", 40));
    const [one, two] = [worker(db), worker(other)];
    while ((await countJobs(db)).length > 0) await Promise.all([one.drain(), two.drain()]);
    expect(overlaps).toBe(0);
    for (const line of ["alice", "bob"]) {
      expect(ran.filter((name) => name.startsWith(line))).toEqual(numbered(`${line} n`, 40));
    }
  });

  test("a line that a dead worker held goes on in order", async () => {
    const begun = Promise.withResolvers<void>();
    const dying = shop.worker({
      deliver: {
        run: () => {
          begun.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    await enqueue("alice", ["create", "update"]);
    void dying.drain();
    await begun.promise;
    const ran: string[] = [];
    const next = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          ran.push(String(payload));
          return [];
        },
      },
    });
    await next.drain();
    expect(ran).toEqual([]);
    shop.clock.advance(61_000);
    await next.keepLeases();
    await next.drain();
    expect(ran).toEqual(["create", "update"]);
  });
});

test("the claim of a line, and the look for what is due, read indexes alone", async () => {
  const db = await openDb({ url: ":memory:" });
  await migrate({ db, migrations: jobMigrations, now: systemNow });
  const given = { kind: "deliver", lane: LANE, count: 8, nowMs: 1, leaseMs: 2 };
  for (const line of ["alice", null]) {
    const { text, values } = claim(db.dialect, { ...given, line });
    const steps = await db.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${text}`, values });
    // The few that were picked are looked through; no table is.
    const scanned = steps.filter(({ detail }) => /^SCAN (?!picked|f$|b$)|TEMP B-TREE/.test(detail));
    expect(scanned).toEqual([]);
    expect(steps.some(({ detail }) => detail.includes(line ? "job_in_line" : "job_in_lane"))).toBe(true);
  }
  await db.stop();
});

test("the look at everything that is due reads one job of each line", async () => {
  const db = await openDb({ url: ":memory:" });
  await migrate({ db, migrations: jobMigrations, now: systemNow });
  const shop = workshop(db);
  const job = (lane: string, line: string, dueMs = shop.clock.now()) =>
    shop.queue.enqueue({ kind: "deliver", lane, line, payload: 0, dueMs });
  const later = shop.clock.now() + 1;
  await db.batch([
    ...[
      job("a.test", "1"),
      job("a.test", "1"),
      job("a.test", "2"),
      job("b.test", "1", later),
      job("b.test", "1"),
    ],
    shop.queue.enqueue({ kind: "note", payload: 0 }),
  ]);
  const due = await findAllDueLanes(db, shop.clock.now());
  expect(due.map(({ kind, lane, line }) => `${kind} ${lane} ${line}`).sort()).toEqual([
    "deliver a.test 1",
    "deliver a.test 2",
    "note  null",
  ]);
  const heard: Sql[] = [];
  await findAllDueLanes(
    {
      ...db,
      all: (query: Sql) => {
        heard.push(query);
        return db.all(query);
      },
    } as Db,
    1,
  );
  const steps = await db.all<{ detail: string }>({
    text: `EXPLAIN QUERY PLAN ${heard[0]?.text}`,
    values: heard[0]?.values ?? [],
  });
  // Through an index from its beginning, for the first of all; a table is read as a whole nowhere.
  const scans = steps.filter(({ detail }) => /^SCAN (?!f\b|h\b)/.test(detail) && !/ INDEX /.test(detail));
  expect(scans).toEqual([]);
  await db.stop();
});
