/** What a promise was refused with, for tests that look at it. */
import type { Problem } from "../lib/problem.ts";

/** The Problem that `promise` is rejected with; fails the test where it is not rejected. */
export const refused = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    (value) => {
      throw new Error(`It was not refused, but gave ${JSON.stringify(value)}`);
    },
    (error) => error as Problem,
  );
