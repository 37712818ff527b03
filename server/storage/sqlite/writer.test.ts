/** Batches that arrive together share one commit, and nothing that was answered is lost. */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expecting, raw, sql } from "../../lib/sql.ts";
import { openSqlite, type SqliteDb } from "./open.ts";

let folder: string;
let path: string;
let db: SqliteDb;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commons-sqlite-"));
  path = join(folder, "commons.db");
  db = openSqlite({ path });
  await db.batch([sql`CREATE TABLE thing (key INTEGER PRIMARY KEY, text TEXT)`]);
});
afterEach(async () => {
  await db.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = (key: number, text = "") => sql`INSERT INTO thing (key, text) VALUES (${key}, ${text})`;
const count = async () => (await db.one<{ n: number }>(sql`SELECT count(*) AS n FROM thing`))?.n;

/** Commits in the write-ahead log: frames that tell the size of the database (SQLite file format §4.1). */
function commits(): number {
  const log = readFileSync(`${path}-wal`);
  const frameBytes = 24 + log.readUInt32BE(8);
  let found = 0;
  for (let at = 32; at < log.length; at += frameBytes) if (log.readUInt32BE(at + 4) > 0) found++;
  return found;
}

test("the few batches of one turn share one commit, and a turn later there is another", async () => {
  const before = commits();
  await Promise.all(Array.from({ length: 7 }, (_, i) => db.batch([put(i)])));
  expect(commits() - before).toBe(1);
  await db.batch([put(100)]);
  expect(commits() - before).toBe(2);
});

test("a turn that writes much is on disk in part before it ends, in its order and with few commits", async () => {
  const before = commits();
  const batches = Array.from({ length: 500 }, (_, i) => db.batch([put(i)]));
  const other = new Database(path);
  const written = () => other.prepare("SELECT key FROM thing ORDER BY rowid").values().flat();
  let early = written();
  // The turn goes on: nothing of this thread can run, only the writer's.
  for (let waits = 0; early.length === 0 && waits < 1000; waits++) {
    Bun.sleepSync(10);
    early = written();
  }
  expect(early.length).toBeGreaterThan(0);
  expect(early).toEqual(Array.from(early, (_, i) => i));
  other.close();
  await Promise.all(batches);
  expect(await count()).toBe(500);
  expect(commits() - before).toBeLessThanOrEqual(Math.ceil(500 / 8));
});

test("a commit that fails as a whole is refused to those alone that cannot be", async () => {
  await db.batch([
    sql`CREATE TABLE child (thing BIGINT REFERENCES thing (key) DEFERRABLE INITIALLY DEFERRED)`,
  ]);
  const orphan = db.batch([sql`INSERT INTO child (thing) VALUES (${77})`]);
  const outcomes = await Promise.allSettled([db.batch([put(1)]), orphan, db.batch([put(2)])]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await expect(orphan).rejects.toMatchObject({ code: "invalid", detail: { reason: "foreign-key" } });
  expect(await count()).toBe(2);
});

test("memory that is given back in the midst of work is missed by nobody", async () => {
  const text = "a".repeat(4_000);
  const writing = Array.from({ length: 50 }, (_, i) => db.batch([put(i, text)]));
  db.releaseMemory();
  await Promise.all(writing);
  db.releaseMemory();
  await db.batch([put(50, text)]);
  expect(await count()).toBe(51);
});

test("nobody reads what is not committed", async () => {
  const seen: unknown[] = [];
  const writing = db.batch([put(1), expecting(1, put(2), () => new Error("Not put."))]);
  seen.push(await count());
  await writing;
  seen.push(await count());
  expect(seen).toEqual([0, 2]);
});

test("a column that PostgreSQL would name otherwise is found out", async () => {
  await expect(db.all(sql`SELECT count(*) FROM thing`)).rejects.toThrow("lower-case name");
  await expect(db.all(sql`SELECT key AS theKey FROM thing`)).rejects.toThrow("theKey");
});

test("the log is emptied by the database only when it is told to", async () => {
  const text = "x".repeat(3000);
  db.checkpointEvery(0);
  for (let key = 0; key < 300; key++) await db.batch([put(key, text)]);
  const grown = db.walBytes();
  expect(grown).toBeGreaterThan(300 * 4096);
  db.checkpointEvery(100);
  for (let key = 300; key < 600; key++) await db.batch([put(key, text)]);
  expect(db.walBytes()).toBeLessThan(grown + 150 * 4096);
  expect(await db.sizeBytes()).toBeGreaterThan(600 * 3000);
});

/** Pages in the log, and how many of them are in the file already; asked on a connection of its own. */
function logOf(): { readonly log: number; readonly checkpointed: number } {
  const other = new Database(path);
  const [told] = other.query("PRAGMA wal_checkpoint(NOOP)").all() as { log: number; checkpointed: number }[];
  other.close();
  return told ?? { log: 0, checkpointed: 0 };
}

async function fillLog(pages: number): Promise<void> {
  const text = "x".repeat(3000);
  for (let key = (await count()) ?? 0; logOf().log < pages; key += 100)
    await db.batch(Array.from({ length: 100 }, (_, i) => put(key + i, text)));
}

test("what the log has gathered goes into the file in the next break", async () => {
  await fillLog(1200);
  while (logOf().checkpointed === 0) await Bun.sleep(20);
  const { log, checkpointed } = logOf();
  expect(checkpointed).toBe(log);
});

test("a little stays in the log, and all of it where another process takes care of it", async () => {
  await fillLog(300);
  await Bun.sleep(800);
  expect(logOf().checkpointed).toBe(0);
  db.checkpointEvery(0);
  await fillLog(1200);
  await Bun.sleep(800);
  expect(logOf().checkpointed).toBe(0);
});

test("more texts than are kept prepared all work", async () => {
  await db.batch([put(7)]);
  for (let i = 0; i < 1200; i++)
    expect(await db.one(raw(`SELECT key + ${i} AS sum FROM thing`))).toEqual({ sum: 7 + i });
});

const writer = join(import.meta.dir, "../../testing/limited-writer.ts");

test("after kill -9, everything that was answered is there", async () => {
  const other = join(folder, "other.db");
  const child = Bun.spawn([process.execPath, writer, other], { stdin: "ignore", stdout: "pipe" });
  let answered = 0;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    answered = Number(chunk.trim().split("\n").at(-1));
    if (answered >= 500) break;
  }
  child.kill("SIGKILL");
  await child.exited;
  const reopened = openSqlite({ path: other });
  const [found] = await reopened.all<{ n: number; top: number; check: string }>(
    sql`SELECT count(*) AS n, max(key) AS top FROM thing`,
  );
  expect(found?.n).toBeGreaterThanOrEqual(answered);
  expect(found?.n).toBe(found?.top ?? 0);
  expect(await reopened.all(raw("PRAGMA integrity_check"))).toEqual([{ integrity_check: "ok" }]);
  await reopened.stop();
});

test("a full disk refuses what does not fit, keeps the rest, and everything goes on once there is room", async () => {
  const other = join(folder, "other.db");
  // A file may grow to 1 MiB; the signal that tells of more is ignored, so the write fails as on a full disk.
  const child = Bun.spawn(
    [
      "sh",
      "-c",
      `trap '' XFSZ; ulimit -S -f 2048; exec "$@"`,
      "sh",
      process.execPath,
      writer,
      other,
      "bursts",
    ],
    { stdin: "pipe", stdout: "pipe" },
  );
  const lines: string[] = [];
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    lines.push(...chunk.trim().split("\n"));
    if (lines.at(-1) !== "full") continue;
    await Bun.spawn(["prlimit", "--fsize=unlimited", "--pid", String(child.pid)]).exited;
    child.stdin.write("room\n");
    await child.stdin.end();
  }
  const last = JSON.parse(lines.at(-1) ?? "null");
  expect(last.codes).toEqual(["full"]);
  expect(last.readable).toBe(true);
  const reopened = openSqlite({ path: other });
  const keys = (await reopened.all<{ key: number }>(sql`SELECT key FROM thing ORDER BY key`)).map(
    ({ key }) => key,
  );
  expect(keys).toEqual(last.answered);
  expect(last.answered.length).toBeGreaterThan(last.answeredBefore);
  expect(await reopened.all(raw("PRAGMA integrity_check"))).toEqual([{ integrity_check: "ok" }]);
  await reopened.stop();
});
