/** Jobs run once in effect, are tried again, and are never lost. */
import { beforeEach, expect, test } from "bun:test";
import { Problem } from "../lib/problem.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { jobMigrations, type Workshop, workshop } from "../testing/jobs.ts";
import { backOff, givingUp, type Job, later } from "./job.ts";
import { countJobs, discard, findFailed, finish, retryNow, sweepFailed } from "./store.ts";

const effects = {
  name: "0001_effects",
  sql: "CREATE TABLE effect (key {serial}, name TEXT NOT NULL UNIQUE)",
};
const effect = (name: unknown) => sql`INSERT INTO effect (name) VALUES (${String(name)})`;

eachEngine((engine) => {
  let db: Db;
  let shop: Workshop;
  const done = async () =>
    (await db.all<{ name: string }>(sql`SELECT name FROM effect ORDER BY key`)).map(({ name }) => name);
  const enqueue = (...names: string[]) =>
    db.batch(names.map((payload) => shop.queue.enqueue({ kind: "note", payload })));
  const left = async () => (await db.one<{ n: number }>(sql`SELECT count(*) AS n FROM job`))?.n;

  beforeEach(async () => {
    db = await engine.freshDb([effects, ...jobMigrations]);
    shop = workshop(db);
  });

  test("a job runs after the commit of the batch that holds it, and only then", async () => {
    const worker = shop.worker({ note: { run: async ({ payload }) => [effect(payload)] } });
    await db.batch([effect("cause"), shop.queue.enqueue({ kind: "note", payload: "a" })]);
    const failing = db.batch([shop.queue.enqueue({ kind: "note", payload: "b" }), effect("cause")]);
    await expect(failing).rejects.toThrow(Problem);
    await worker.drain();
    expect(await done()).toEqual(["cause", "a"]);
    expect(await left()).toBe(0);
  });

  test("a payload arrives as it was given", async () => {
    const payload = { to: ["https://b.test/inbox"], key: 2 ** 52 + 1, text: "“ä\n", none: null };
    const seen: unknown[] = [];
    await db.batch([shop.queue.enqueue({ kind: "note", payload })]);
    await shop
      .worker({
        note: {
          run: async (job) => {
            seen.push(job.payload);
            return [];
          },
        },
      })
      .drain();
    expect(seen).toEqual([payload]);
  });

  test("a job that is due later waits for its time", async () => {
    const worker = shop.worker({ note: { run: async ({ payload }) => [effect(payload)] } });
    await db.batch([
      shop.queue.enqueue({ kind: "note", payload: "later", dueMs: shop.clock.now() + 5000 }),
      shop.queue.enqueue({ kind: "note", payload: "now" }),
    ]);
    await worker.drain();
    expect(await done()).toEqual(["now"]);
    shop.clock.advance(4999);
    await worker.drain();
    expect(await done()).toEqual(["now"]);
    shop.clock.advance(1);
    await worker.drain();
    expect(await done()).toEqual(["now", "later"]);
  });

  test("a name is enqueued once while it waits, and again after it ran", async () => {
    const once = (payload: string) => shop.queue.enqueue({ kind: "note", payload, once: "refresh:alice" });
    const worker = shop.worker({ note: { run: async ({ payload }) => [effect(payload)] } });
    await Promise.all([db.batch([once("a"), once("b")]), db.batch([once("c")])]);
    await worker.drain();
    expect((await done()).length).toBe(1);
    await db.batch([once("d")]);
    await worker.drain();
    expect((await done()).length).toBe(2);
  });

  test("many are enqueued in few statements", async () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${i}`);
    const statements = shop.queue.enqueueAll(names.map((payload) => ({ kind: "note", payload })));
    expect(statements.length).toBe(22);
    await db.batch(statements);
    await shop.worker({ note: { run: async ({ payload }) => [effect(payload)] } }).drain();
    expect((await done()).sort()).toEqual(names.sort());
  });

  test("what failed is tried again when the policy says, and then buried with its error", async () => {
    const tries: number[] = [];
    const worker = shop.worker({
      note: {
        run: async (job) => {
          tries.push(job.tries);
          throw new Error("No route to b.test");
        },
        retry: (count) => (count < 3 ? count * 10_000 : null),
      },
    });
    await enqueue("a");
    await worker.drain();
    shop.clock.advance(9999);
    await worker.drain();
    expect(tries).toEqual([0]);
    shop.clock.advance(1);
    await worker.drain();
    shop.clock.advance(20_000);
    await worker.drain();
    shop.clock.advance(1_000_000);
    await worker.drain();
    expect(tries).toEqual([0, 1, 2]);
    const [failed] = await findFailed(db, { limit: 10 });
    expect(failed).toMatchObject({ kind: "note", lane: "", tries: 3 });
    expect(failed?.lastError).toContain("No route to b.test");
    expect(await countJobs(db)).toEqual([{ kind: "note", waiting: 0, running: 0, failed: 1, oldest: null }]);
  });

  test("a handler may name the time of the next try, or give up at once", async () => {
    let runs = 0;
    const worker = shop.worker({
      note: {
        run: async ({ payload }) => {
          runs++;
          if (payload === "gone") throw givingUp("410 Gone");
          throw later(30_000, "429 Too Many Requests");
        },
      },
    });
    await enqueue("gone", "slow");
    await worker.drain();
    expect((await findFailed(db, { limit: 10 })).map(({ lastError }) => lastError)).toEqual(["410 Gone"]);
    shop.clock.advance(29_999);
    await worker.drain();
    expect(runs).toBe(2);
    shop.clock.advance(1);
    await worker.drain();
    expect(runs).toBe(3);
  });

  test("a person can run what was given up again, or let it go", async () => {
    let isBroken = true;
    const worker = shop.worker({
      note: {
        run: async ({ payload }) => {
          if (isBroken) throw givingUp("broken");
          return [effect(payload)];
        },
      },
    });
    await enqueue("a", "b");
    await worker.drain();
    isBroken = false;
    const [newer, older] = await findFailed(db, { limit: 10 });
    expect(await findFailed(db, { limit: 10, beforeKey: newer?.key ?? 0 })).toEqual(older ? [older] : []);
    await db.batch([retryNow(older?.key ?? 0, shop.clock.now()), discard(newer?.key ?? 0)]);
    await worker.drain();
    expect(await done()).toEqual(["a"]);
    expect(await left()).toBe(0);
  });

  test("what was given up is forgotten after a while, and sooner where there is very much of it", async () => {
    const worker = shop.worker({
      note: {
        async run() {
          throw givingUp("broken");
        },
      },
    });
    await enqueue("old");
    await worker.drain();
    shop.clock.advance(10_000);
    const nowMs = shop.clock.now();
    await enqueue("b", "c", "d");
    await worker.drain();
    await enqueue("waiting");
    const lefts = async () => (await findFailed(db, { limit: 10 })).length;
    await db.batch(sweepFailed(nowMs - 20_000, 4));
    expect(await lefts()).toBe(4);
    await db.batch(sweepFailed(nowMs, 4));
    expect(await lefts()).toBe(3);
    const [newest] = await findFailed(db, { limit: 10 });
    await db.batch(sweepFailed(nowMs, 1));
    expect(await findFailed(db, { limit: 10 })).toEqual(newest ? [newest] : []);
    expect(await left()).toBe(2);
  });

  test("when the effect cannot be committed, the job has not ended", async () => {
    const worker = shop.worker({ note: { run: async () => [effect("same")], retry: () => null } });
    await enqueue("a", "b");
    await worker.drain();
    expect(await done()).toEqual(["same"]);
    expect((await findFailed(db, { limit: 10 })).length).toBe(1);
  });

  test("a handler can end its job in its own batch", async () => {
    const worker = shop.worker({
      note: {
        run: async (job) => {
          await db.batch([effect(job.payload), finish(job)]);
          return "finished";
        },
      },
    });
    await enqueue("a");
    await worker.drain();
    expect(await done()).toEqual(["a"]);
    expect(await left()).toBe(0);
  });

  test("a job whose worker died between the work and its end runs again, and has one effect", async () => {
    let runs = 0;
    const dead = Promise.withResolvers<void>();
    // Claimed and at work, but never to end: what `kill -9` leaves behind.
    const dying = shop.worker({
      note: {
        run: () => {
          runs++;
          dead.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    await enqueue("a");
    void dying.drain();
    await dead.promise;
    const next = shop.worker({
      note: {
        run: async ({ payload }) => {
          runs++;
          return [effect(payload)];
        },
      },
    });
    await next.drain();
    expect(await done()).toEqual([]);
    shop.clock.advance(61_000);
    await next.start();
    await next.drain();
    await next.stop();
    expect([runs, await done(), await left()]).toEqual([2, ["a"], 0]);
  });

  test("a worker that was taken for dead cannot commit what another does by now", async () => {
    const stalled = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<Job>();
    const slow = shop.worker({
      note: {
        run: async (job) => {
          begun.resolve(job);
          await stalled.promise;
          return [effect("slow")];
        },
      },
    });
    await enqueue("a");
    const slowly = slow.drain();
    await begun.promise;
    shop.clock.advance(61_000);
    const other = shop.worker({ note: { run: async () => [effect("other")] } });
    await other.start();
    await other.drain();
    await other.stop();
    stalled.resolve();
    await slowly;
    expect(await done()).toEqual(["other"]);
    expect(shop.warnings()[0]?.message).toContain("another worker did it");
  });

  test("what runs holds on to its job for as long as it takes", async () => {
    const stalled = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let runs = 0;
    const slow = shop.worker({
      note: {
        run: async ({ payload }) => {
          runs++;
          begun.resolve();
          await stalled.promise;
          return [effect(payload)];
        },
      },
    });
    await enqueue("a");
    const slowly = slow.drain();
    await begun.promise;
    for (let i = 0; i < 6; i++) {
      shop.clock.advance(21_000);
      await slow.keepLeases();
    }
    const other = shop.worker({ note: { run: async () => [effect("other")] } });
    await other.keepLeases();
    await other.drain();
    stalled.resolve();
    await slowly;
    expect([runs, await done()]).toEqual([1, ["a"]]);
  });

  test("what a dead worker held is taken over as soon as its lease is over, before everything is looked at", async () => {
    const taken: string[] = [];
    const other = shop.worker({
      note: {
        run: async ({ payload }) => {
          taken.push(String(payload));
          return [];
        },
      },
    });
    await other.start();
    const elsewhere = workshop(db);
    const begun = Promise.withResolvers<void>();
    const dead = elsewhere.worker({
      note: {
        run: () => {
          begun.resolve();
          return new Promise(() => {});
        },
      },
    });
    await db.batch([elsewhere.queue.enqueue({ kind: "note", lane: "a.test", line: "ada", payload: "a" })]);
    void dead.drain();
    await begun.promise;
    shop.clock.advance(60_000);
    await other.drain();
    expect(taken).toEqual([]);
    shop.clock.advance(20_000);
    await other.keepLeases();
    expect(taken).toEqual(["a"]);
    await other.stop();
  });

  test("two workers share the work and do each job once", async () => {
    const other = await engine.sibling(db);
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
    await db.batch(shop.queue.enqueueAll(names.map((payload) => ({ kind: "note", payload }))));
    const by: string[] = [];
    const worker = (who: string, on: Db) =>
      shop.worker(
        {
          note: {
            run: async ({ payload }) => {
              by.push(who);
              return [effect(payload)];
            },
          },
        },
        on,
      );
    await Promise.all([worker("one", db).drain(), worker("two", other).drain()]);
    expect((await done()).sort()).toEqual(names.sort());
    expect(by.length).toBe(300);
  });

  test("a started worker wakes when something is enqueued, and stopping leaves the rest", async () => {
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const worker = shop.worker({
      note: {
        concurrency: 2,
        run: async ({ payload }) => {
          if (payload === "b") begun.resolve();
          await mayEnd.promise;
          return [effect(payload)];
        },
      },
    });
    await worker.start();
    await enqueue("a", "b", "c", "d", "e");
    await begun.promise;
    const stopped = worker.stop();
    mayEnd.resolve();
    await stopped;
    expect((await done()).sort()).toEqual(["a", "b"]);
    expect(await countJobs(db)).toMatchObject([{ waiting: 3, running: 0, failed: 0 }]);
    await shop.worker({ note: { run: async ({ payload }) => [effect(payload)] } }).drain();
    expect((await done()).sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("kinds that nobody here knows are left alone", async () => {
    await db.batch([shop.queue.enqueue({ kind: "from the future", payload: 1 })]);
    await shop.worker({ note: { run: async () => [] } }).drain();
    expect(await countJobs(db)).toMatchObject([{ kind: "from the future", waiting: 1 }]);
  });
});

test("delays grow with each try, differ a little, stay below the longest, and end with the job's age", () => {
  const options = { firstMs: 1000, factor: 2, maxMs: 60_000, giveUpAfterMs: 1_000_000 };
  const exact = backOff({ ...options, random: () => 0.5 });
  expect([1, 2, 3, 10].map((tries) => exact(tries, 0))).toEqual([1000, 2000, 4000, 60_000]);
  expect(backOff({ ...options, random: () => 0 })(1, 0)).toBe(800);
  expect(backOff({ ...options, random: () => 0.999 })(1, 0)).toBe(1200);
  expect(exact(2, 1_000_000)).toBeNull();
});
