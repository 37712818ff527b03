/** How much may be asked of others: in one errand, of one server, of all. */
import { expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { createRestraint } from "./restraint.ts";

const LIMITS = { requests: 50, perForeignHost: 3, totalMs: 60_000 };
const HOME = "home.test";

function given() {
  const clock = heldClock();
  const restraint = createRestraint({ now: clock.now });
  const never = new AbortController();
  const asks = (errand: ReturnType<typeof restraint.begin>, host: string, times: number) =>
    Array.from({ length: times }, (_, n) => errand.mayAsk(`https://${host}/${n}`, HOME)).filter(Boolean)
      .length;
  return { clock, restraint, begin: (limits = LIMITS) => restraint.begin(limits, never.signal), asks, never };
}

test("a server that only happens to be named is asked less than the one whose matter it is", () => {
  const { begin, asks } = given();
  const errand = begin();
  expect([asks(errand, HOME, 20), asks(errand, "other.test", 20), asks(errand, "third.test", 20)]).toEqual([
    20, 3, 3,
  ]);
});

test("an errand ends with its requests, with its time, and when the server stops", () => {
  const { begin, asks, clock, never } = given();
  const full = begin();
  expect([asks(full, HOME, 60), full.isOver()]).toEqual([50, true]);
  const late = begin();
  clock.advance(60_001);
  expect([late.isOver(), asks(late, HOME, 1)]).toEqual([true, 0]);
  const stopped = begin();
  never.abort();
  expect([stopped.isOver(), asks(stopped, HOME, 1)]).toEqual([true, 0]);
});

test("a server that gives nothing five times is left alone, the others are not", () => {
  const { begin, asks } = given();
  const errand = begin();
  for (let n = 0; n < 5; n++) errand.failed(`https://${HOME}/${n}`);
  expect([asks(errand, HOME, 1), asks(errand, "other.test", 1)]).toEqual([0, 1]);
});

test("one server is asked six hundred times an hour by all errands together", () => {
  const { begin, asks, clock } = given();
  const all = () => Array.from({ length: 40 }, () => asks(begin(), HOME, 50)).reduce((sum, n) => sum + n, 0);
  expect(all()).toBe(600);
  expect(all()).toBe(0);
  clock.advance(30 * 60_000);
  expect(all()).toBe(300);
});

test("what is no address is never asked", () => {
  const { begin } = given();
  for (const iri of ["", "tag:x", "javascript:alert(1)", "https://"])
    expect(begin().mayAsk(iri, HOME)).toBe(false);
});
