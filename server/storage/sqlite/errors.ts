/** SQLite's error codes as problems. */
import { SQLiteError } from "bun:sqlite";
import { breaks, busy, dangling, noSpace, taken } from "../refused.ts";

/** The same error where it is no SQLite error, or a bug of ours (a misspelt column). */
export function toProblem(error: unknown): unknown {
  if (!(error instanceof SQLiteError)) return error;
  const code = error.code ?? "";
  const [, what = ""] = /failed: (.*)$/s.exec(error.message) ?? [];
  if (code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY") {
    return taken(what.replace(/^index '(.*)'$/, "$1"), error);
  }
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY") return dangling(error);
  if (code.startsWith("SQLITE_CONSTRAINT")) return breaks(what, error);
  if (isDiskTrouble(error)) return noSpace(error);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return busy(error);
  return error;
}

/** The disk is full, fails, or became read-only. */
export const isDiskTrouble = (error: unknown): boolean =>
  error instanceof SQLiteError &&
  /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(error.code ?? "") &&
  !/query_only/.test(error.message);
