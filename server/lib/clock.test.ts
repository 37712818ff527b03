/** Times as other servers write them. */
import { describe, expect, test } from "bun:test";
import { fromIso, fromPastIso } from "./clock.ts";

const NOON = Date.UTC(2026, 10, 22, 12);

const TIMES: readonly (readonly [text: string, ms: number])[] = [
  ["2026-11-22T12:00:00Z", NOON],
  ["2026-11-22t12:00:00z", NOON],
  ["2026-11-22T12:00Z", NOON],
  ["2026-11-22T12:00:00.25Z", NOON + 250],
  ["2026-11-22T12:00:00.123456789Z", NOON + 123],
  ["2026-11-22T14:00:00.000000+02:00", NOON],
  ["2026-11-22T14:00:00+0200", NOON],
  ["2026-11-22T07:00:00-05:00", NOON],
  ["2026-11-22T12:00:00", NOON],
  ["2026-11-22 12:00", NOON],
  ["2026-11-22", Date.UTC(2026, 10, 22)],
  ["1970-01-01T00:00:00Z", 0],
  ["9999-12-31T23:59:59Z", 253_402_300_799_000],
];

const NO_TIMES: readonly unknown[] = [
  "-271821-04-20T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "1970-01-01T00:00:00+02:00",
  "1",
  "2026",
  "2026-13-01T00:00:00Z",
  "2026-11-22T25:00:00Z",
  "22 Nov 2026",
  "Sun, 22 Nov 2026 12:00:00 GMT",
  "2026-11-22T12:00:00Z trailing",
  "",
  1_700_000_000,
  null,
  undefined,
  ["2026-11-22T12:00:00Z"],
];

describe("a time", () => {
  for (const [text, ms] of TIMES) test(`is read from ${text}`, () => expect(fromIso(text)).toBe(ms));
  for (const value of NO_TIMES)
    test(`is none in ${JSON.stringify(value)}`, () => expect(fromIso(value)).toBeNull());

  test("of what was done lies ahead by a little at most", () => {
    expect(fromPastIso("2026-11-22T12:01:00Z", NOON)).toBe(NOON + 60_000);
    expect(fromPastIso("2026-11-22T13:00:00Z", NOON)).toBeNull();
  });
});
