/** PostgreSQL's error codes (SQLSTATE) as problems. */
import { SQL } from "bun";
import { Problem } from "../../lib/problem.ts";
import { breaks, busy, dangling, noSpace, notAllowed, readOnly, taken } from "../refused.ts";

/** The same error where it is a bug of ours (a misspelt column). */
export function toProblem(error: unknown): unknown {
  if (!(error instanceof SQL.PostgresError)) return error;
  const state = error.errno ?? "";
  if (state === "23505") return taken(takenColumns(error), error);
  if (state === "23503") return dangling(error);
  if (state === "23502") return breaks(`${error.table ?? ""}.${error.column ?? ""}`, error);
  if (state.startsWith("23")) return breaks(error.constraint ?? "", error);
  if (state === "22021") return breaks("text", error);
  if (state === "53100" || state === "58030") return noSpace(error);
  if (state === "25006") return readOnly(error);
  if (state === "42501") return notAllowed(error);
  if (state === "57014")
    return new Problem(
      "too-many",
      "The database took too long over this question. Narrow it down, or try again in a moment.",
      { retryAfterSeconds: 5 },
      { cause: error },
    );
  if (state === "55P03" || state.startsWith("53") || isRetryable(error)) return busy(error);
  if (isConnectionTrouble(error)) {
    return new Problem(
      "unavailable",
      "The database cannot be reached. Try again in a moment; whoever runs this server, check that PostgreSQL runs and that COMMONS_DATABASE_URL is right.",
      { retryAfterSeconds: 5 },
      { cause: error },
    );
  }
  return error;
}

/** Two batches were in each other's way and this one gave way: the same batch may simply be tried again. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof SQL.PostgresError && (error.errno === "40001" || error.errno === "40P01");

/** An earlier statement of the batch has failed, and that one says why. */
export const isAftermath = (error: unknown): boolean =>
  error instanceof SQL.PostgresError && error.errno === "25P02";

const isConnectionTrouble = (error: InstanceType<typeof SQL.PostgresError>): boolean =>
  /^ERR_POSTGRES_(CONNECTION|IDLE_TIMEOUT|LIFETIME_TIMEOUT|AUTH|TLS)/.test(error.code) ||
  /^(08|28|3D|57P)/.test(error.errno ?? "");

/** A role, a password, a name of a database or a parameter that PostgreSQL does not take, while it is opened. */
const isMistaken = (error: InstanceType<typeof SQL.PostgresError>): boolean =>
  /^(28|3D|42)/.test(error.errno ?? "") || /^ERR_POSTGRES_(AUTH|TLS)/.test(error.code);

/**
 * Why a database does not open, for whoever set its address: in PostgreSQL's own words, which name the role and the
 * database but no password. Whatever else goes wrong is as `toProblem` says.
 */
export function whyNotOpened(error: unknown): unknown {
  if (!(error instanceof SQL.PostgresError) || !isMistaken(error)) return toProblem(error);
  return new Problem(
    "invalid",
    `PostgreSQL refuses what database_url says: ${error.message}. Correct the name of the user, the password, the database or what follows the "?" there.`,
    { reason: "database-url" },
    { cause: error },
  );
}

/** `table.column, table.column`, as SQLite says it; the index's name where it is on an expression. */
function takenColumns(error: InstanceType<typeof SQL.PostgresError>): string {
  const [, columns] = /^Key \(([^()]*)\)=/.exec(error.detail ?? "") ?? [];
  if (!columns) return error.constraint ?? "";
  return columns
    .split(", ")
    .map((column) => `${error.table}.${column.replaceAll('"', "")}`)
    .join(", ");
}
