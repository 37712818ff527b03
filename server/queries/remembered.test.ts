/** What is remembered is of the row as it is now, and takes no more memory than it may. */
import { expect, test } from "bun:test";
import { createRemembered } from "./remembered.ts";

const stamp = { updated: 1, fetched: 2, deleted: null, size: 100 };

test("only the very version that was remembered is given", () => {
  const kept = createRemembered<string>(1_000_000);
  kept.set("a", stamp, "one");
  expect(kept.get("a", stamp)).toBe("one");
  for (const change of [{ updated: 2 }, { fetched: null }, { deleted: 3 }, { size: 101 }]) {
    kept.set("a", stamp, "one");
    expect(kept.get("a", { ...stamp, ...change })).toBeUndefined();
    expect(kept.get("a", stamp)).toBeUndefined();
  }
  expect(kept.bytes()).toBe(0);
});

test("what was not used for longest goes first, and the sum stays within bounds", () => {
  const kept = createRemembered<number>(20_000);
  for (let i = 0; i < 10; i++) kept.set(String(i), stamp, i);
  expect(kept.get("0", stamp)).toBe(0);
  for (let i = 10; i < 20; i++) {
    kept.set(String(i), stamp, i);
    kept.get("0", stamp);
  }
  expect(kept.bytes()).toBeLessThanOrEqual(20_000);
  expect(kept.get("0", stamp)).toBe(0);
  expect(kept.get("1", stamp)).toBeUndefined();
  expect(kept.get("19", stamp)).toBe(19);
});

test("what is larger than everything may be is not kept, and keeps nothing else out", () => {
  const kept = createRemembered<string>(10_000);
  kept.set("huge", { ...stamp, size: 1_000_000 }, "huge");
  expect(kept.get("huge", { ...stamp, size: 1_000_000 })).toBeUndefined();
  kept.set("small", stamp, "small");
  expect(kept.get("small", stamp)).toBe("small");
});

test("nothing is left once everything is forgotten, and new things are remembered", () => {
  const known = createRemembered<string>(100_000);
  const stamp = { updated: null, fetched: null, deleted: null, size: 10 };
  known.set("a", stamp, "one");
  known.clear();
  expect(known.get("a", stamp)).toBeUndefined();
  expect(known.bytes()).toBe(0);
  known.set("a", stamp, "two");
  expect(known.get("a", stamp)).toBe("two");
});
