/** Work that needs no row takes its turn among the jobs of its lane. */
import { beforeEach, expect, test } from "bun:test";
import type { Db } from "../storage/db.ts";
import { onSqlite } from "../testing/engines.ts";
import { jobMigrations, type Workshop, workshop } from "../testing/jobs.ts";
import type { Worker } from "./worker.ts";

onSqlite((engine) => {
  let db: Db;
  let shop: Workshop;
  let worker: Worker;
  let order: string[];
  const enqueue = (payload: string, lane = "a") =>
    db.batch([shop.queue.enqueue({ kind: "take", lane, payload })]);
  const note = (name: string) => async () => void order.push(name);

  beforeEach(async () => {
    db = await engine.freshDb(jobMigrations);
    shop = workshop(db);
    order = [];
    worker = shop.worker({
      take: {
        perLane: 1,
        run: async ({ payload }) => {
          order.push(String(payload));
          return [];
        },
      },
    });
  });

  test("it begins in the call, and gives what the work gives", async () => {
    await worker.drain();
    const given = worker.atOnce("take", "a", async () => {
      order.push("at once");
      return 7;
    });
    expect(order).toEqual(["at once"]);
    expect(await given).toBe(7);
  });

  test("what is enqueued while it goes on waits until it has ended", async () => {
    await worker.start();
    const held = Promise.withResolvers<void>();
    const ended = worker.atOnce("take", "a", async () => {
      await held.promise;
      order.push("at once");
    });
    expect(worker.atOnce("take", "a", note("overtaking"))).toBeNull();
    await enqueue("behind it");
    await enqueue("beside it", "b");
    await enqueue("beside it too", "b");
    expect(worker.atOnce("take", "a", note("overtaking"))).toBeNull();
    held.resolve();
    await ended;
    await worker.drain();
    await worker.stop();
    expect(order.filter((name) => !name.startsWith("beside"))).toEqual(["at once", "behind it"]);
    expect(order).toHaveLength(4);
  });

  test("a lane in which something waits is not free, and is again afterwards", async () => {
    await worker.drain();
    await enqueue("first");
    expect(worker.atOnce("take", "a", note("second"))).toBeNull();
    await worker.drain();
    await worker.atOnce("take", "a", note("third"));
    expect(order).toEqual(["first", "third"]);
  });

  test("a lane that rests is not free", async () => {
    await worker.drain();
    worker.pause("take", "a", shop.clock.now() + 1000);
    expect(worker.atOnce("take", "a", note("too early"))).toBeNull();
    await worker.atOnce("take", "b", note("elsewhere"));
    expect(order).toEqual(["elsewhere"]);
  });

  test("work that fails frees the lane", async () => {
    await worker.drain();
    const failing = worker.atOnce("take", "a", () => Promise.reject(new Error("No.")));
    await expect(failing).rejects.toThrow("No.");
    await worker.atOnce("take", "a", note("next"));
    expect(order).toEqual(["next"]);
  });

  test("before it has looked a worker does not know what waits, and begins nothing", async () => {
    expect(worker.atOnce("take", "a", note("blindly"))).toBeNull();
    await worker.drain();
    await worker.atOnce("take", "a", note("seeing"));
    expect(order).toEqual(["seeing"]);
  });

  test("a worker that stops lets it end, and begins no more", async () => {
    await worker.start();
    const held = Promise.withResolvers<void>();
    void worker.atOnce("take", "a", async () => {
      await held.promise;
      order.push("ended");
    });
    const stopped = worker.stop().then(() => order.push("stopped"));
    expect(worker.atOnce("take", "b", note("too late"))).toBeNull();
    held.resolve();
    await stopped;
    expect(order).toEqual(["ended", "stopped"]);
  });

  test("no more than a certain number goes on at one time", async () => {
    await worker.drain();
    const held = Promise.withResolvers<void>();
    const begun = Array.from({ length: 300 }, (_, i) =>
      worker.atOnce("take", `lane ${i}`, () => held.promise),
    );
    expect(begun.filter((each) => each !== null)).toHaveLength(256);
    held.resolve();
    await Promise.all(begun);
    await worker.atOnce("take", "lane 299", note("again"));
    expect(order).toEqual(["again"]);
  });
});
