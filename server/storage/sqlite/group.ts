/** Group commit: batches that came together share one transaction and one sync of the disk. */
import type { Sql } from "../../lib/sql.ts";
import type { BatchResult, Row } from "../db.ts";
import type { Connection } from "./connection.ts";

/** Statements in one transaction at most, so that nobody waits long for the commit of a flood. */
const MAX_GROUP_STATEMENTS = 2000;

/** A batch that waits for its commit; one of the two is called. */
export interface Waiting {
  readonly statements: readonly Sql[];
  readonly resolve: (rows: BatchResult) => void;
  /** With what SQLite threw, or `expects` of a statement. */
  readonly reject: (error: unknown) => void;
}

/** Takes from the front what one transaction holds, and commits it. */
export function commitNext(connection: Connection, waiting: Waiting[]): void {
  let statements = 0;
  let count = 0;
  while (count < waiting.length && statements < MAX_GROUP_STATEMENTS) {
    statements += waiting[count]?.statements.length ?? 0;
    count++;
  }
  commit(connection, waiting.splice(0, count));
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
        settle.push(() => one.resolve(rows));
      } catch (error) {
        if (group.length === 1 || !connection.isInTransaction()) throw error;
        settle.push(() => one.reject(error));
      }
    }
    connection.exec("COMMIT");
  } catch (error) {
    rollBack(connection);
    const [only] = group;
    if (group.length === 1 && only) only.reject(error);
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
