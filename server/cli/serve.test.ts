/** A server ends with everything closed, told to or not. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../lib/problem.ts";
import { runCommandLine } from "./index.ts";
import type { Parts, RunningApp } from "./parts.ts";

let folder: string;
let complained: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-serve-"));
  complained = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function serve(start: () => Promise<RunningApp>, env: Record<string, string> = {}): Promise<number> {
  const never = (): never => {
    throw new Error("A server opens nothing else.");
  };
  const parts: Parts = { open: never, start };
  const around = {
    env: { COMMONS_DATA_DIR: folder, ...env },
    cwd: folder,
    isTerminal: false,
    print: () => undefined,
    complain: (line: string) => void complained.push(line),
  };
  return runCommandLine(["serve"], around, parts);
}

/** A server that answers for its claim link alone. */
function running(renew: () => Promise<null>): { readonly app: RunningApp; stops(): number } {
  let stops = 0;
  const app = {
    accounts: { claim: { renew } },
    releaseMemory: () => undefined,
    stop: async () => void stops++,
  } as unknown as RunningApp; // Only what `serve` calls.
  return { app, stops: () => stops };
}

const heard = (): number => process.listenerCount("SIGTERM") + process.listenerCount("SIGINT");

test("a server that cannot make its claim link is stopped, and ends with 1", async () => {
  const before = heard();
  const { app, stops } = running(() => Promise.reject(new Problem("full", "The disk is full.")));
  expect(await serve(async () => app)).toBe(1);
  expect(complained).toContain("The disk is full.");
  expect(stops()).toBe(1);
  expect(heard()).toBe(before);
});

test("after a start that failed, a signal ends the program as it ends any other", async () => {
  const before = heard();
  expect(await serve(() => Promise.reject(new Problem("conflict", "It is held.")))).toBe(1);
  expect(complained).toContain("It is held.");
  expect(heard()).toBe(before);
});

test("a signal stops it, and it ends with 0", async () => {
  const before = heard();
  const { app, stops } = running(async () => {
    process.emit("SIGTERM", "SIGTERM");
    return null;
  });
  expect(await serve(async () => app)).toBe(0);
  expect(stops()).toBe(1);
  expect(heard()).toBe(before);
});

test("a replica beside PostgreSQL, which it cannot copy, is told", async () => {
  const { app } = running(async () => {
    process.emit("SIGTERM", "SIGTERM");
    return null;
  });
  const said = (): boolean => complained.some((line) => line.includes("replica_url is not used"));
  const replica = { COMMONS_REPLICA_URL: join(folder, "replica") };
  expect([await serve(async () => app, replica), said()]).toEqual([0, false]);
  const both = { ...replica, COMMONS_DATABASE_URL: "postgres://commons@localhost/commons" };
  expect([await serve(async () => app, both), said()]).toEqual([0, true]);
});
