/** The writer's thread: nothing else runs there, so nobody but writers ever waits for the disk. */
import type { Sql } from "../../lib/sql.ts";
import { type Connection, connect } from "./connection.ts";
import { commitNext, type Waiting } from "./group.ts";
import { describeFailure, type Ended, type FromWriter, type ToWriter, unexpected } from "./letters.ts";

declare const self: Worker;

/** A checkpoint waits for a break of so long, in milliseconds: whoever posts does not wait for what was posted before. */
const BREAK_MS = 250;

let connection: Connection | null = null;
const texts: string[] = [];
const waiting: Waiting[] = [];
let ended: Ended[] = [];
let isScheduled = false;
/** Runs while something was committed and no break has followed yet. */
let breakTimer: ReturnType<typeof setTimeout> | null = null;
let hasCommitted = false;

self.onmessage = ({ data }: MessageEvent<ToWriter>) => {
  if ("open" in data) connection = connect(data.open, { readsOnly: false });
  else if ("checkpointEvery" in data) connection?.checkpointEvery(data.checkpointEvery);
  else if ("releaseMemory" in data) releaseMemory();
  else if ("stop" in data) stop();
  else take(data);
};

/** What arrives while a commit waits for the disk shares the next one. */
function take(letter: Extract<ToWriter, { batches: unknown }>): void {
  texts.push(...letter.texts);
  for (const batch of letter.batches) waiting.push(waitingOf(batch));
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(write);
}

function waitingOf(batch: Extract<ToWriter, { batches: unknown }>["batches"][number]): Waiting {
  const statements = batch.map(([text, values, rows], i): Sql => {
    const statement = { text: texts[text] ?? "", values };
    return rows === null ? statement : { ...statement, expects: { rows, otherwise: () => unexpected(i) } };
  });
  return {
    statements,
    resolve: (rows) => void ended.push({ rows: rows.every((some) => some.length === 0) ? null : rows }),
    reject: (error) => void ended.push(describeFailure(error)),
  };
}

function write(): void {
  isScheduled = false;
  if (connection === null) return;
  commitNext(connection, waiting);
  say({ ended });
  ended = [];
  hasCommitted = true;
  breakTimer ??= setTimeout(takeBreak, BREAK_MS);
  if (waiting.length === 0) return;
  isScheduled = true;
  setImmediate(write);
}

/** Some 250 to 500 ms after the last commit. A disk that is full says so to whoever writes next. */
function takeBreak(): void {
  breakTimer = null;
  if (hasCommitted) {
    hasCommitted = false;
    breakTimer = setTimeout(takeBreak, BREAK_MS);
    return;
  }
  try {
    connection?.checkpointWhenWorthIt();
  } catch {}
}

/** Pages that it keeps are a copy of what the machine keeps of the file; its heap holds what it was sent long ago. */
function releaseMemory(): void {
  connection?.releaseMemory();
  Bun.gc(true);
}

function stop(): void {
  while (connection !== null && waiting.length > 0) commitNext(connection, waiting);
  say({ ended });
  if (breakTimer !== null) clearTimeout(breakTimer);
  connection?.close();
  connection = null;
  say({ stopped: true });
}

const say = (letter: FromWriter): void => self.postMessage(letter);
