/** Copies of the database: replicated all the time, copied whole each day, checked each night, restored each week. */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Operations } from "../web/operations.ts";
import { daily, type Task, weekly } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import { isJsonObject, parseJson } from "./lib/json.ts";
import type { Log } from "./lib/log.ts";
import { type Config, replicaOf } from "./settings.ts";
import type { Db } from "./storage/db.ts";
import { checkQuickly, copyDaily } from "./storage/sqlite/copies.ts";
import { createReplication, type Replication } from "./storage/sqlite/litestream.ts";
import { sqliteOf } from "./storage/sqlite/open.ts";
import { drillRestore } from "./storage/sqlite/restore.ts";

/** Hours (UTC) when few schools are awake anywhere near: the copy first, then what reads it all. */
const COPY_HOUR = 2;
const CHECK_HOUR = 3;
const DRILL_HOUR = 4;

export interface Copying {
  /** Begins to replicate where a replica is named. */
  start(): Promise<void>;
  readonly tasks: readonly Task[];
  state: Operations["backup"];
  /** After the database is closed. */
  stop(): Promise<void>;
}

/** When the database was last checked and restored on trial: milliseconds since 1970. */
interface Proofs {
  readonly lastCheckMs: number | null;
  readonly lastDrillMs: number | null;
  readonly lastError: string | null;
}

export function createCopying(deps: { db: Db; config: Config; now: Now; log: Log }): Copying {
  const { config, now, log } = deps;
  const db = sqliteOf(deps.db);
  if (db === null) return outside;
  const sqlite = db;
  const folder = join(dirname(sqlite.path), "backups");
  const proofsFile = join(folder, "proofs.json");
  const replica = replicaOf(config);
  const from = { dataDir: config.dataDir, program: config.litestreamPath };
  const replication: Replication | null =
    replica && createReplication({ db: sqlite, replica, now, log, ...from });

  function proofs(): Proofs {
    const nothing = { lastCheckMs: null, lastDrillMs: null, lastError: null };
    try {
      const read = parseJson(readFileSync(proofsFile, "utf8"));
      return isJsonObject(read) ? { ...nothing, ...(read as Partial<Proofs>) } : nothing;
    } catch {
      // @NOTE There is no such file before the first night.
      return nothing;
    }
  }

  function prove(change: Partial<Proofs>): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${proofsFile}.new`, JSON.stringify({ ...proofs(), ...change }));
    renameSync(`${proofsFile}.new`, proofsFile);
  }

  /** What fails is told on the admin page until it succeeds again. */
  async function proving(what: string, work: () => Promise<Partial<Proofs>>): Promise<void> {
    try {
      prove({ lastError: null, ...(await work()) });
    } catch (error) {
      prove({ lastError: `${what}: ${error instanceof Error ? error.message : String(error)}` });
      throw error;
    }
  }

  const tasks: Task[] = [
    { name: "copy", next: daily(COPY_HOUR), run: async () => void (await copyDaily(sqlite, now())) },
    {
      name: "check",
      next: daily(CHECK_HOUR),
      run: () =>
        proving("The nightly check", async () => {
          await checkQuickly(sqlite);
          return { lastCheckMs: now() };
        }),
    },
  ];
  if (replica) {
    tasks.push({
      name: "drill",
      next: weekly(DRILL_HOUR),
      run: () =>
        proving("The weekly trial restore", async () => {
          await drillRestore(sqlite, { ...from, replica });
          return { lastDrillMs: now() };
        }),
    });
  }

  return {
    tasks,
    start: async () => replication?.start(),
    async state() {
      const status = await replication?.status();
      const { lastCheckMs, lastDrillMs, lastError } = proofs();
      const error = status?.lastError && status.state !== "running" ? status.lastError.message : lastError;
      return {
        state: error ? "failing" : status ? "fine" : "off",
        target: status?.where ?? null,
        lastError: error ?? null,
        lastCopyMs: status?.lastCopyMs ?? null,
        lastFullMs: newestCopy(folder),
        lastDrillMs,
        lastCheckMs,
        restoreCommand: "commons backup restore",
      };
    },
    stop: async () => replication?.stop(),
  };
}

/** A PostgreSQL is copied with its own tools. */
const outside: Copying = {
  tasks: [],
  start: async () => {},
  state: async () => ({
    state: "outside",
    target: null,
    lastError: null,
    lastCopyMs: null,
    lastFullMs: null,
    lastDrillMs: null,
    lastCheckMs: null,
    restoreCommand: "pg_restore",
  }),
  stop: async () => {},
};

function newestCopy(folder: string): number | null {
  try {
    const times = readdirSync(folder)
      .filter((name) => name.endsWith(".db"))
      .map((name) => statSync(join(folder, name)).mtimeMs);
    return times.length === 0 ? null : Math.floor(Math.max(...times));
  } catch {
    // @NOTE The folder is made with the first copy.
    return null;
  }
}
