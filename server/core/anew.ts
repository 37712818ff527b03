/** What was worked out from rows that others changed meanwhile is worked out anew. */
import { isProblem } from "../lib/problem.ts";

/** The reason of a Problem `conflict` (`storage/refused.ts`) where an address got a row since it was looked for. */
export const KNOWN_MEANWHILE = "object.iri";

/** A thing and what names it come together; that a third and a fourth come in the same moment is rare. */
const MAX_TRIES = 4;

/** `work` reads what it goes by each time. @throws what the last try threw. */
export async function anew<T>(work: () => Promise<T>, triesLeft = MAX_TRIES): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOther = !isProblem(error, "conflict") || error.detail.reason !== KNOWN_MEANWHILE;
    if (isOther || triesLeft <= 1) throw error;
    return anew(work, triesLeft - 1);
  }
}
