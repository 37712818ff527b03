/** Brings a database back from its replica: to a new file, checked, and only then in the place of the old one. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { toIso } from "../../lib/clock.ts";
import { isJsonObject, parseJson } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import { runAside } from "./aside.ts";
import { BEFORE_RESTORE, checkIntegrity, fileTime } from "./copies.ts";
import { versionOf } from "./litestream.ts";
import { endOrphan, PID_FILE } from "./litestream-child.ts";
import { findLitestream } from "./litestream-program.ts";
import type { SqliteDb } from "./open.ts";
import { litestreamConfig, litestreamEnvironment, type Replica } from "./replica.ts";

export interface RestoreFrom {
  /** Where the database is, or was: its path names it in Litestream's configuration. */
  readonly path: string;
  readonly dataDir: string;
  readonly replica: Replica;
  /** Setting `litestream_path`. */
  readonly program: string | null;
}

/**
 * Restores into the new file `to`, as of `atMs` (to the second; the newest when it is not given), and checks it.
 * Throws Problem `not-found` when the replica holds nothing of that time, `conflict` when `to` exists,
 * `upstream` with Litestream's words when it fails, and an Error when what came is damaged.
 */
export async function restoreInto(
  from: RestoreFrom,
  options: { readonly to: string; readonly atMs?: number },
): Promise<void> {
  const { to, atMs } = options;
  if (existsSync(to)) {
    throw new Problem("conflict", `${to} exists. Restore into a new file, or move that one away.`);
  }
  const program = await findLitestream({ dataDir: from.dataDir, given: from.program });
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const configFile = `${to}.litestream.json`;
  const version = await versionOf(program);
  writeFileSync(configFile, litestreamConfig({ ...from, port: 0, version }), { mode: 0o600 });
  try {
    const time = atMs === undefined ? [] : ["-timestamp", toIso(Math.floor(atMs / 1000) * 1000)];
    const child = Bun.spawn(
      [program, "restore", "-config", configFile, "-no-expand-env", ...time, "-o", to, from.path],
      { stdin: "ignore", stdout: "ignore", stderr: "pipe", env: litestreamEnvironment(from.replica) },
    );
    const said = await new Response(child.stderr).text();
    if ((await child.exited) !== 0 || !existsSync(to)) throw refusal(said, atMs !== undefined);
  } finally {
    for (const rest of [configFile, `${to}.tmp`, `${to}.tmp-shm`, `${to}.tmp-wal`])
      rmSync(rest, { force: true });
  }
  await checkIntegrity(to);
}

function refusal(said: string, isOfTime: boolean): Problem {
  if (said.includes("no matching backups found")) {
    return new Problem(
      "not-found",
      isOfTime
        ? "The replica holds no copy of that time. Choose a later time, or check replica_url."
        : "The replica holds no copy. Check replica_url, or name a copy of the folder backups with --from FILE.",
    );
  }
  const last = parseJson(said.trim().split("\n").at(-1) ?? "");
  const why = isJsonObject(last) && typeof last.error === "string" ? last.error : said.trim().slice(-300);
  return new Problem("upstream", `Litestream could not restore: ${why}`);
}

/**
 * Puts a restored file in the place of the database `path`, which no process may have open. What was there is kept as
 * `before-restore-TIME.db` in the folder `backups`, with a number where that is there already; returns its path, or null
 * when there was nothing.
 */
export async function putInPlace(path: string, restored: string, nowMs: number): Promise<string | null> {
  await endOrphan(join(dirname(path), PID_FILE));
  let kept: string | null = null;
  if (existsSync(path)) {
    const folder = join(dirname(path), "backups");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    kept = newName(join(folder, `${BEFORE_RESTORE}-${fileTime(nowMs)}`));
    await foldLog(path);
    for (const part of ["-wal", "-shm", ""]) {
      if (existsSync(path + part)) renameSync(path + part, kept + part);
    }
  }
  for (const part of ["-wal", "-shm"]) rmSync(path + part, { force: true });
  // Litestream's memory of the old file: with it, it would go on from a wrong position.
  rmSync(join(dirname(path), `.${basename(path)}-litestream`), { recursive: true, force: true });
  for (const part of ["-wal", "-shm", ""]) {
    if (existsSync(restored + part)) renameSync(restored + part, path + part);
  }
  return kept;
}

/** `PATH.db`, or `PATH-2.db` and so on: the first that no file has. */
function newName(path: string): string {
  let name = `${path}.db`;
  for (let n = 2; existsSync(name); n++) name = `${path}-${n}.db`;
  return name;
}

/** Writes into the file what was committed last, so that the file alone is all of the database. */
async function foldLog(path: string): Promise<void> {
  await runAside(path, [{ text: "PRAGMA wal_checkpoint(TRUNCATE)" }]).catch(() => {
    // @NOTE A database that is replaced may be damaged: then its log goes along as it is.
  });
}

/** Rows that a table may be behind while it is written to, in all and as a share. */
const MAX_MISSING_ROWS = 1000;
const MAX_MISSING_SHARE = 0.05;

/**
 * Restores beside the database, checks what came, compares the number of rows of each table, and throws it away.
 * Returns the rows found. Throws like `restoreInto`, or an Error that names the table that lacks rows.
 */
export async function drillRestore(db: SqliteDb, from: Omit<RestoreFrom, "path">): Promise<number> {
  const to = join(from.dataDir, "restore-drill.db");
  const clear = (): void => {
    for (const part of ["", "-wal", "-shm"]) rmSync(to + part, { force: true });
  };
  clear();
  try {
    const before = await countRows(db.path);
    await restoreInto({ ...from, path: db.path }, { to });
    const restored = await countRows(to);
    const after = await countRows(db.path);
    for (const [table, rowsBefore] of before) {
      // What was deleted meanwhile is not missing.
      const rows = Math.min(rowsBefore, after.get(table) ?? 0);
      const missing = rows - (restored.get(table) ?? 0);
      if (missing > MAX_MISSING_ROWS && missing > rows * MAX_MISSING_SHARE) {
        throw new Error(
          `The copy of the database lacks ${missing} of ${rows} rows of ${table}. Check the replica.`,
        );
      }
    }
    return [...restored.values()].reduce((sum, rows) => sum + rows, 0);
  } finally {
    clear();
  }
}

async function countRows(path: string): Promise<ReadonlyMap<string, number>> {
  const [tables = []] = await runAside(path, [
    {
      text: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '!_%' ESCAPE '!' AND sql NOT LIKE '%VIRTUAL%'",
    },
  ]);
  const names = tables.map(({ name }) => String(name)).filter((name) => !name.startsWith("sqlite_"));
  const counts = await runAside(
    path,
    names.map((name) => ({ text: `SELECT count(*) AS n FROM "${name}"` })),
  );
  return new Map(names.map((name, i) => [name, Number(counts[i]?.[0]?.n ?? 0)]));
}
