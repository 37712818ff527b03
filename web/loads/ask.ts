/** The thing or person behind an address or a handle, asked for elsewhere where nobody here knows it. */
import { isProblem } from "../../server/lib/problem.ts";
import { findAt } from "../../server/queries/page-address.ts";
import type { Visit, WebDeps } from "../face.ts";

/** Nobody there, or nobody answering, is the same to a person who searches. */
export async function ask(deps: WebDeps, visit: Visit, query: string) {
  const isAddress = /^https?:\/\//.test(query);
  const known = isAddress ? await findAt(deps, query) : null;
  if (known?.document) return known;
  if (!isAddress) {
    const person = await deps.queries.actorByHandle(query);
    if (person !== null) return deps.look.byKey(person.key);
  }
  deps.limits.take(visit.request, "look-elsewhere", visit.viewer?.accountKey);
  try {
    if (isAddress) return await deps.look.fetch(query);
    const key = await deps.findActor(query);
    return key === null ? null : deps.look.byKey(key);
  } catch (error) {
    // @NOTE A server that is away is an empty answer here, not a failure of ours.
    if (isProblem(error)) return null;
    throw error;
  }
}
