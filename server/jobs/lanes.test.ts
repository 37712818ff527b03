/** Nobody waits for a full lane, and nobody takes more than allowed. */
import { beforeEach, expect, test } from "bun:test";
import { HOUR_MS } from "../lib/durations.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { jobMigrations, type Workshop, workshop } from "../testing/jobs.ts";
import { later } from "./job.ts";
import { countJobs } from "./store.ts";

eachEngine((engine) => {
  let db: Db;
  let shop: Workshop;
  const enqueue = (kind: string, lane: string, count: number) =>
    db.batch(shop.queue.enqueueAll(Array.from({ length: count }, (_, i) => ({ kind, lane, payload: i }))));
  beforeEach(async () => {
    db = await engine.freshDb(jobMigrations);
    shop = workshop(db);
  });

  test("ten jobs of one lane do not wait for ten thousand of another", async () => {
    await enqueue("deliver", "big.test", 10_000);
    await enqueue("deliver", "small.test", 10);
    const order: string[] = [];
    const running = new Map<string, number>();
    const smallDone = Promise.withResolvers<void>();
    let most = 0;
    const worker = shop.worker({
      deliver: {
        concurrency: 16,
        perLane: 4,
        run: async ({ lane }) => {
          const count = (running.get(lane) ?? 0) + 1;
          running.set(lane, count);
          most = Math.max(most, count);
          await db.one(sql`SELECT key FROM job LIMIT 1`);
          running.set(lane, (running.get(lane) ?? 0) - 1);
          order.push(lane);
          if (order.filter((name) => name === "small.test").length === 10) smallDone.resolve();
          return [];
        },
      },
    });
    await worker.start();
    await smallDone.promise;
    await worker.stop();
    expect(order.length).toBeLessThan(200);
    expect(most).toBe(4);
    expect(await countJobs(db)).toMatchObject([{ waiting: 10_010 - order.length, running: 0 }]);
  });

  test("a lane that never answers holds its own places only", async () => {
    const mayEnd = Promise.withResolvers<void>();
    const ended: string[] = [];
    const allOthers = Promise.withResolvers<void>();
    const worker = shop.worker({
      deliver: {
        concurrency: 6,
        perLane: 2,
        run: async ({ lane }) => {
          if (lane === "stuck.test") await mayEnd.promise;
          ended.push(lane);
          if (ended.length === 60) allOthers.resolve();
          return [];
        },
      },
    });
    await enqueue("deliver", "stuck.test", 50);
    for (let i = 0; i < 20; i++) await enqueue("deliver", `n${i}.test`, 3);
    const drained = worker.drain();
    await allOthers.promise;
    expect(ended).not.toContain("stuck.test");
    mayEnd.resolve();
    await drained;
    expect(ended.length).toBe(110);
  });

  test("a kind that is busy does not keep another from running", async () => {
    const mayEnd = Promise.withResolvers<void>();
    const other = Promise.withResolvers<void>();
    const worker = shop.worker({
      slow: { concurrency: 2, run: () => mayEnd.promise.then(() => []) },
      quick: {
        run: async () => {
          other.resolve();
          return [];
        },
      },
    });
    await enqueue("slow", "", 500);
    await enqueue("quick", "", 1);
    const drained = worker.drain();
    await other.promise;
    mayEnd.resolve();
    await drained;
    expect(await countJobs(db)).toEqual([]);
  });

  test("a paused lane rests, then sends one probe, and goes on once that succeeds", async () => {
    let isUp = false;
    const tried: string[] = [];
    const worker = shop.worker({
      deliver: {
        perLane: 4,
        run: async ({ lane }) => {
          tried.push(lane);
          if (lane === "down.test" && !isUp) throw later(60_000, "timeout", { pauseMs: 60_000 });
          return [];
        },
      },
    });
    await enqueue("deliver", "down.test", 20);
    await enqueue("deliver", "up.test", 5);
    await worker.drain();
    const atFirst = tried.filter((lane) => lane === "down.test").length;
    expect(atFirst).toBeLessThanOrEqual(4);
    expect(tried.length - atFirst).toBe(5);
    await worker.drain();
    expect(tried.length).toBe(atFirst + 5);
    shop.clock.advance(60_000);
    await worker.drain();
    expect(tried.length).toBe(atFirst + 6);
    isUp = true;
    shop.clock.advance(60_000);
    await worker.drain();
    shop.clock.advance(1_000_000);
    await worker.drain();
    expect(await countJobs(db)).toEqual([]);
    expect(tried.length).toBe(atFirst + 6 + 20);
  });

  test("a pause lasts no longer where the clock is set back meanwhile", async () => {
    const ran: number[] = [];
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          ran.push(Number(payload));
          return [];
        },
      },
    });
    worker.pause("deliver", "a.test", shop.clock.now() + 1000);
    shop.clock.advance(-HOUR_MS);
    await enqueue("deliver", "a.test", 1);
    await worker.drain();
    expect(ran).toEqual([]);
    shop.clock.advance(1000);
    await worker.drain();
    expect(ran).toEqual([0]);
  });

  test("a lane that was paused and emptied meanwhile works as before", async () => {
    const ran: number[] = [];
    const worker = shop.worker({
      deliver: {
        run: async ({ payload }) => {
          ran.push(Number(payload));
          return [];
        },
      },
    });
    await enqueue("deliver", "a.test", 3);
    worker.pause("deliver", "a.test", shop.clock.now() + 1000);
    await worker.drain();
    expect(ran).toEqual([]);
    await db.batch([sql`DELETE FROM job`]);
    shop.clock.advance(1000);
    await worker.drain();
    await enqueue("deliver", "a.test", 3);
    await worker.drain();
    expect(ran).toEqual([0, 1, 2]);
  });
});
