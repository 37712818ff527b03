/** Group commit: batches that arrive in one turn of the event loop share one transaction and one sync of the disk. */
import type { Sql } from "../../lib/sql.ts";
import type { BatchResult, Row } from "../db.ts";
import type { Connection } from "./connection.ts";
import { toProblem } from "./errors.ts";

/** Statements in one transaction at most, so that a flood of writes still lets reads in between. */
const MAX_GROUP_STATEMENTS = 2000;

/** A disk that stalls for a moment is not waited for again. */
const LONGEST_REST_MS = 50;

interface Waiting {
  readonly statements: readonly Sql[];
  readonly resolve: (rows: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface Writer {
  /** Resolves after the commit that holds these statements; rejects when they left no trace. */
  batch(statements: readonly Sql[]): Promise<BatchResult>;
  /** Writes what is waiting, then refuses more. */
  stop(): void;
}

/** The shortest wait that a timer can measure; below it the next turn of the event loop is as good. */
const SHORTEST_WAIT_MS = 1;

export function createWriter(connection: Connection): Writer {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let isStopped = false;
  /** Until then the event loop has its turn: as long as the last group took, so that slow disks get larger groups. */
  let restsUntilMs = 0;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    const restMs = restsUntilMs - performance.now();
    if (restMs < SHORTEST_WAIT_MS) setImmediate(write);
    else setTimeout(write, restMs);
  }

  function write(): void {
    const startedMs = performance.now();
    isScheduled = false;
    writeGroup();
    const endedMs = performance.now();
    restsUntilMs = endedMs + Math.min(endedMs - startedMs, LONGEST_REST_MS);
    if (waiting.length > 0) schedule();
  }

  function writeGroup(): void {
    let statements = 0;
    let count = 0;
    while (count < waiting.length && statements < MAX_GROUP_STATEMENTS) {
      statements += waiting[count]?.statements.length ?? 0;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    commit(connection, group);
  }

  return {
    batch(statements) {
      if (isStopped) return Promise.reject(new Error("The database is closed."));
      if (statements.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        waiting.push({ statements, resolve, reject });
        schedule();
      });
    },
    stop() {
      isStopped = true;
      while (waiting.length > 0) writeGroup();
    },
  };
}

/**
 * One transaction for the group. A batch that fails is undone alone; when the transaction itself fails (a full
 * disk, a deferred constraint), everything is undone and each batch is tried by itself, so that only
 * those that cannot be are refused.
 */
function commit(connection: Connection, group: readonly Waiting[]): void {
  if (group.length === 0) return;
  const settle: (() => void)[] = [];
  try {
    connection.exec("BEGIN IMMEDIATE");
    for (const one of group) {
      try {
        const rows = group.length === 1 ? runAll(connection, one) : runInSavepoint(connection, one);
        settle.push(() => {
          for (const { committed } of one.statements) committed?.();
          one.resolve(rows);
        });
      } catch (error) {
        if (group.length === 1 || !connection.isInTransaction()) throw error;
        settle.push(() => one.reject(toProblem(error)));
      }
    }
    connection.exec("COMMIT");
  } catch (error) {
    rollBack(connection);
    const [only] = group;
    if (group.length === 1 && only) only.reject(toProblem(error));
    else for (const one of group) commit(connection, [one]);
    return;
  }
  for (const done of settle) done();
}

function runAll(connection: Connection, { statements }: Waiting): BatchResult {
  return statements.map((statement): Row[] => {
    const { rows, touched } = connection.run(statement);
    if (statement.expects && touched !== statement.expects.rows) throw statement.expects.otherwise();
    return rows;
  });
}

function runInSavepoint(connection: Connection, one: Waiting): BatchResult {
  connection.exec("SAVEPOINT one");
  try {
    const rows = runAll(connection, one);
    connection.exec("RELEASE one");
    return rows;
  } catch (error) {
    if (connection.isInTransaction()) {
      connection.exec("ROLLBACK TO one");
      connection.exec("RELEASE one");
    }
    throw error;
  }
}

function rollBack(connection: Connection): void {
  // Some failures (a full disk) end the transaction by themselves; then there is nothing to roll back.
  if (connection.isInTransaction()) connection.exec("ROLLBACK");
}
