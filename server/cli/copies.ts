/** What is known of the database's copies from outside the server: whether Litestream runs, and what lies in `backups/`. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { type Config, replicaOf } from "../settings.ts";
import { PID_FILE } from "../storage/sqlite/litestream-child.ts";
import { askProgress } from "../storage/sqlite/litestream-metrics.ts";
import { shownReplica } from "../storage/sqlite/replica.ts";

export interface ReplicaState {
  /** Without secrets. */
  readonly where: string;
  readonly isRunning: boolean;
  /** Bytes that the replica lacks; null when that is not known. */
  readonly behindBytes: number | null;
  readonly syncErrors: number;
}

export interface LocalCopy {
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly madeMs: number;
}

/** Null where no replica is asked for. */
export async function readReplica(config: Config): Promise<ReplicaState | null> {
  const replica = replicaOf(config);
  if (replica === null) return null;
  const where = shownReplica(replica);
  const isRunning = runs(join(config.dataDir, PID_FILE));
  const port = isRunning ? metricsPort(join(config.dataDir, "litestream.json")) : null;
  const progress = port === null ? null : await askProgress(port);
  return {
    where,
    isRunning,
    behindBytes: progress?.behindBytes ?? null,
    syncErrors: progress?.syncErrors ?? 0,
  };
}

/** Whole copies beside the database, newest first. */
export function listCopies(dataDir: string): readonly LocalCopy[] {
  const folder = join(dataDir, "backups");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".db"))
    .map((name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = statSync(path);
      return { path, sizeBytes: size, madeMs: Math.floor(mtimeMs) };
    })
    .sort((a, b) => b.madeMs - a.madeMs);
}

/** The process that the file names is a Litestream, and not one that has got its number since. */
function runs(pidFile: string): boolean {
  try {
    const pid = readFileSync(pidFile, "utf8").trim();
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith("litestream");
  } catch {
    // @NOTE No file or no process: it does not run.
    return false;
  }
}

function metricsPort(configFile: string): number | null {
  if (!existsSync(configFile)) return null;
  const config = parseJson(readFileSync(configFile, "utf8"));
  const address = isJsonObject(config) && typeof config.addr === "string" ? config.addr : "";
  return Number(address.split(":")[1]) || null;
}
