/** What was written survives kill -9 and the loss of the database, and any second of the past comes back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { systemNow, toIso } from "../../lib/clock.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const dataDir = newFolder();
const flags = ["--replica-url", join(newFolder(), "replica")];
const commons = (...args: string[]) =>
  runCommons(args, { dataDir, flags, stdin: "correct horse battery staple\n" });

let server: Running;
beforeAll(async () => {
  server = await startCommons({ dataDir, flags });
});
afterAll(cleanUp);

async function people(): Promise<readonly string[]> {
  const { stdout } = await commons("user", "list", "--json");
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { name: string }).name).sort();
}

async function add(...names: string[]): Promise<void> {
  for (const name of names)
    expect(await commons("user", "create", name, "--password-file", "-")).toMatchObject({
      code: 0,
      stderr: "",
    });
}

/** Asks until the replica has everything, and until the second in which it has is over. */
async function whenCopied(): Promise<number> {
  const writtenMs = systemNow();
  for (;;) {
    const { stdout } = await commons("backup", "status", "--json");
    const { replica } = JSON.parse(stdout) as { replica: { isRunning: boolean; behindBytes: number | null } };
    expect(replica.isRunning).toBe(true);
    if (replica.behindBytes === 0 && systemNow() > writtenMs + 1500) return systemNow();
  }
}

test("after kill -9 and the loss of the database, everything that was copied is there again", async () => {
  await add("alice", "bob");
  await whenCopied();
  await server.kill();
  for (const part of ["", "-wal", "-shm"]) rmSync(join(dataDir, `commons.db${part}`), { force: true });

  expect(await commons("backup", "restore")).toMatchObject({ code: 0, stderr: "" });
  expect(await people()).toEqual(["alice", "bob"]);

  server = await startCommons({ dataDir, flags });
  expect((await fetch(`${server.origin}/@alice`)).status).toBe(200);
});

/**
 * A moment that can be brought back, who was there then, and who has come since. After a restore Litestream begins anew, by
 * and by, and it gives back only moments that something newer was copied after.
 */
async function momentOfThePast(): Promise<{ atMs: number; then: string[]; now: string[] }> {
  for (let i = 0; ; i++) {
    const then = [...(await people())];
    const atMs = await whenCopied();
    await add(`later${i}`);
    await whenCopied();
    const to = join(newFolder(), "past.db");
    const { code } = await commons("backup", "restore", "--at", toIso(atMs), "--to", to);
    if (code === 0) return { atMs, then, now: [...then, `later${i}`] };
  }
}

test("a moment of the past comes back as a working server, and what was there is kept", async () => {
  const { atMs, then, now } = await momentOfThePast();
  expect((await commons("backup", "restore")).stderr).toContain("Stop it first");
  expect(await server.stop()).toBe(0);

  const restored = await commons("backup", "restore", "--at", toIso(atMs), "--json");
  expect(restored).toMatchObject({ code: 0, stderr: "" });
  expect(await people()).toEqual(then);

  const { kept } = JSON.parse(restored.stdout) as { kept: string };
  expect((await commons("backup", "restore", "--from", kept)).code).toBe(0);
  expect(await people()).toEqual(now);
});

test("a copy made while the server runs is whole", async () => {
  server = await startCommons({ dataDir, flags });
  const { stdout } = await commons("backup", "now", "--json");
  const { copy } = JSON.parse(stdout) as { copy: string };
  const to = join(newFolder(), "copy.db");
  expect((await commons("backup", "restore", "--from", copy, "--to", to)).code).toBe(0);
  expect(await server.stop()).toBe(0);
});
