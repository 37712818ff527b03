/** How often is too often: bursts, refills, forgetting. */
import { expect, test } from "bun:test";
import { createBuckets } from "./buckets.ts";
import { heldClock } from "./clock.ts";
import { DAY_MS } from "./durations.ts";

const rate = { burst: 3, everyMs: 10_000 };

test("a bucket allows its burst, then one more each interval", () => {
  const clock = heldClock();
  const buckets = createBuckets({ now: clock.now, rate });
  expect([1, 2, 3, 4].map(() => buckets.take("a").allowed)).toEqual([true, true, true, false]);
  expect(buckets.take("a").retryAfterSeconds).toBe(10);
  clock.advance(9_999);
  expect(buckets.take("a").allowed).toBe(false);
  clock.advance(1);
  expect(buckets.take("a")).toEqual({ allowed: true, remaining: 0, retryAfterSeconds: 0, resetSeconds: 30 });
});

test("a refused attempt costs nothing", () => {
  const clock = heldClock();
  const buckets = createBuckets({ now: clock.now, rate });
  for (let i = 0; i < 50; i++) buckets.take("a");
  clock.advance(10_000);
  expect(buckets.take("a").allowed).toBe(true);
});

test("a clock that is set back empties no bucket", () => {
  const clock = heldClock();
  const buckets = createBuckets({ now: clock.now, rate });
  buckets.take("a", 3);
  clock.advance(10_000);
  expect(buckets.take("a").allowed).toBe(true);
  clock.advance(-365 * DAY_MS);
  expect(buckets.take("a")).toMatchObject({ allowed: false, retryAfterSeconds: 10 });
  clock.advance(10_000);
  expect(buckets.take("a").allowed).toBe(true);
});

test("keys have buckets of their own", () => {
  const buckets = createBuckets({ now: heldClock().now, rate });
  for (let i = 0; i < 4; i++) buckets.take("a");
  expect(buckets.take("b").remaining).toBe(2);
});

test("what is given back can be taken again, and never more than the burst", () => {
  const buckets = createBuckets({ now: heldClock().now, rate });
  for (let i = 0; i < 3; i++) buckets.take("a");
  buckets.giveBack("a");
  expect(buckets.take("a").allowed).toBe(true);
  for (let i = 0; i < 9; i++) buckets.giveBack("a");
  expect(buckets.take("a").remaining).toBe(2);
});

test("a charge is taken whether or not there is enough, and made up for before anything is allowed", () => {
  const clock = heldClock();
  const buckets = createBuckets({ now: clock.now, rate });
  for (let i = 0; i < 5; i++) buckets.charge("a");
  expect(buckets.take("a")).toEqual({
    allowed: false,
    remaining: 0,
    retryAfterSeconds: 30,
    resetSeconds: 50,
  });
  clock.advance(29_999);
  expect(buckets.has("a")).toBe(false);
  clock.advance(1);
  expect([buckets.has("a"), buckets.has("a"), buckets.has("a", 2)]).toEqual([true, true, false]);
  expect([buckets.take("a").allowed, buckets.has("a")]).toEqual([true, false]);
});

test("only so many keys are remembered, the least recently seen is forgotten first", () => {
  const buckets = createBuckets({ now: heldClock().now, rate, maxKeys: 2 });
  for (let i = 0; i < 3; i++) buckets.take("a");
  buckets.take("b");
  buckets.take("a");
  buckets.take("c");
  expect(buckets.take("a").allowed).toBe(false);
  expect(buckets.take("b").remaining).toBe(2);
});

test("an unaffordable cost is refused without emptying the bucket", () => {
  const buckets = createBuckets({ now: heldClock().now, rate });
  expect(buckets.take("a", 4).allowed).toBe(false);
  expect(buckets.take("a", 3).allowed).toBe(true);
});
