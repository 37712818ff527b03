/** Reads that may take long, on a thread and a connection of their own, which are there while somebody asks. */
import { Problem } from "../../lib/problem.ts";
import type { Sql } from "../../lib/sql.ts";
import type { Row } from "../db.ts";
import { withFixedPlan } from "./connection.ts";

/** Most take a millisecond or two: so many wait for less than a second … */
const MAX_WAITING = 256;
/** … but behind one that takes longer than this no more wait than a few. */
const LONG_MS = 2_000;
const MAX_BEHIND_LONG = 16;
/** How long the thread stays without work: between two pages of one search, but not all night. */
const IDLE_MS = 30_000;

/** Runs on the thread: JavaScript as text, so that the compiled program needs no further entry. */
const SOURCE = `
import { Database } from "bun:sqlite";
const statements = new Map();
let database;
self.onmessage = ({ data: { path, text, values } }) => {
  try {
    if (!database) {
      database = new Database(path, { readwrite: true, create: false });
      for (const pragma of ["busy_timeout = 5000", "cache_size = -8000", "query_only = ON"]) database.run("PRAGMA " + pragma);
    }
    let statement = statements.get(text);
    if (!statement) {
      if (statements.size >= 50) {
        for (const old of statements.values()) old.finalize();
        statements.clear();
      }
      statement = database.prepare(text);
      statements.set(text, statement);
    }
    self.postMessage({ rows: statement.all(...values) });
  } catch (error) {
    self.postMessage({ error: String(error?.message ?? error) });
  }
};`;

type Answer = { readonly rows: Row[] } | { readonly error: string };

export interface Patient {
  /** @throws Problem `too-many` where many others wait already. */
  all(query: Sql): Promise<Row[]>;
  /** Whoever waits still is told that the database is closed. */
  stop(): void;
}

/** `path` of the file. */
export function createPatient(path: string): Patient {
  /** Asked, oldest first: the thread answers in order. */
  let waiting: PromiseWithResolvers<Row[]>[] = [];
  let worker: Worker | null = null;
  let idle: ReturnType<typeof setTimeout> | null = null;
  let address: string | null = null;
  /** When the one in front began. */
  let begunMs = 0;

  function begin(): Worker {
    address ??= URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
    const begun = new Worker(address, { smol: true });
    begun.onmessage = ({ data }: MessageEvent<Answer>) => {
      const asked = waiting.shift();
      begunMs = performance.now();
      if ("rows" in data) asked?.resolve(data.rows);
      else asked?.reject(new Error(data.error));
      if (waiting.length === 0) rest();
    };
    begun.onerror = ({ message }) => end(new Error(`The thread that searches failed: ${message}`));
    return begun;
  }

  function rest(): void {
    idle = setTimeout(() => end(null), IDLE_MS);
    idle.unref();
  }

  function end(error: Error | null): void {
    worker?.terminate();
    worker = null;
    const left = waiting;
    waiting = [];
    for (const asked of left) asked.reject(error ?? new Error("The database is closed."));
  }

  return {
    async all({ text, values }) {
      const isHeldUp = waiting.length > 0 && performance.now() - begunMs > LONG_MS;
      if (waiting.length >= (isHeldUp ? MAX_BEHIND_LONG : MAX_WAITING))
        throw new Problem("too-many", "Too many people are searching just now. Try again in a moment.", {
          retryAfterSeconds: 2,
        });
      if (idle !== null) clearTimeout(idle);
      idle = null;
      worker ??= begin();
      const asked = Promise.withResolvers<Row[]>();
      if (waiting.length === 0) begunMs = performance.now();
      waiting.push(asked);
      worker.postMessage({ path, text: withFixedPlan(text), values });
      return asked.promise;
    },
    stop() {
      if (idle !== null) clearTimeout(idle);
      end(null);
      if (address !== null) URL.revokeObjectURL(address);
    },
  };
}
