/** `commons backup status`: where copies are, how old, and whether Litestream keeps up. */
import { systemNow, toIso } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import { type Config, databaseOf, replicaOf } from "../settings.ts";
import { findGenerations } from "../storage/sqlite/moments.ts";
import { type Command, EXIT } from "./command.ts";
import { listCopies, type ReplicaState, readReplica } from "./copies.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";
import { onlySqlite } from "./only-sqlite.ts";

export const backupStatus: Command = {
  name: "backup status",
  summary: "Tell where copies of the database are, how old, and whether the replica keeps up.",
  async run({ load, isJson, print }) {
    const { config } = load();
    onlySqlite(config);
    const replica = await readReplica(config);
    const copies = listCopies(config.dataDir);
    const moments = await readMoments(config);
    if (isJson) {
      print(
        JSON.stringify({
          replica: replica && { ...replica, moments: typeof moments === "string" ? null : moments },
          copies: copies.map((copy) => ({ ...copy, madeMs: toIso(copy.madeMs) })),
        }),
      );
      return EXIT.good;
    }
    print(`Replica  ${replica === null ? "none: set replica_url" : `${replica.where}, ${howItIs(replica)}`}`);
    if (typeof moments === "string") print(`Moments  ${moments}`);
    else
      for (const { since, newestCopy, bytes } of moments)
        print(
          `Moments  since ${since}; newest whole copy ${newestCopy}, ${(bytes / 1e6).toFixed(2)} MB compressed`,
        );
    for (const { path, sizeBytes, madeMs } of copies) {
      const hours = Math.floor((systemNow() - madeMs) / HOUR_MS);
      print(`Copy     ${path}  ${(sizeBytes / 1e6).toFixed(1)} MB  ${toIso(madeMs)} (${hours} hours old)`);
    }
    if (copies.length === 0) print("Copy     none yet: `commons backup now` makes one");
    return EXIT.good;
  },
};

interface Moments {
  /** From then on any second can be brought back, until the next of these lines begins. */
  readonly since: string;
  readonly newestCopy: string;
  readonly bytes: number;
}

/** What the replica can bring back, newest first, or a sentence about why that is not known. */
async function readMoments(config: Config): Promise<readonly Moments[] | string> {
  const replica = replicaOf(config);
  if (replica === null) return [];
  try {
    makeDataFolder(config.dataDir);
    refuseForRoot(config.dataDir);
    const { dataDir, litestreamPath: program } = config;
    const generations = await findGenerations({ path: databaseOf(config), dataDir, replica, program });
    if (generations === null) return "not listed: this Litestream cannot tell";
    return generations.map(({ firstMs, newestMs, bytes }) => ({
      since: toIso(firstMs),
      newestCopy: toIso(newestMs),
      bytes,
    }));
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.message;
  }
}

export function howItIs({ isRunning, behindBytes, syncErrors }: ReplicaState): string {
  if (!isRunning) return "not running (the server starts it)";
  if (syncErrors > 0) return `${syncErrors} errors while copying; the server's log has them`;
  if (behindBytes === null) return "running, nothing copied yet";
  return behindBytes === 0 ? "up to date" : `${behindBytes} bytes behind`;
}
