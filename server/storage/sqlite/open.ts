/** The embedded engine: an SQLite file with one writer, on a thread of its own, and one reader. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { raw, type Sql } from "../../lib/sql.ts";
import { createChannels } from "../channels.ts";
import type { Db, Dialect, Row } from "../db.ts";
import { refuseNul, refuseWrite } from "../refused.ts";
import { type Connection, connect } from "./connection.ts";
import { toOpeningProblem, toProblem } from "./errors.ts";
import { createPatient } from "./patient.ts";
import { createResults } from "./results.ts";
import { createWriterHere, createWriterThread } from "./writer.ts";

/** How long what another process has written (a command, while the server runs) may go unnoticed. */
const NOTICED_WITHIN_MS = 50;

export const sqliteDialect: Dialect = {
  name: "sqlite",
  key: "INTEGER PRIMARY KEY",
  serial: "INTEGER PRIMARY KEY",
  clustered: "WITHOUT ROWID",
  skipLocked: "",
  locked: "",
  tables: "SELECT name FROM sqlite_master WHERE type = 'table'",
};

/** What only an SQLite file has: whoever copies or replicates it needs these. */
export interface SqliteDb extends Db {
  /** The file, or `:memory:`. */
  readonly path: string;
  /** Checkpoint when the write-ahead log holds so many pages; 0 leaves it to another process (Litestream). */
  checkpointEvery(pages: number): void;
  /** Gives back the pages that are kept only to be quick; the machine keeps a copy of most of them. */
  releaseMemory(): void;
  /** Size of the write-ahead log, in bytes. */
  walBytes(): number;
  /** All of it as the bytes of a file, to begin others with. For small databases. */
  image(): Uint8Array;
}

/** The same database with what only SQLite has, or null when it is another engine. */
export const sqliteOf = (db: Db): SqliteDb | null => ("checkpointEvery" in db ? (db as SqliteDb) : null);

/**
 * `path` of the file, or `:memory:`, which may begin as a copy of `image`. Creates the file, and its folder, when missing.
 * Throws Problem with a sentence that says what is wrong with the file.
 */
export function openSqlite({
  path,
  image,
}: {
  readonly path: string;
  readonly image?: Uint8Array;
}): SqliteDb {
  const isInMemory = path === ":memory:";
  if (!isInMemory) mkdirSync(dirname(path), { recursive: true });
  const { first, reading } = connectBoth(path, image);
  const results = createResults();
  const writer = isInMemory
    ? createWriterHere(first, results.forget)
    : createWriterThread(path, results.forget);
  if (!isInMemory) first.close();
  const channels = createChannels();
  let isStopped = false;

  /** Every read sees all that anybody here was told is written: it is one statement, and starts a read of its own. */
  function read(query: Sql): Row[] {
    noticeOthers();
    const known = results.find(query);
    if (known !== undefined) return known;
    refuseWrite(query.text);
    refuseNul(query.values);
    try {
      const rows = reading.all(query);
      results.keep(query, rows);
      return rows;
    } catch (error) {
      throw toProblem(error);
    }
  }

  const patient = isInMemory ? null : createPatient(path);

  async function readPatiently(query: Sql): Promise<Row[]> {
    noticeOthers();
    const known = results.find(query);
    if (known !== undefined) return known;
    refuseWrite(query.text);
    refuseNul(query.values);
    if (patient === null) return read(query);
    const version = results.version();
    try {
      const rows = await patient.all(query);
      // Something may have been written since it was read.
      if (results.version() === version) results.keep(query, rows);
      return rows;
    } catch (error) {
      throw toProblem(error);
    }
  }

  let noticedMs = 0;
  let noticedVersion: unknown = null;

  /** SQLite counts the commits of other connections. */
  function noticeOthers(): void {
    const nowMs = performance.now();
    if (isInMemory || nowMs - noticedMs < NOTICED_WITHIN_MS) return;
    noticedMs = nowMs;
    const [row] = reading.all(raw("PRAGMA data_version"));
    if (row?.data_version === noticedVersion) return;
    noticedVersion = row?.data_version;
    results.forget();
  }

  const walBytes = (): number =>
    isInMemory ? 0 : (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);

  return {
    dialect: sqliteDialect,
    path,
    all: async <T extends object>(query: Sql) => read(query) as T[],
    patiently: async <T extends object>(query: Sql) => (await readPatiently(query)) as T[],
    one: async <T extends object>(query: Sql) => (read(query)[0] ?? null) as T | null,
    batch: (statements) => writer.batch(statements),
    version() {
      noticeOthers();
      return results.version();
    },
    notify: (channel, payload) => channels.tell(channel, payload),
    listen: async (channel, heard) => channels.listen(channel, heard),
    checkpointEvery(pages) {
      if (!isStopped) writer.checkpointEvery(pages);
    },
    releaseMemory() {
      if (isStopped) return;
      reading.releaseMemory();
      writer.releaseMemory();
    },
    walBytes,
    image: () => reading.image(),
    async sizeBytes() {
      const [size] = reading.all(
        raw("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"),
      );
      return Number(size?.bytes ?? 0) + walBytes();
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      patient?.stop();
      await writer.stop();
      reading.close();
    },
  };
}

/** `first` makes the file, or says why it cannot be; `reading` is to stay. In memory they are one. */
function connectBoth(path: string, image?: Uint8Array): { first: Connection; reading: Connection } {
  try {
    const first = connect(path, { readsOnly: false, image });
    return { first, reading: path === ":memory:" ? first : connect(path, { readsOnly: true }) };
  } catch (error) {
    throw toOpeningProblem(path, error);
  }
}
