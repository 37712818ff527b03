/** The origin of a server may be set until somebody lives there, and never after. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksFor } from "./cli/checks.ts";
import { withOwnOrigin } from "./cli/own-origin.ts";
import { type Loaded, loadConfig } from "./config.ts";
import { findOrigin } from "./core/store.ts";
import { systemNow } from "./lib/clock.ts";
import { createLog } from "./lib/log.ts";
import { type Opened, open } from "./open.ts";
import { cheapHasher } from "./testing/app.ts";
import { pooledKeyPair } from "./testing/key-pairs.ts";

const now = systemNow;
const log = createLog({ now, level: "error", form: "json", write: () => undefined });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-origin-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (flags: Record<string, string> = {}): Loaded =>
  loadConfig({ flags: { data_dir: folder, ...flags }, env: {}, cwd: folder });

/** Opens as a server that starts (`holdsFolder`), or as a command beside it, and closes again. */
async function during<T>(
  loaded: Loaded,
  holdsFolder: boolean,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const opened = await open(loaded.config, log, now, {
    hasher: cheapHasher,
    makeKeyPair: pooledKeyPair,
    isBeside: !holdsFolder,
    holdsFolder,
  });
  try {
    return await use(opened);
  } finally {
    await opened.stop();
  }
}

const originOf = (loaded: Loaded, holdsFolder = true) =>
  during(loaded, holdsFolder, ({ db }) => findOrigin(db));
const moveIn = (loaded: Loaded) =>
  during(loaded, true, ({ accounts }) =>
    accounts.create({ name: "anna", password: "correct horse", role: "admin", state: "active" }),
  );
const world = { origin: "https://pub.example" };

test("a server in which nobody lives takes the origin that is set at its next start", async () => {
  expect(await originOf(load())).toBe("http://localhost:3000");
  expect(await originOf(load({ port: "3001" }))).toBe("http://localhost:3001");
  expect(await originOf(load(world))).toBe("https://pub.example");
  await moveIn(load(world));
  expect(await originOf(load(world))).toBe("https://pub.example");
});

test("a command beside the server does not move it", async () => {
  await originOf(load(world));
  await expect(originOf(load({ origin: "https://other.example" }), false)).rejects.toThrow("belongs to");
});

test("once somebody lives there it stays, and the doctor says what to set", async () => {
  await moveIn(load(world));
  await expect(originOf(load())).rejects.toThrow("belongs to https://pub.example");
  const { config } = load({ origin: "https://other.example" });
  const fetch = () => Promise.reject(new Error("asks nobody"));
  const database = checksFor({ config, now, fetch }).find(({ name }) => name === "database");
  expect(await database?.look()).toMatchObject({ state: "bad", todo: "Set origin to https://pub.example." });
});

test("a command to which no origin was told takes that of the data", async () => {
  expect((await withOwnOrigin(load())).origin).toBe("http://localhost:3000");
  await moveIn(load(world));
  expect((await withOwnOrigin(load({ port: "3005" }))).origin).toBe("https://pub.example");
  const told = load({ origin: "https://other.example" });
  expect((await withOwnOrigin(told)).origin).toBe("https://other.example");
});
