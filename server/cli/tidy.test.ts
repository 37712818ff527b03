/** Memory is given back when nobody waits for it. */
import { beforeEach, describe, expect, test } from "bun:test";
import { createTidy, type Machine } from "./tidy.ts";

const MB = 1024 * 1024;
const LOOK_MS = 1000;

let cpuMs: number;
let bytes: number;
let collections: number;
let releases: number;
let shrinks: number;
let machine: Machine;
let look: (sinceMs: number) => void;

beforeEach(() => {
  cpuMs = 0;
  bytes = 70 * MB;
  collections = 0;
  releases = 0;
  shrinks = 0;
  machine = {
    cpuMs: () => cpuMs,
    residentBytes: () => bytes,
    collect: () => {
      collections++;
      cpuMs += 20;
    },
    release: () => {
      releases++;
      cpuMs += 20;
      bytes -= 60 * MB;
    },
    shrink: () => {
      collections++;
      shrinks++;
      cpuMs += 20;
      bytes = 75 * MB;
    },
  };
  look = createTidy(machine);
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
  look(LOOK_MS);
  for (const burst of [1, 2, 3]) {
    bytes = 100 * MB + burst * 10 * MB;
    look(LOOK_MS);
    expect(collections).toBe(1 + burst);
  }
});

describe("compiled code and what is kept to be quick", () => {
  /** So many looks, with this share of the time busy in each. */
  function looks(count: number, share = 0): void {
    for (let i = 0; i < count; i++) {
      cpuMs += share * LOOK_MS;
      look(LOOK_MS);
    }
  }
  beforeEach(() => {
    looks(1);
    bytes = 130 * MB;
  });

  test("of the start are given up as soon as it is over", () => {
    expect(shrinks).toBe(1);
  });

  test("of a start that goes on are kept until it is over", () => {
    bytes = 70 * MB;
    look = createTidy(machine);
    shrinks = 0;
    looks(2, 0.2);
    expect(shrinks).toBe(0);
    looks(1);
    expect(shrinks).toBe(1);
  });

  test("outlast a pause in the work, and are given up once nearly nothing was done for half a minute", () => {
    looks(28);
    expect([collections, shrinks]).toEqual([2, 1]);
    looks(1, 0.2);
    looks(29, 0.03);
    expect(shrinks).toBe(1);
    looks(1);
    expect(shrinks).toBe(2);
  });

  test("are not given up again for a little growth", () => {
    looks(31);
    for (const grown of [81, 86]) {
      bytes = grown * MB;
      looks(31);
    }
    expect(shrinks).toBe(2);
    bytes = 92 * MB;
    looks(31);
    expect(shrinks).toBe(3);
  });

  describe("of a load that has left more than is promised", () => {
    beforeEach(() => {
      machine.release = () => void releases++;
      looks(10, 0.5);
      bytes = 200 * MB;
    });

    test("are given up in the first break of four seconds", () => {
      looks(3);
      looks(2, 0.2);
      looks(3);
      expect(shrinks).toBe(1);
      looks(1);
      expect(shrinks).toBe(2);
    });

    test("are kept where it has left less", () => {
      bytes = 110 * MB;
      looks(10);
      expect(shrinks).toBe(1);
    });

    test("are kept in further breaks, until much was done with what was compiled again", () => {
      looks(4);
      for (const pause of [1, 2]) {
        bytes = 200 * MB;
        looks(4, 0.5);
        looks(4);
        expect([pause, shrinks]).toEqual([pause, 2]);
      }
      looks(2, 0.5);
      looks(4);
      expect(shrinks).toBe(3);
    });

    test("are kept where giving them up does not help", () => {
      machine.shrink = () => void shrinks++;
      looks(300);
      expect(shrinks).toBe(2);
    });
  });
});

describe("what was read from the database and is kept to be quick", () => {
  beforeEach(() => {
    look(LOOK_MS);
    expect([bytes, shrinks]).toEqual([75 * MB, 1]);
  });

  test("outlasts what pages alone leave, and is given up once a great burst has been over for a second", () => {
    bytes = 135 * MB;
    look(LOOK_MS);
    look(LOOK_MS);
    expect(releases).toBe(0);
    bytes = 200 * MB;
    cpuMs += 0.2 * LOOK_MS;
    look(LOOK_MS);
    expect([releases, bytes]).toEqual([0, 200 * MB]);
    look(LOOK_MS);
    expect([releases, shrinks, bytes]).toEqual([1, 1, 140 * MB]);
  });

  test("is not given up again and again where that does not help", () => {
    machine.release = () => void releases++;
    bytes = 200 * MB;
    for (let i = 0; i < 10; i++) look(LOOK_MS);
    expect(releases).toBe(1);
    bytes = 216 * MB;
    look(LOOK_MS);
    expect(releases).toBe(2);
  });
});
