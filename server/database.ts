/** The database that the settings name, brought forward to this program's schema. */
import { migrations } from "../migrations/index.ts";
import type { Now } from "./lib/clock.ts";
import { isProblem, Problem } from "./lib/problem.ts";
import { type Config, databaseOf, replicaOf } from "./settings.ts";
import type { Db } from "./storage/db.ts";
import { migrate, pendingMigrations } from "./storage/migrate.ts";
import { openDb } from "./storage/open.ts";
import type { Node } from "./storage/postgres/open.ts";
import { lockFolder } from "./storage/sqlite/lock.ts";
import { isBlank, traceOfLost } from "./storage/sqlite/lost.ts";
import { sqliteOf } from "./storage/sqlite/open.ts";

/**
 * Opens it, or makes it at the first start. Throws Problem `conflict` where there was one and now is none: a new one could
 * be claimed by anybody, and would be copied over what is left of the old. `node` is given by a server.
 */
export async function openDatabase(config: Config, node?: Node): Promise<Db> {
  const url = databaseOf(config);
  if (config.databaseUrl === null && (await isBlank(url))) await refuseLost(config);
  return openDb(node === undefined ? { url } : { url, node });
}

async function refuseLost(config: Config): Promise<void> {
  const path = databaseOf(config);
  const trace = await lostDatabase(config);
  if (trace === null) return;
  throw new Problem(
    "conflict",
    `There is no database at ${path}, but ${trace}. \`commons backup status\` lists what can be brought back, and ` +
      "`commons backup restore` brings it. For a new beginning choose an empty data folder, and an empty place for replica_url.",
    { reason: "lost" },
  );
}

/** What shows that the database, which is not there, was there once; see `traceOfLost`. */
export const lostDatabase = (config: Config): Promise<string | null> =>
  traceOfLost({
    path: databaseOf(config),
    dataDir: config.dataDir,
    replica: replicaOf(config),
    program: config.litestreamPath,
  });

/**
 * Applies what the database lacks and returns its names. A server would not notice that the schema of its SQLite file
 * changes: so the data folder is held meanwhile, unless this process `holdsFolder` already.
 * Throws Problem `conflict` where another process holds it, or the schema is a newer one.
 */
export async function bringForward(deps: {
  readonly db: Db;
  readonly dataDir: string;
  readonly now: Now;
  readonly holdsFolder: boolean;
}): Promise<readonly string[]> {
  const { db, dataDir, now, holdsFolder } = deps;
  const sqlite = sqliteOf(db);
  const isShared = sqlite !== null && sqlite.path !== ":memory:" && !holdsFolder;
  const missing = isShared ? await pendingMigrations(db, migrations) : [];
  const letGo = missing.length > 0 ? holdToMigrate(dataDir, missing) : () => {};
  try {
    return await migrate({ db, migrations, now });
  } finally {
    letGo();
  }
}

function holdToMigrate(dataDir: string, missing: readonly string[]): () => void {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    throw new Problem(
      "conflict",
      `The database lacks ${missing.join(", ")}, and another process is at work on it. Restart the server, which adds it, and try again.`,
      { reason: "locked" },
      { cause: error },
    );
  }
}
