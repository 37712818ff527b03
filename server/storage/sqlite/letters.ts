/** What the main thread and the writer's thread say to each other. */
import { Problem, type ProblemCode, type ProblemDetail } from "../../lib/problem.ts";
import type { Sql, SqlValue } from "../../lib/sql.ts";
import type { Row } from "../db.ts";
import { toProblem } from "./errors.ts";

/** A statement: the number of its text, its values, and how many rows it must touch (null: any). */
export type StatementLetter = readonly [text: number, values: readonly SqlValue[], rows: number | null];

export type ToWriter =
  | { readonly open: string }
  /** `texts` are those that no letter has held before, numbered on from the last. */
  | { readonly texts: readonly string[]; readonly batches: readonly (readonly StatementLetter[])[] }
  | { readonly checkpointEvery: number }
  | { readonly releaseMemory: true }
  | { readonly stop: true };

/** How one batch ended: the rows of each statement (null where none gave any), or why nothing of it was kept. */
export type Ended =
  | { readonly rows: readonly (readonly Row[])[] | null }
  /** The statement with this number touched another number of rows than it must. */
  | { readonly unexpected: number }
  | { readonly problem: { code: ProblemCode; message: string; detail: ProblemDetail } }
  | { readonly error: { name: string; message: string; stack: string } };

export type FromWriter =
  /** In the order in which the batches were sent. */
  { readonly ended: readonly Ended[] } | { readonly stopped: true };

/** Thrown inside the transaction where `expects` is not met; only the number travels. */
export const unexpected = (statement: number): Error =>
  Object.assign(new Error("A statement touched another number of rows than it must."), { statement });

export function describeFailure(error: unknown): Exclude<Ended, { rows: unknown }> {
  if (error instanceof Error && "statement" in error) return { unexpected: Number(error.statement) };
  const known = toProblem(error);
  if (known instanceof Problem) {
    const { code, message, detail } = known;
    return { problem: { code, message, detail } };
  }
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { error: { name, message, stack } };
}

/** The error that `describeFailure` described, for whoever sent `statements`. */
export function failureOf(ended: Exclude<Ended, { rows: unknown }>, statements: readonly Sql[]): Error {
  if ("problem" in ended) {
    const { code, message, detail } = ended.problem;
    return new Problem(code, message, detail);
  }
  if ("unexpected" in ended) {
    return statements[ended.unexpected]?.expects?.otherwise() ?? new Error("Nothing was expected.");
  }
  return Object.assign(new Error(ended.error.message), ended.error);
}
