/** What Litestream copied comes back, whatever happened to the server and its disk. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heldClock, systemNow } from "../../lib/clock.ts";
import { HOUR_MS } from "../../lib/durations.ts";
import { createLog } from "../../lib/log.ts";
import { sql } from "../../lib/sql.ts";
import { startS3 } from "../../testing/s3.ts";
import { DEFAULT_AUTOCHECKPOINT_PAGES } from "./connection.ts";
import { createReplication, type Replication } from "./litestream.ts";
import { endOrphan } from "./litestream-child.ts";
import { traceOfLost } from "./lost.ts";
import { findGenerations } from "./moments.ts";
import { openSqlite, type SqliteDb } from "./open.ts";
import type { Replica } from "./replica.ts";
import { drillRestore, putInPlace, restoreInto } from "./restore.ts";

let folder: string;
let path: string;
const opened: { stop(): Promise<void> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-litestream-"));
  path = join(folder, "data", "commons.db");
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

const localReplica = (): Replica => ({
  url: join(folder, "copies"),
  accessKeyId: null,
  secretAccessKey: null,
});
const from = (replica: Replica) => ({ path, dataDir: join(folder, "data"), replica, program: null });

/** A database with an empty table, and what copies it; `said(message)` resolves when Litestream says that next. */
async function copied(replica: Replica): Promise<{
  db: SqliteDb;
  replication: Replication;
  said(message: string): Promise<void>;
}> {
  const waiting: { message: string; resolve: () => void }[] = [];
  const write = (line: string): void => {
    for (const one of waiting.filter(({ message }) => line.includes(message))) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
  };
  const log = createLog({ now: systemNow, level: "debug", form: "json", write });
  const db = openSqlite({ path });
  await db.batch([sql`CREATE TABLE thing (key BIGINT, text TEXT)`]);
  const dataDir = join(folder, "data");
  const replication = createReplication({ db, dataDir, replica, program: null, now: systemNow, log });
  opened.push(db, replication);
  return {
    db,
    replication,
    said: (message) => new Promise((resolve) => waiting.push({ message, resolve })),
  };
}

const put = (key: number) => sql`INSERT INTO thing (key, text) VALUES (${key}, ${"x".repeat(500)})`;

async function keysIn(file: string): Promise<readonly number[]> {
  const db = openSqlite({ path: file });
  const rows = await db.all<{ key: number }>(sql`SELECT key FROM thing ORDER BY key`);
  await db.stop();
  return rows.map(({ key }) => key);
}

test("after kill -9 and the loss of the database, everything comes back that was written a moment before", async () => {
  const writer = join(import.meta.dir, "../../testing/replicated-writer.ts");
  const server = Bun.spawn([process.execPath, writer, folder], {
    ...{ stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  });
  let copiedKeys = 0;
  for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) {
    copiedKeys = Number(chunk.trim().split("\n").at(-1));
    if (copiedKeys >= 200) break;
  }
  server.kill("SIGKILL");
  await server.exited;
  await endOrphan(join(folder, "data", "litestream.pid"));
  for (const file of readdirSync(join(folder, "data"))) {
    rmSync(join(folder, "data", file), { recursive: true, force: true });
  }

  const to = join(folder, "restored.db");
  await restoreInto(from(localReplica()), { to });
  expect(readdirSync(folder).sort()).toEqual(["copies", "data", "restored.db"]);
  expect(await putInPlace(path, to, systemNow())).toBeNull();
  const keys = await keysIn(path);
  expect(keys.length).toBeGreaterThanOrEqual(copiedKeys);
  expect(keys).toEqual(keys.map((_, i) => i + 1));
});

test("the Litestream of a killed server is ended, and nothing else that has its number", async () => {
  const { replication } = await copied(localReplica());
  await replication.start();
  const pidFile = join(folder, "data", "litestream.pid");
  const pid = readFileSync(pidFile, "utf8");
  const other = join(folder, "other.pid");
  await Bun.write(other, String(process.pid));
  expect(await endOrphan(other)).toBe(false);
  expect(await endOrphan(pidFile)).toBe(true);
  expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false);
  expect(await endOrphan(pidFile)).toBe(false);
});

test("the last write before the end is copied, and the end leaves no process and no number of one", async () => {
  const { db, replication, said } = await copied(localReplica());
  const begun = said("wal segment written");
  await replication.start();
  await begun;
  await db.batch([put(1), put(2)]);
  await db.stop();
  await replication.stop();
  expect((await replication.status()).state).toBe("stopped");
  expect(existsSync(join(folder, "data", "litestream.pid"))).toBe(false);
  const to = join(folder, "restored.db");
  await restoreInto(from(localReplica()), { to });
  expect(await keysIn(to)).toEqual([1, 2]);
});

test("one can go back to an earlier moment, and not to one before the first copy", async () => {
  const { db, replication, said } = await copied(localReplica());
  let written = said("wal segment written");
  await replication.start();
  await written;
  const hourAgo = systemNow() - HOUR_MS;
  for (const file of readdirSync(join(folder, "copies"), { recursive: true, encoding: "utf8" })) {
    utimesSync(join(folder, "copies", file), hourAgo / 1000, hourAgo / 1000);
  }
  written = said("wal segment written");
  await db.batch([put(1)]);
  await written;
  const to = join(folder, "restored.db");
  await restoreInto(from(localReplica()), { to, atMs: hourAgo + 60_000 });
  expect(await keysIn(to)).toEqual([]);
  const again = restoreInto(from(localReplica()), { to });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
  const tooEarly = restoreInto(from(localReplica()), { to: `${to}.2`, atMs: hourAgo - HOUR_MS });
  await tooEarly.catch((error) => expect(error).toMatchObject({ code: "not-found" }));
  expect(existsSync(`${to}.2`)).toBe(false);
});

test("a replica tells from when on it holds the past, also when the database is gone", async () => {
  const lost = { ...from(localReplica()), path: join(folder, "lost", "commons.db") };
  expect(await findGenerations(lost)).toEqual([]);
  expect(await traceOfLost(lost)).toBeNull();
  const beganMs = systemNow();
  const { replication, said } = await copied(localReplica());
  const written = said("snapshot written");
  await replication.start();
  await written;
  const generations = (await findGenerations(lost)) ?? [];
  expect(generations.length).toBe(1);
  expect(generations[0]?.bytes).toBeGreaterThan(0);
  expect(generations[0]?.firstMs).toBeGreaterThan(beganMs - 2000);
  expect(await traceOfLost(lost)).toContain(`the replica ${join(folder, "copies")} holds one`);
});

test("a place that does not answer is not taken for an empty one", async () => {
  const url = "s3://copies/pub?endpoint=http%3A%2F%2F127.0.0.1%3A1&region=us-east-1";
  const lost = from({ url, accessKeyId: "id", secretAccessKey: "secret" });
  const why = await findGenerations(lost).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(why).toMatch(/^The replica s3:\/\/copies\/pub.* cannot be asked what it holds\. Correct .*refused/);
});

test("what was in the place of a restored database is kept", async () => {
  const { db, replication, said } = await copied(localReplica());
  const begun = said("wal segment written");
  await replication.start();
  await begun;
  await db.batch([put(1)]);
  await db.stop();
  await replication.stop();
  const later = openSqlite({ path });
  await later.batch([put(2)]);
  await later.stop();
  const to = join(folder, "restored.db");
  await restoreInto(from(localReplica()), { to });
  const kept = await putInPlace(path, to, systemNow());
  expect(await keysIn(path)).toEqual([1]);
  expect(await keysIn(kept ?? "")).toEqual([1, 2]);
  expect(readdirSync(join(folder, "data"))).not.toContain(".commons.db-litestream");
});

test("a Litestream that ends is started again, and the state tells it", async () => {
  const { db, replication, said } = await copied(localReplica());
  await replication.start();
  const pid = Number(readFileSync(join(folder, "data", "litestream.pid"), "utf8"));
  const begun = said("Litestream copies the database.");
  process.kill(pid, "SIGKILL");
  await begun;
  const status = await replication.status();
  expect(status).toMatchObject({ state: "running", restarts: 1, where: join(folder, "copies") });
  expect(status.lastError?.message).toContain("SIGKILL");
  const written = said("wal segment written");
  await db.batch([put(1)]);
  await written;
  const after = await replication.status();
  expect(after.behindBytes).toBe(0);
  expect(after.lastCopyMs).toBeGreaterThanOrEqual(status.sinceMs);
});

test("a drill restores, compares and leaves nothing behind; a replica that lacks rows is found out", async () => {
  const { db, replication, said } = await copied(localReplica());
  const begun = said("wal segment written");
  await replication.start();
  await begun;
  await db.batch(Array.from({ length: 1500 }, (_, i) => put(i)));
  await replication.stop();
  const drill = from(localReplica());
  expect(await drillRestore(db, drill)).toBe(1500);
  expect(readdirSync(join(folder, "data")).filter((name) => name.includes("drill"))).toEqual([]);
  await db.batch(Array.from({ length: 1500 }, (_, i) => put(5000 + i)));
  await expect(drillRestore(db, drill)).rejects.toThrow("lacks 1500 of 3000 rows of thing");
});

test("the database empties its log by itself while Litestream is away for over a minute", async () => {
  const { db } = await copied(localReplica());
  const clock = heldClock();
  const pages: number[] = [];
  const watched: SqliteDb = { ...db, checkpointEvery: (count) => void pages.push(count) };
  const log = createLog({ now: clock.now, level: "error", form: "json", write: () => undefined });
  const replication = createReplication({
    ...{ db: watched, dataDir: join(folder, "data"), replica: localReplica(), now: clock.now, log },
    program: join(folder, "missing"),
  });
  opened.push(replication);
  await replication.start();
  expect(await replication.status()).toMatchObject({ state: "waiting", restarts: 1, behindBytes: null });
  expect((await replication.status()).lastError?.message).toContain("litestream_path");
  replication.look();
  clock.advance(61_000);
  replication.look();
  expect(pages).toEqual([0, DEFAULT_AUTOCHECKPOINT_PAGES]);
});

test("a bucket is as good as a folder", async () => {
  const s3 = await startS3(join(folder, "s3"), "copies");
  const replica: Replica = {
    url: `s3://copies/pub/one?endpoint=${encodeURIComponent(s3.endpoint)}&region=us-east-1`,
    accessKeyId: s3.accessKeyId,
    secretAccessKey: s3.secretAccessKey,
  };
  try {
    const { db, replication, said } = await copied(replica);
    const written = said("wal segment written");
    await replication.start();
    await written;
    await db.batch([put(1), put(2)]);
    await db.stop();
    await replication.stop();
    expect(readFileSync(join(folder, "data", "litestream.json"), "utf8")).not.toContain("S3RVER");
    const to = join(folder, "restored.db");
    await restoreInto(from(replica), { to });
    expect(await keysIn(to)).toEqual([1, 2]);
    const empty = { ...replica, url: replica.url.replace("pub/one", "pub/two") };
    await expect(restoreInto(from(empty), { to: `${to}.2` })).rejects.toMatchObject({ code: "not-found" });
    const wrong = { ...replica, url: replica.url.replace("s3://copies", "s3://nobody") };
    await restoreInto(from(wrong), { to: `${to}.3` }).then(
      () => expect.unreachable(),
      (error) => expect(["upstream", "not-found"]).toContain(error.code),
    );
  } finally {
    await s3.stop();
  }
});
