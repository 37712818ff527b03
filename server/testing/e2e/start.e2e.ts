/** The compiled program starts, answers, rests and stops as promised. */
import { afterAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { missingSettings } from "../../cli/engine.ts";
import { cleanUp, newFolder, runCommons, startCommons } from "./program.ts";

afterAll(cleanUp);

const QEMU = "/usr/bin/qemu-aarch64-static";
const ARM64_LIBRARIES = "/usr/aarch64-linux-gnu";
const ARM64_PROGRAM = resolve("dist/commons-linux-arm64");
const MAX_IDLE_BYTES = 90e6;
/** What the start and the first page have left is given back in a quiet second. */
const LOOKS = 50;
const LOOK_MS = 100;

test("an empty folder becomes a server that answers, and has nothing beside its data folder", async () => {
  const server = await startCommons();
  const answer = await fetch(`${server.origin}/.well-known/nodeinfo`);
  expect(answer.status).toBe(200);
  expect(server.claimLink).toStartWith(`${server.origin}/setup?token=`);
  expect(readdirSync(server.dataDir)).toContain("commons.db");
  expect(await server.stop()).toBe(0);
});

test("on an existing database it idles in under 90 MB", async () => {
  const dataDir = newFolder();
  await (await startCommons({ dataDir })).stop();
  for (let i = 0; i < 3; i++) {
    const server = await startCommons({ dataDir });
    const answer = await fetch(server.origin, { redirect: "manual" });
    expect(answer.status).toBeLessThan(500);
    for (let look = 0; look < LOOKS && server.residentBytes() >= MAX_IDLE_BYTES; look++)
      await Bun.sleep(LOOK_MS);
    expect(server.residentBytes()).toBeLessThan(MAX_IDLE_BYTES);
    await server.stop();
  }
});

test("the engine is set for a server, in the process that was started", async () => {
  const server = await startCommons();
  const environment = readFileSync(`/proc/${server.pid}/environ`, "utf8").split("\0");
  for (const [name, value] of Object.entries(missingSettings({})))
    expect(environment).toContain(`${name}=${value}`);
  expect(await server.stop()).toBe(0);
});

test("a mistaken setting stops the start with a sentence that names it", async () => {
  const { code, stderr, stdout } = await runCommons(["serve"], { env: { COMMONS_PORT: "many" } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toStartWith('COMMONS_PORT is "many": it must be a whole number');
});

test("a port that is taken stops the start with a sentence, and leaves the other server alone", async () => {
  const server = await startCommons();
  const { code, stderr } = await runCommons(["serve", "--port", new URL(server.origin).port]);
  expect(code).toBe(1);
  expect(stderr).toContain(new URL(server.origin).port);
  expect((await fetch(`${server.origin}/.well-known/nodeinfo`)).status).toBe(200);
  await server.stop();
});

const hasArm64 = existsSync(QEMU) && existsSync(ARM64_LIBRARIES) && existsSync(ARM64_PROGRAM);

test.skipIf(!hasArm64)(
  "the arm64 file starts on an emulated Raspberry Pi and answers a request",
  async () => {
    // An emulated process that replaces itself would not find its libraries.
    const env = missingSettings({});
    const server = await startCommons({ command: [QEMU, "-L", ARM64_LIBRARIES, ARM64_PROGRAM], env });
    const answer = await fetch(`${server.origin}/.well-known/nodeinfo`);
    expect(answer.status).toBe(200);
    expect(await server.stop()).toBe(0);
  },
);
