/** Tells a database that is gone from one that has never been. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runAside } from "./aside.ts";
import { findGenerations } from "./moments.ts";
import { type Replica, shownReplica } from "./replica.ts";

/** The tables of this program, all of them empty, take ten times as much. */
const MAX_BLANK_BYTES = 64 * 1024;

/** Whether there is no file, or one in which nothing was ever kept. */
export async function isBlank(path: string): Promise<boolean> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return true;
  if (size > MAX_BLANK_BYTES) return false;
  // Whoever looks which migrations are missing makes their table.
  const text = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name <> 'migration' LIMIT 1";
  try {
    const [tables = []] = await runAside(path, [{ text }]);
    return tables.length === 0;
  } catch {
    // @NOTE What cannot be read may hold everything.
    return false;
  }
}

/**
 * What shows that there was a database at `path`, where there is none now, as words that follow "but"; null where nothing
 * does. Throws Problem `upstream` when the replica cannot be asked, and what `findLitestream` throws.
 */
export async function traceOfLost(at: {
  readonly path: string;
  readonly dataDir: string;
  readonly replica: Replica | null;
  readonly program: string | null;
}): Promise<string | null> {
  const { path, replica } = at;
  const backups = join(dirname(path), "backups");
  if (existsSync(backups) && readdirSync(backups).some((name) => name.endsWith(".db")))
    return `copies of one are in ${backups}`;
  if (existsSync(join(dirname(path), `.${basename(path)}-litestream`)))
    return "Litestream has copied one from there";
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    return `the log of one is at ${path}-wal`;
  if (replica === null) return null;
  const generations = (await findGenerations({ ...at, replica })) ?? [];
  return generations.length > 0 ? `the replica ${shownReplica(replica)} holds one` : null;
}
