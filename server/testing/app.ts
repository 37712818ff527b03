/** A whole app for a test: on a fresh database, in a folder of its own, with a clock that stands still and no network. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PasswordHasher } from "../accounts/hashing.ts";
import { type App, createApp } from "../app.ts";
import { loadConfig } from "../config.ts";
import { heldClock } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import type { JsonObject } from "../lib/json.ts";
import { createLog, type LogLine } from "../lib/log.ts";
import { upstream } from "../lib/upstream.ts";
import { createQueries } from "../queries/create.ts";
import type { Queries } from "../queries/queries.ts";
import type { Config } from "../settings.ts";
import type { Engine } from "./engines.ts";
import { pooledKeyPair } from "./key-pairs.ts";

export interface TestApp extends App {
  /** `a.test`. */
  readonly host: string;
  /** `https://a.test`. */
  readonly origin: string;
  readonly clock: ReturnType<typeof heldClock>;
  /** What the faces read. */
  readonly queries: Queries;
  /** Warnings and errors so far, newest first. An app that is well says no error, whatever strangers send. */
  warnings(): readonly LogLine[];
  /** Answers a request to a path of this app, as its own browser or any client would send it. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestAppOptions {
  readonly host?: string;
  readonly clock?: ReturnType<typeof heldClock>;
  /** How it reaches others; without one, nobody answers. */
  readonly fetch?: Fetch;
  readonly config?: Partial<Config>;
  /** What makes stills of films; nothing does where it is not given, whatever is installed. */
  readonly ffmpeg?: string;
  /** Files of its `extensions/` folder, by name. */
  readonly extensions?: Readonly<Record<string, JsonObject>>;
}

/** For tests alone: argon2id would take most of their time. */
export const cheapHasher: PasswordHasher = {
  hash: async (password) => `cheap:${password}`,
  verify: async (password, hash) => hash === `cheap:${password}`,
};

const nobodyAnswers: Fetch = async (url) => {
  throw upstream("refused", url);
};

/** Stopped, and its folder removed, when the tests of this engine are done. Call it inside a test or a hook. */
export async function testApp(engine: Engine, options: TestAppOptions = {}): Promise<TestApp> {
  const { host = "pub.test", clock = heldClock(), fetch = nobodyAnswers } = options;
  const origin = `https://${host}`;
  const folder = await mkdtemp(join(tmpdir(), "commons-app-"));
  for (const [name, extension] of Object.entries(options.extensions ?? {})) {
    await Bun.write(join(folder, "extensions", name), JSON.stringify(extension));
  }
  const { config } = loadConfig({ flags: { data_dir: folder, origin }, env: {}, cwd: folder });
  const log = createLog({ now: clock.now, level: "error", form: "json", write: () => undefined });
  const app = await createApp({
    config: { ...config, ...options.config },
    db: await engine.freshDb(),
    log,
    now: clock.now,
    fetch,
    hasher: cheapHasher,
    makeKeyPair: pooledKeyPair,
    ffmpeg: options.ffmpeg ?? null,
  });
  // It knows what waits from its first look on, as one that has started does; only it does nothing by itself.
  await app.worker.drain();
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  };
  engine.whenDone(stop);
  return {
    ...app,
    host,
    origin,
    clock,
    queries: createQueries({ ...app.opened, now: clock.now, log, ...app.federation }),
    warnings: () => log.lastWarnings(),
    ask: (path, init) => app.edge(new Request(`${origin}${path}`, init)),
    stop,
  };
}
