/** Runs long statements on another thread, with a connection of their own, so that requests do not wait. */
import { ofDisk } from "./errors.ts";

/** Runs in the worker: JavaScript as text, so that the compiled program needs no second entry. */
const SOURCE = `
import { Database } from "bun:sqlite";
self.onmessage = ({ data: { path, statements } }) => {
  let database, answer;
  try {
    database = new Database(path, { readwrite: true, create: false });
    database.run("PRAGMA busy_timeout = 5000");
    answer = { rows: statements.map(({ text, values }) => {
      const statement = database.prepare(text);
      const rows = statement.all(...values);
      statement.finalize();
      return rows;
    }) };
  } catch (error) {
    answer = { error: String(error?.message ?? error), code: String(error?.code ?? "") };
  }
  database?.close();
  self.postMessage(answer);
};`;

export interface AsideStatement {
  readonly text: string;
  readonly values?: readonly (string | number)[];
}

interface Answer {
  readonly rows?: Record<string, string | number | null>[][];
  readonly error?: string;
  readonly code?: string;
}

/** The rows of each statement, run on the file `path`. Throws Problem where the disk is in the way, or an Error with SQLite's words. */
export async function runAside(
  path: string,
  statements: readonly AsideStatement[],
): Promise<readonly Record<string, string | number | null>[][]> {
  const url = URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
  const worker = new Worker(url);
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage({ path, statements: statements.map(({ text, values = [] }) => ({ text, values })) });
    });
    if (answer.rows) return answer.rows;
    const error = new Error(answer.error, { cause: answer.code });
    throw ofDisk(answer.code ?? "", error) ?? error;
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}
