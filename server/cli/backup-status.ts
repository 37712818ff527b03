/** `commons backup status`: where copies are, how old, and whether Litestream keeps up. */
import { systemNow, toIso } from "../lib/clock.ts";
import { type Command, EXIT } from "./command.ts";
import { listCopies, type ReplicaState, readReplica } from "./copies.ts";
import { onlySqlite } from "./only-sqlite.ts";

const HOUR_MS = 60 * 60 * 1000;

export const backupStatus: Command = {
  name: "backup status",
  summary: "Tell where copies of the database are, how old, and whether the replica keeps up.",
  async run({ load, isJson, print }) {
    const { config } = load();
    onlySqlite(config);
    const replica = await readReplica(config);
    const copies = listCopies(config.dataDir);
    if (isJson) {
      print(
        JSON.stringify({ replica, copies: copies.map((copy) => ({ ...copy, madeMs: toIso(copy.madeMs) })) }),
      );
      return EXIT.good;
    }
    print(`Replica  ${replica === null ? "none: set replica_url" : `${replica.where}, ${howItIs(replica)}`}`);
    for (const { path, sizeBytes, madeMs } of copies) {
      const hours = Math.floor((systemNow() - madeMs) / HOUR_MS);
      print(`Copy     ${path}  ${(sizeBytes / 1e6).toFixed(1)} MB  ${toIso(madeMs)} (${hours} hours old)`);
    }
    if (copies.length === 0) print("Copy     none yet: `commons backup now` makes one");
    return EXIT.good;
  },
};

export function howItIs({ isRunning, behindBytes, syncErrors }: ReplicaState): string {
  if (!isRunning) return "not running (the server starts it)";
  if (syncErrors > 0) return `${syncErrors} errors while copying; the server's log has them`;
  if (behindBytes === null) return "running, nothing copied yet";
  return behindBytes === 0 ? "up to date" : `${behindBytes} bytes behind`;
}
