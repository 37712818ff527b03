/** Memory is given back when nobody waits for it. */
import { beforeEach, expect, test } from "bun:test";
import { createTidy } from "./tidy.ts";

const MB = 1024 * 1024;
const LOOK_MS = 1000;

let cpuMs: number;
let bytes: number;
let collections: number;
let shrinks: number;
let look: (sinceMs: number) => void;

beforeEach(() => {
  cpuMs = 0;
  bytes = 70 * MB;
  collections = 0;
  shrinks = 0;
  look = createTidy({
    cpuMs: () => cpuMs,
    residentBytes: () => bytes,
    collect: () => {
      collections++;
      cpuMs += 20;
    },
    shrink: () => {
      collections++;
      shrinks++;
      cpuMs += 20;
      bytes = 75 * MB;
    },
  });
});

test("what a burst left is collected once, in the first quiet moment after it", () => {
  bytes = 200 * MB;
  cpuMs += 900;
  look(LOOK_MS);
  expect(collections).toBe(0);
  cpuMs += 10;
  look(LOOK_MS);
  look(LOOK_MS);
  expect(collections).toBe(1);
});

test("what the start left is collected, and a process that has hardly grown since is left alone", () => {
  look(LOOK_MS);
  expect(collections).toBe(1);
  bytes += 2 * MB;
  look(LOOK_MS);
  expect(collections).toBe(1);
});

test("each further burst is collected again", () => {
  for (const burst of [1, 2, 3]) {
    bytes = 150 * MB;
    look(LOOK_MS);
    expect(collections).toBe(burst);
  }
});

test("compiled code and what is kept to be quick are given up for much alone, little by little as it may come", () => {
  look(LOOK_MS);
  expect([collections, shrinks]).toEqual([1, 1]);
  for (const grown of [81, 86]) {
    bytes = grown * MB;
    look(LOOK_MS);
  }
  expect([collections, shrinks]).toEqual([3, 1]);
  bytes = 92 * MB;
  look(LOOK_MS);
  expect([collections, shrinks]).toEqual([4, 2]);
});
