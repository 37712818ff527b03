/** The one error that is thrown on purpose: something a person or a peer did, or asked for, that cannot be. */

export type ProblemCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "gone"
  | "too-large"
  | "too-many"
  | "full"
  /** Our own database is away, or has too much to do. Another server that is away is `upstream`. */
  | "unavailable"
  | "upstream";

export interface ProblemDetail {
  /** The input field that is wrong, so that a form can say it in the right place. */
  readonly field?: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** A word for programs, more exact than the code (`invalid_grant`, `name-taken`). */
  readonly reason?: string;
}

/**
 * A refusal with a sentence that says what to do. Anything else that is thrown is a bug.
 * Faces translate `code` to their own form (`server/http/problems.ts`).
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly detail: ProblemDetail;

  constructor(code: ProblemCode, message: string, detail: ProblemDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}

export const isProblem = (error: unknown, code?: ProblemCode): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);

/** Our own database or disk failed, not what was asked for: the same may well succeed in a moment. */
export const isPassing = (error: unknown): boolean =>
  isProblem(error, "unavailable") || isProblem(error, "full");
