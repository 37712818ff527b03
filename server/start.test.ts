/** A start that fails says why, and leaves nothing open that would keep the process alive. */
import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "./config.ts";
import { heldClock } from "./lib/clock.ts";
import { createLog } from "./lib/log.ts";
import type { Sql } from "./lib/sql.ts";
import { startApp } from "./start.ts";
import type { Db } from "./storage/db.ts";
import { noSpace } from "./storage/refused.ts";
import { lockFolder } from "./storage/sqlite/lock.ts";
import { cheapHasher } from "./testing/app.ts";
import { type Engine, eachEngine } from "./testing/engines.ts";
import { pooledKeyPair } from "./testing/key-pairs.ts";

eachEngine((engine) => {
  test("a database that takes no more is closed, and the data folder let go, whichever step of the start finds out", async () => {
    const steps = await stepsUntilRefused(engine, 0);
    expect(steps).toBeGreaterThan(1);
    for (let step = 1; step < steps; step++) await stepsUntilRefused(engine, step);
  });
});

test("a second server finds out that it must not run before it opens the database", async () => {
  const folder = await mkdtemp(join(tmpdir(), "commons-start-"));
  const letGo = lockFolder(folder);
  const { now } = heldClock();
  const flags = { data_dir: folder, origin: "https://pub.test" };
  const started = startApp({
    config: loadConfig({ flags, env: {}, cwd: folder }).config,
    log: createLog({ now, level: "error", form: "json", write: () => undefined }),
    now,
  });
  await expect(started).rejects.toMatchObject({ code: "conflict" });
  expect(await readdir(folder)).not.toContain("commons.db");
  letGo();
  await rm(folder, { recursive: true });
});

/** Starts on a disk that is full after so many batches (0: never, but the port is taken); gives how many there were. */
async function stepsUntilRefused(engine: Engine, taken: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "commons-start-"));
  const neighbour = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  engine.whenDone(() => rm(folder, { recursive: true, force: true }));
  const db = await engine.freshDb();
  let batches = 0;
  let stops = 0;
  const failing: Db = {
    ...db,
    async batch(statements: readonly Sql[]) {
      batches++;
      if (taken > 0 && batches > taken) throw noSpace(null);
      return db.batch(statements);
    },
    async stop() {
      stops++;
      await db.stop();
    },
  };
  const clock = heldClock();
  const flags = {
    data_dir: folder,
    origin: "https://pub.test",
    host: "127.0.0.1",
    port: `${neighbour.port}`,
  };
  const started = startApp({
    config: loadConfig({ flags, env: {}, cwd: folder }).config,
    db: failing,
    log: createLog({ now: clock.now, level: "error", form: "json", write: () => undefined }),
    now: clock.now,
    hasher: cheapHasher,
    makeKeyPair: pooledKeyPair,
    ffmpeg: null,
  });
  try {
    // What is written while everything is closed counts too: then the start was well until it could not listen.
    await expect(started).rejects.toMatchObject({ code: expect.stringMatching(/^(full|invalid)$/) });
    expect(stops).toBe(1);
    lockFolder(folder)();
  } finally {
    await neighbour.stop(true);
  }
  return batches;
}
