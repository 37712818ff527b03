/** Keys sort by time, fit into a number, and none is given twice. */
import { expect, test } from "bun:test";
import { heldClock } from "./clock.ts";
import { DAY_MS } from "./durations.ts";
import { createKeys, keyAt, MAX_KEY, parseKey, timeOfKey } from "./id.ts";

const NOW = 1_700_000_000_123;

test("keys of now ascend, even while the clock stands still or goes back", () => {
  let ms = NOW;
  const keys = createKeys({ now: () => ms });
  let last = keys.next();
  for (let i = 0; i < 1000; i++) {
    if (i === 500) ms -= 60_000;
    const key = keys.next();
    expect(key).toBeGreaterThan(last);
    last = key;
  }
  expect(last).toBeLessThan(MAX_KEY);
});

test("keys follow a clock that was far ahead and is put right", () => {
  const clock = heldClock();
  const keys = createKeys({ now: clock.now });
  const before = keys.next();
  clock.advance(DAY_MS);
  keys.next();
  clock.advance(-DAY_MS + 1);
  const after = keys.next();
  expect(timeOfKey(after)).toBe(clock.now());
  expect(after).toBeGreaterThan(before);
});

test("a key tells when it was, and cursors lie before everything of their moment", () => {
  const { now } = heldClock(NOW);
  const keys = createKeys({ now });
  expect(timeOfKey(keys.next())).toBe(NOW);
  expect(timeOfKey(keys.at(NOW - 5))).toBe(NOW - 5);
  expect(keys.at(NOW - 5)).toBeGreaterThanOrEqual(keyAt(NOW - 5));
  expect(timeOfKey(keys.at(NOW + 5))).toBe(NOW);
  expect(timeOfKey(keys.at(-1)) < 1000).toBe(true);
});

test("no two things of one moment get one key, whichever way it is made", () => {
  const { now } = heldClock(NOW);
  for (const random of [() => 0, () => 0.999_999, Math.random]) {
    const keys = createKeys({ now, random });
    const given = Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? keys.next() : keys.at(NOW)));
    expect(new Set(given).size).toBe(given.length);
  }
});

test("whole seconds, in which most peers stamp, are spread over their milliseconds", () => {
  const keys = createKeys({ now: () => NOW, random: () => 0.5 });
  expect(timeOfKey(keys.at(1_600_000_000_000))).toBe(1_600_000_000_500);
  expect(timeOfKey(keys.at(1_600_000_000_001))).toBe(1_600_000_000_001);
});

test("a key from a client is a whole number that fits, or none", () => {
  expect(parseKey("115")).toBe(115);
  for (const text of [
    "",
    "-1",
    "1.5",
    "1e3",
    " 1",
    "99999999999999999",
    "9007199254740992",
    null,
    undefined,
  ]) {
    expect(parseKey(text)).toBeNull();
  }
});
