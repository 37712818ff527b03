/** `commons backup restore`: a moment of the past, in the place of the database. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemNow, toIso } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { type Config, databaseOf, replicaOf } from "../settings.ts";
import { runAside } from "../storage/sqlite/aside.ts";
import { checkIntegrity, copyInto } from "../storage/sqlite/copies.ts";
import { lockFolder } from "../storage/sqlite/lock.ts";
import { putInPlace, restoreInto } from "../storage/sqlite/restore.ts";
import { type Call, type Command, EXIT, textOption } from "./command.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";
import { onlySqlite } from "./only-sqlite.ts";

export const backupRestore: Command = {
  name: "backup restore",
  summary: "Bring a moment of the past back, from the replica or a copy; stop the server first.",
  options: [
    { name: "at", takes: "TIME", help: "Which moment, like 2026-11-22T12:00:00Z [the newest]." },
    { name: "from", takes: "FILE", help: "A copy of the folder backups, in place of the replica." },
    { name: "to", takes: "FILE", help: "Only write the database there, and leave this server's alone." },
  ],
  async run(call) {
    const { config } = call.load();
    onlySqlite(config);
    makeDataFolder(config.dataDir);
    refuseForRoot(config.dataDir);
    const to = textOption(call, "to");
    if (to !== null) {
      await bring(call, config, resolve(to));
      tell(call, { restored: resolve(to), kept: null, newest: await newestIn(resolve(to)) });
      return EXIT.good;
    }
    const letGo = lockFolder(config.dataDir);
    try {
      const path = databaseOf(config);
      const unfinished = `${path}.restored`;
      for (const part of ["", "-wal", "-shm"]) rmSync(unfinished + part, { force: true });
      await bring(call, config, unfinished);
      const newest = await newestIn(unfinished);
      tell(call, { restored: path, kept: await putInPlace(path, unfinished, systemNow()), newest });
      return EXIT.good;
    } finally {
      letGo();
    }
  },
};

/** Writes the wanted moment to the new file `to`, checked. */
async function bring(call: Call, config: Config, to: string): Promise<void> {
  const from = textOption(call, "from");
  const atMs = momentOf(textOption(call, "at"));
  if (from !== null) {
    if (atMs !== null)
      throw new Problem("invalid", "--at chooses a moment of the replica; a copy has one alone.");
    await copyFrom(resolve(from), to);
    return;
  }
  const replica = replicaOf(config);
  if (replica === null)
    throw new Problem("invalid", "There is no replica: set replica_url, or name a copy with --from FILE.");
  const { dataDir, litestreamPath } = config;
  await restoreInto(
    { path: databaseOf(config), dataDir, replica, program: litestreamPath },
    { to, ...(atMs === null ? {} : { atMs }) },
  );
}

async function copyFrom(from: string, to: string): Promise<void> {
  if (!existsSync(from))
    throw new Problem("not-found", `There is no file ${from}. \`commons backup status\` lists copies.`);
  if (existsSync(to))
    throw new Problem("conflict", `${to} exists. Restore into a new file, or move that one away.`);
  mkdirSync(join(to, ".."), { recursive: true, mode: 0o700 });
  try {
    await copyInto(from, to);
    await checkIntegrity(to);
    await refuseEmpty(from, to);
  } catch (error) {
    rmSync(to, { force: true });
    if (isProblem(error)) throw error;
    throw new Problem("invalid", `${from} is no sound database. Choose another copy.`, {}, { cause: error });
  }
}

/** To SQLite, a file of no bytes is a sound database. */
async function refuseEmpty(from: string, copy: string): Promise<void> {
  const [tables = []] = await runAside(copy, [{ text: "SELECT 1 FROM sqlite_master LIMIT 1" }]);
  if (tables.length === 0)
    throw new Problem("invalid", `${from} is a database that holds nothing. Choose another copy.`);
}

function momentOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new Problem("invalid", `--at is "${text}": write a time like 2026-11-22T12:00:00Z.`);
  if (ms > systemNow()) throw new Problem("invalid", `--at is ${toIso(ms)}, which is still to come.`);
  return ms;
}

/** When the newest came that it holds, posted here or elsewhere: tells which moment it is. Null where nothing did. */
async function newestIn(path: string): Promise<string | null> {
  const text = "SELECT key FROM object ORDER BY key DESC LIMIT 1";
  // @NOTE A database of long ago, or of another program: it has no such table.
  const [rows = []] = await runAside(path, [{ text }]).catch(() => [[]]);
  const key = rows[0]?.key;
  return key === undefined ? null : toIso(timeOfKey(Number(key)));
}

function tell(call: Call, answer: { restored: string; kept: string | null; newest: string | null }): void {
  if (call.isJson) {
    call.print(JSON.stringify(answer));
    return;
  }
  call.print(`${answer.restored} is restored.`);
  if (answer.newest) call.print(`The newest that it holds is of ${answer.newest}.`);
  if (answer.kept) call.print(`What was there before is in ${answer.kept}.`);
}
