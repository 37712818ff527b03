/** What is known of other servers' health, on more than one node. */
import { expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Db } from "../storage/db.ts";
import { onSqlite } from "../testing/engines.ts";
import { createHosts } from "./hosts.ts";

const DOWN = { why: "No connection.", isDown: true, waitMs: null };

onSqlite((engine) => {
  async function nodes() {
    const db = await engine.freshDb();
    await db.batch([{ text: "INSERT INTO host (key, name) VALUES (1, 'b.test')", values: [] }]);
    const clock = heldClock();
    const woken: string[] = [];
    const node = (on: Db) =>
      createHosts({ db: on, now: clock.now, wake: (name) => void woken.push(name), random: () => 0.5 });
    return { db, clock, woken, one: node(db), two: node(await engine.sibling(db)) };
  }

  test("a host rests after its third failure, longer each time, up to an hour", async () => {
    const { one, clock } = await nodes();
    const pauses: (number | null)[] = [];
    for (let i = 0; i < 9; i++) {
      pauses.push(await one.failed(1, "b.test", DOWN));
      clock.advance(MINUTE_MS);
    }
    expect(pauses).toEqual(
      [null, null, 4, 8, 16, 32, 60, 60, 60].map((minutes) => minutes && minutes * MINUTE_MS),
    );
  });

  test("a host that asks to be left alone rests as long as it asked, and counts as well", async () => {
    const { one } = await nodes();
    expect(await one.failed(1, "b.test", { why: "429", isDown: false, waitMs: 5_000 })).toBe(5_000);
    expect(await one.failed(1, "b.test", DOWN)).toBeNull();
  });

  test("one node finds out that a host is gone, and that it is back; the other hears of both", async () => {
    const { one, two, clock, woken } = await nodes();
    await one.failed(1, "b.test", DOWN);
    clock.advance(15 * DAY_MS);
    await one.failed(1, "b.test", DOWN);
    expect([one.isDead(1), two.isDead(1)]).toEqual([true, false]);
    expect((await two.standing(1)).deadMs).toBe(clock.now());
    await two.load();
    expect(two.isDead(1)).toBe(true);
    await one.heard("b.test");
    expect(one.isDead(1)).toBe(false);
    expect(woken).toEqual(["b.test"]);
    clock.advance(5 * MINUTE_MS);
    two.isDead(1);
    await two.load();
    expect(two.isDead(1)).toBe(false);
  });

  test("a host that only refuses letters is never taken for gone", async () => {
    const { one, clock } = await nodes();
    for (let day = 0; day < 20; day++) {
      await one.failed(1, "b.test", { why: "403", isDown: false, waitMs: null });
      clock.advance(DAY_MS);
    }
    expect(one.isDead(1)).toBe(false);
  });
});
