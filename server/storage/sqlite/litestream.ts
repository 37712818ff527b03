/** Runs Litestream beside the database: starts it again when it ends, and tells how it is. */
import { mkdirSync, writeFileSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Now } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { DEFAULT_AUTOCHECKPOINT_PAGES } from "./connection.ts";
import { type Child, endOrphan, type LitestreamLine, PID_FILE, startChild } from "./litestream-child.ts";
import { askProgress } from "./litestream-metrics.ts";
import { findLitestream } from "./litestream-program.ts";
import type { SqliteDb } from "./open.ts";
import { litestreamConfig, litestreamEnvironment, type Replica, shownReplica } from "./replica.ts";

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 60_000;
/** Whoever ran so long is taken for healthy. */
const STEADY_MS = 10_000;
/** How often the size of the log and the health of the child are looked at. */
const WATCH_MS = 10_000;
/** Without Litestream for so long, the database looks after its log by itself again. */
const MAX_DOWN_MS = 60_000;
/** A log of this size means that Litestream does not keep up; the database then empties it by itself. */
const MAX_WAL_BYTES = 256 * 1024 * 1024;

export interface ReplicationStatus {
  readonly state: "running" | "waiting" | "stopped";
  /** Since when it is in that state: milliseconds since 1970. */
  readonly sinceMs: number;
  /** Where the copies go, without secrets. */
  readonly where: string;
  readonly restarts: number;
  readonly lastError: { readonly timeMs: number; readonly message: string } | null;
  /** When something was last copied, by this process's knowledge. */
  readonly lastCopyMs: number | null;
  /** Bytes that the replica lacks; null when that is not known. */
  readonly behindBytes: number | null;
  /** Size of the database's write-ahead log. */
  readonly walBytes: number;
}

export interface Replication {
  /** Starts the child; resolves once it runs, or has failed for the first time. Never throws: see `status`. */
  start(): Promise<void>;
  status(): Promise<ReplicationStatus>;
  /** Takes the log back when Litestream is away or too slow; once started, it happens every ten seconds by itself. */
  look(): void;
  /** After the database is closed: lets Litestream copy what is left, and end. */
  stop(): Promise<void>;
}

/** `dataDir` takes the program (`bin/`), its configuration and the number of its process. */
export function createReplication(deps: {
  readonly db: SqliteDb;
  readonly dataDir: string;
  readonly replica: Replica;
  /** Setting `litestream_path`. */
  readonly program: string | null;
  readonly now: Now;
  readonly log: Log;
}): Replication {
  const { db, dataDir, replica, now, log } = deps;
  const where = shownReplica(replica);
  let child: Child | null = null;
  let port = 0;
  let state: ReplicationStatus["state"] = "stopped";
  let sinceMs = now();
  let downSinceMs: number | null = now();
  let restarts = 0;
  let delayMs = FIRST_DELAY_MS;
  let lastError: ReplicationStatus["lastError"] = null;
  let lastCopyMs: number | null = null;
  let isStopping = false;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let watch: ReturnType<typeof setInterval> | null = null;

  const enter = (next: ReplicationStatus["state"]): void => {
    state = next;
    sinceMs = now();
  };

  function failed(message: string): void {
    lastError = { timeMs: now(), message };
    log.warn("Litestream does not copy the database.", { error: message, where });
  }

  function heard({ level, message, error }: LitestreamLine): void {
    if (/^(wal segment|snapshot) written$/.test(message)) lastCopyMs = now();
    if (level === "warn" || level === "error") failed(error ? `${message}: ${error}` : message);
    else log.debug(`Litestream: ${message}`);
  }

  async function run(): Promise<void> {
    retry = null;
    try {
      const program = await realpath(await findLitestream({ dataDir, given: deps.program }));
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      const pidFile = join(dataDir, PID_FILE);
      if (await endOrphan(pidFile)) log.info("Ended the Litestream of a server that was killed.");
      port = await freePort();
      const configFile = join(dataDir, "litestream.json");
      const version = await versionOf(program);
      const config = litestreamConfig({ path: await realpath(db.path), replica, port, version });
      writeFileSync(configFile, config, { mode: 0o600 });
      if (isStopping) return;
      db.checkpointEvery(0);
      child = startChild({
        program,
        configFile,
        pidFile,
        environment: litestreamEnvironment(replica),
        heard,
      });
      enter("running");
      log.info("Litestream copies the database.", { where, version });
      void child.ended.then(ended);
    } catch (error) {
      ended(error instanceof Error ? error.message : String(error));
    }
  }

  function ended(why: string): void {
    child = null;
    if (isStopping) return;
    const wasSteady = state === "running" && now() - sinceMs >= STEADY_MS;
    if (wasSteady) delayMs = FIRST_DELAY_MS;
    if (wasSteady || downSinceMs === null) downSinceMs = now();
    enter("waiting");
    failed(why);
    restarts++;
    retry = setTimeout(run, delayMs);
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  }

  /** Litestream empties the log while it is well; otherwise the database must, or the disk fills. */
  function look(): void {
    const isSteady = state === "running" && now() - sinceMs >= STEADY_MS;
    if (isSteady) downSinceMs = null;
    const walBytes = db.walBytes();
    const isDown = downSinceMs !== null && now() - downSinceMs > MAX_DOWN_MS;
    if (walBytes > MAX_WAL_BYTES)
      log.warn("The database's log grows faster than it is copied.", { walBytes });
    db.checkpointEvery(isDown || walBytes > MAX_WAL_BYTES ? DEFAULT_AUTOCHECKPOINT_PAGES : 0);
  }

  return {
    look,

    async start() {
      isStopping = false;
      watch = setInterval(look, WATCH_MS);
      await run();
    },

    async status() {
      const progress = state === "running" ? await askProgress(port) : null;
      return {
        ...{ state, sinceMs, where, restarts, lastError, lastCopyMs },
        behindBytes: progress?.behindBytes ?? null,
        walBytes: db.walBytes(),
      };
    },

    async stop() {
      isStopping = true;
      if (retry) clearTimeout(retry);
      if (watch) clearInterval(watch);
      await child?.stop();
      await child?.ended;
      enter("stopped");
    },
  };
}

/** `v0.3.13`, as the program tells it; empty when it does not. */
export async function versionOf(program: string): Promise<string> {
  const child = Bun.spawn([program, "version"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    env: {},
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  return text.trim();
}

/** A port of loopback that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
