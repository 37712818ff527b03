/** What the engines' errors are called in the rest of the server, the same from each. */
import { Problem } from "../lib/problem.ts";

/**
 * Something unique exists already. `columns` as `table.column, …`;
 * `detail.reason` repeats it and `detail.field` is its last column, so that a form can say it in the right place.
 */
export function taken(columns: string, cause: unknown): Problem {
  const field = columns.split(/[.,]\s*/).at(-1);
  return new Problem(
    "conflict",
    `This exists already (${columns}). Choose something else.`,
    { reason: columns, ...(field ? { field } : {}) },
    { cause },
  );
}

/** A check or a column refuses the value. `rule` is the constraint's name, or `table.column`; it is `detail.reason`. */
export const breaks = (rule: string, cause: unknown): Problem =>
  new Problem(
    "invalid",
    `The value is not allowed here (${rule}). Correct it and try again.`,
    { reason: rule },
    { cause },
  );

/** A row points at one that does not exist, or is still pointed at. */
export const dangling = (cause: unknown): Problem =>
  new Problem(
    "invalid",
    "This refers to something that does not exist, or something still refers to it.",
    { reason: "foreign-key" },
    { cause },
  );

/** The disk takes no more, or fails. Nothing of the batch was kept. */
export const noSpace = (cause: unknown): Problem =>
  new Problem(
    "full",
    "The database cannot write to its disk, so nothing was saved. Free some space, check the disk, and try again.",
    { retryAfterSeconds: 60 },
    { cause },
  );

/** PostgreSQL does not let its user write. Nothing of the batch was kept. */
export const notAllowed = (cause: unknown): Problem =>
  new Problem(
    "full",
    "The user of the database may not write there, so nothing was saved. Make it the owner: ALTER DATABASE … OWNER TO …, and the same for SCHEMA public.",
    { retryAfterSeconds: 60 },
    { cause },
  );

/** The files of the database are somebody else's, or their disk is read-only. Nothing of the batch was kept. */
export const notWritable = (cause: unknown): Problem =>
  new Problem(
    "full",
    "The database may not be written, so nothing was saved. Check who owns its files and the folder around them, and whether their disk is mounted read-only.",
    { retryAfterSeconds: 60 },
    { cause },
  );

/** The database server lets nobody write: it follows another one, or was told to. Nothing of the batch was kept. */
export const readOnly = (cause: unknown): Problem =>
  new Problem(
    "unavailable",
    "The database takes no changes at the moment, so nothing was saved. Check that database_url leads to the PostgreSQL that may be written, and that nobody has made it read-only.",
    { retryAfterSeconds: 60 },
    { cause },
  );

/** Somebody else holds the database for longer than is reasonable. Nothing of the batch was kept. */
export const busy = (cause: unknown): Problem =>
  new Problem(
    "unavailable",
    "The database is busy, so nothing was saved. Try again in a moment.",
    { retryAfterSeconds: 1 },
    { cause },
  );

/** Text that PostgreSQL cannot hold; refused by both engines, so that an instance can move from one to the other. */
export function refuseNul(values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value === "string" && value.includes("\0")) {
      throw new Problem("invalid", "Text may not contain the character U+0000. Remove it and try again.", {
        reason: "nul",
      });
    }
  }
}

/** `all` and `one` only read: a write there would not be grouped, counted or awaited. A mistake in our code. */
export function refuseWrite(text: string): void {
  if (!/^\s*(select|with|values|pragma|explain)\b/i.test(text)) {
    throw new Error(`Only batch() writes; this is not a query: ${text.slice(0, 80)}`);
  }
}
