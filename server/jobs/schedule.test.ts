/** What runs every so often runs once per cluster, and again after failing. */
import { expect, test } from "bun:test";
import { HOUR_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { jobMigrations, workshop } from "../testing/jobs.ts";
import { createSchedule, daily, every, type Task, weekly } from "./schedule.ts";
import { countJobs } from "./store.ts";

eachEngine((engine) => {
  test("a task runs each time it is due, however often the schedule is set up", async () => {
    const db = await engine.freshDb(jobMigrations);
    const shop = workshop(db);
    let runs = 0;
    const task: Task = { name: "count", next: every(1000), run: async () => void runs++ };
    const schedule = createSchedule({ db, queue: shop.queue, now: shop.clock.now, tasks: [task] });
    await Promise.all([schedule.ensure(), schedule.ensure()]);
    const worker = shop.worker({ schedule: schedule.kind });
    await worker.drain();
    expect(runs).toBe(0);
    for (let i = 0; i < 3; i++) {
      shop.clock.advance(1000);
      await schedule.ensure();
      await worker.drain();
    }
    expect(runs).toBe(3);
    expect(await countJobs(db)).toMatchObject([{ kind: "schedule", waiting: 1 }]);
  });

  test("a task that fails is tried again, and the next turn is not lost", async () => {
    const db = await engine.freshDb(jobMigrations);
    const shop = workshop(db);
    let runs = 0;
    const task: Task = {
      name: "fragile",
      next: every(HOUR_MS),
      run: async () => {
        if (++runs === 1) throw new Error("The disk was away");
      },
    };
    const schedule = createSchedule({ db, queue: shop.queue, now: shop.clock.now, tasks: [task] });
    await schedule.ensure();
    const worker = shop.worker({ schedule: schedule.kind });
    shop.clock.advance(HOUR_MS);
    await worker.drain();
    shop.clock.advance(HOUR_MS / 2);
    await worker.drain();
    expect(runs).toBe(2);
    shop.clock.advance(HOUR_MS);
    await worker.drain();
    expect(runs).toBe(3);
  });

  test("a shorter rhythm takes effect, and a task that is no more ends", async () => {
    const db = await engine.freshDb(jobMigrations);
    const shop = workshop(db);
    const schedule = (tasks: readonly Task[]) =>
      createSchedule({ db, queue: shop.queue, now: shop.clock.now, tasks });
    let runs = 0;
    const run = async () => void runs++;
    await schedule([{ name: "a", next: every(100 * HOUR_MS), run }]).ensure();
    const shorter = schedule([{ name: "a", next: every(HOUR_MS), run }]);
    await shorter.ensure();
    shop.clock.advance(HOUR_MS);
    await shop.worker({ schedule: shorter.kind }).drain();
    expect(runs).toBe(1);
    shop.clock.advance(HOUR_MS);
    await shop.worker({ schedule: schedule([]).kind }).drain();
    expect(runs).toBe(1);
    expect(await countJobs(db)).toEqual([]);
  });
});

test("daily and weekly tasks keep to their hour", () => {
  const at = (iso: string) => Date.parse(iso);
  expect(daily(3)(at("2026-11-22T02:59:59Z"))).toBe(at("2026-11-22T03:00:00Z"));
  expect(daily(3)(at("2026-11-22T03:00:00Z"))).toBe(at("2026-11-23T03:00:00Z"));
  // 22 November 2026 is a Sunday.
  expect(weekly(4)(at("2026-11-22T03:00:00Z"))).toBe(at("2026-11-22T04:00:00Z"));
  expect(weekly(4)(at("2026-11-22T04:00:00Z"))).toBe(at("2026-11-29T04:00:00Z"));
});
