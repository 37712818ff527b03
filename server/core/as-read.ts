/** Work that reads a row and writes what follows from it: done anew where the row has changed in between. */
import { isProblem, Problem } from "../lib/problem.ts";

const REASON = "changed-meanwhile";

/** For `expecting`: the row is not as it was read. */
export const hasChanged = (): Problem =>
  new Problem("conflict", "It has changed in the meantime. Try again.", { reason: REASON });

/** Who was outrun waits only for others who were, and may be outrun again by newcomers and by other nodes. */
const MAX_TRIES = 20;

/** The last who waits in the line of each actor. */
const lines = new Map<number, Promise<void>>();

/**
 * Does `work` of this actor, and again with what is there then, as often as its batch fails by `hasChanged`. Those who
 * were outrun try one after the other: sixty at once would do their work twenty times each, and most of them in vain.
 */
export async function untilAsRead<T>(actor: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOutrun(error)) throw error;
  }
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>();
  const before = lines.get(actor);
  lines.set(actor, mine);
  await before;
  try {
    return await again(work);
  } finally {
    leave();
    if (lines.get(actor) === mine) lines.delete(actor);
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 2; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isOutrun(error) || tries === MAX_TRIES) throw error;
    }
  }
}

const isOutrun = (error: unknown): boolean => isProblem(error, "conflict") && error.detail.reason === REASON;
