/** SQLite's error codes as problems. */
import { SQLiteError } from "bun:sqlite";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "../../lib/problem.ts";
import { breaks, busy, dangling, noSpace, notWritable, taken } from "../refused.ts";

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
  return ofDisk(code, error) ?? error;
}

/** The same for what another thread threw, of which only the code came along; null where it is no trouble of the disk. */
export function ofDisk(code: string, error: Error): Problem | null {
  if (/^SQLITE_(FULL|IOERR)/.test(code)) return noSpace(error);
  // A write where only reads belong is a bug of ours, not the disk's.
  if (/^SQLITE_(READONLY|CANTOPEN)/.test(code) && !/query_only/.test(error.message))
    return notWritable(error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return busy(error);
  return null;
}

/** What SQLite throws while it opens the file at `path`, as a Problem that says what is wrong with that file. */
export function toOpeningProblem(path: string, error: unknown): unknown {
  if (!(error instanceof SQLiteError)) return error;
  if (isDamage(error)) {
    return new Problem(
      "invalid",
      `${path} is damaged, or no database of SQLite. Stop the server and go back to a copy: \`commons backup restore\`.`,
      { reason: "damaged" },
      { cause: error },
    );
  }
  if (!/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(error.code ?? "")) return toProblem(error);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return new Problem(
      "invalid",
      `${path} is a folder, but the database is a file of that name. Move the folder away.`,
      { reason: "folder" },
      { cause: error },
    );
  }
  return new Problem(
    "forbidden",
    `This user may not write ${path}. Run this as the user that owns ${dirname(path)}, or give the folder and all that is in it to the user that runs the server: chown -R USER ${dirname(path)}. Where it is theirs, check whether its disk is mounted read-only.`,
    { reason: "owner" },
    { cause: error },
  );
}

/** What is in the file is not what SQLite wrote; also as another thread told it, with the code as the cause. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^SQLITE_(CORRUPT|NOTADB)/.test(String(error instanceof SQLiteError ? error.code : error.cause));
}
