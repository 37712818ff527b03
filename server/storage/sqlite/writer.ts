/** Writes: on a thread of their own for a file, at once for a database in memory. */
import type { Sql } from "../../lib/sql.ts";
import type { BatchResult } from "../db.ts";
import type { Connection } from "./connection.ts";
import { toProblem } from "./errors.ts";
import { commitNext, type Waiting } from "./group.ts";
import { type FromWriter, failureOf, type StatementLetter, type ToWriter } from "./letters.ts";

/**
 * A turn of the event loop that writes much, as that of a busy inbox does, hands over its first batches after so many: the
 * writer works while the turn goes on. Handed over all at its end, the two would take turns and wait for one another.
 */
const MAX_GATHERED = 8;

export interface Writer {
  /** Resolves after the commit that holds these statements; rejects when they left no trace. */
  batch(statements: readonly Sql[]): Promise<BatchResult>;
  /** Checkpoint when the write-ahead log holds so many pages; 0 leaves it to another process. */
  checkpointEvery(pages: number): void;
  /** Gives back what it keeps only to be quick. */
  releaseMemory(): void;
  /** Writes what is waiting, then refuses more. */
  stop(): Promise<void>;
}

/** Batches that arrive in one turn of the event loop share one commit. `written` is called before anybody is told of it. */
export function createWriterHere(connection: Connection, written: () => void): Writer {
  const waiting: Waiting[] = [];
  const { batch, close } = createQueue(written, Number.POSITIVE_INFINITY, (arrived) => {
    for (const one of arrived) waiting.push({ ...one, reject: (error) => one.reject(toProblem(error)) });
    while (waiting.length > 0) commitNext(connection, waiting);
  });
  return {
    batch,
    checkpointEvery: connection.checkpointEvery,
    releaseMemory: connection.releaseMemory,
    stop: async () => close(),
  };
}

/**
 * The same on another thread, with a connection of its own to the file at `path`: the disk's pauses (milliseconds, and on
 * an SD card many of them) stop nobody who reads. What arrives while it commits shares the next commit.
 */
export function createWriterThread(path: string, written: () => void): Writer {
  // `smol`: what it is sent is garbage at once, and a heap that grows with the machine's memory would keep all of it.
  const worker = new Worker(new URL("./writer-thread.ts", import.meta.url), { smol: true });
  const numbers = new Map<string, number>();
  /** Sent, oldest first. */
  const underway: Waiting[] = [];
  const stopped = Promise.withResolvers<void>();
  const tell = (letter: ToWriter) => worker.postMessage(letter);

  worker.onmessage = ({ data }: MessageEvent<FromWriter>) => {
    if ("stopped" in data) return stopped.resolve();
    const answered = underway.splice(0, data.ended.length);
    for (const [i, one] of answered.entries()) {
      const ended = data.ended[i];
      if (!ended) continue;
      if ("rows" in ended) one.resolve(ended.rows ?? one.statements.map(() => []));
      else one.reject(failureOf(ended, one.statements));
    }
  };
  worker.onerror = ({ message }) => {
    const error = new Error(`The thread that writes to the database failed: ${message}`);
    for (const one of underway.splice(0)) one.reject(error);
    stopped.resolve();
    // Without its writer the server is of no use: it ends, whoever supervises it starts it again, and nothing is lost.
    setImmediate(() => {
      throw error;
    });
  };

  const { batch, close } = createQueue(written, MAX_GATHERED, (arrived) => {
    const texts: string[] = [];
    const numberOf = (text: string): number => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      texts.push(text);
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    };
    const batches = arrived.map(({ statements }) =>
      statements.map(
        ({ text, values, expects }): StatementLetter => [numberOf(text), values, expects?.rows ?? null],
      ),
    );
    underway.push(...arrived);
    tell({ texts, batches });
  });

  tell({ open: path });
  return {
    batch,
    checkpointEvery: (pages) => tell({ checkpointEvery: pages }),
    releaseMemory: () => tell({ releaseMemory: true }),
    async stop() {
      close();
      tell({ stop: true });
      await stopped.promise;
      worker.terminate();
    },
  };
}

/** The rows of each statement that was given, none for those that were left away. */
function inPlace(given: readonly Sql[], rows: BatchResult): BatchResult {
  let at = 0;
  return given.map(({ holds }) => (holds ? [] : (rows[at++] ?? [])));
}

/** Gathers what arrives in one turn of the event loop, `most` batches of it, and hands them to `send`. */
function createQueue(written: () => void, most: number, send: (arrived: readonly Waiting[]) => void) {
  let arrived: Waiting[] = [];
  let isClosed = false;

  function flush(): void {
    const group = arrived;
    arrived = [];
    if (group.length > 0) send(group);
  }

  function batch(given: readonly Sql[]): Promise<BatchResult> {
    const statements = given.some(({ holds }) => holds) ? given.filter(({ holds }) => !holds) : given;
    if (isClosed) return Promise.reject(new Error("The database is closed."));
    if (statements.length === 0) return Promise.resolve(given.map(() => []));
    return new Promise((resolve, reject) => {
      if (arrived.length === 0) setImmediate(flush);
      const done = (rows: BatchResult) => {
        written();
        for (const { committed } of statements) committed?.();
        resolve(statements === given ? rows : inPlace(given, rows));
      };
      arrived.push({ statements, resolve: done, reject });
      if (arrived.length >= most) flush();
    });
  }

  return {
    batch,
    close() {
      isClosed = true;
      flush();
    },
  };
}
