/** What both versions of filters read from a request, and how they find a filter by one of its parts. */
import { isProblem, Problem } from "../../lib/problem.ts";
import {
  FILTER_ACTIONS,
  type Filter,
  type FilterAction,
  type FilterContext,
  MAX_PHRASES,
} from "../../moderation/filter.ts";
import type { NewFilter } from "../../moderation/tastes.ts";
import { contextsOf } from "./entities/filter.ts";
import type { Answer, Face, Handler, SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";
import { endIn, type Params } from "./params.ts";

/** When it ends: `expires_in` seconds from now, never where it is empty, and as before where nothing is said. */
export function expiryOf(params: Params, nowMs: number, before: number | null): number | null {
  return params.has("expires_in") ? endIn(params, "expires_in", nowMs) : before;
}

/** @throws Problem `invalid` where it names no place that there is. */
export function contextsIn(params: Params, before: readonly FilterContext[]): readonly FilterContext[] {
  const given = params.list("context");
  if (given.length === 0) return before;
  const contexts = contextsOf(given);
  if (contexts.length > 0) return contexts;
  throw new Problem("invalid", "Validation failed: Context None or invalid context supplied");
}

export function actionIn(params: Params, before: FilterAction): FilterAction {
  const given = params.text("filter_action");
  if (given === null) return before;
  const action = FILTER_ACTIONS.find((each) => each === given);
  if (action === undefined) throw new Problem("invalid", "filter_action is warn, hide or blur.");
  return action;
}

/** @throws Problem `not-found`. */
export async function filterWith(
  face: Face,
  call: SignedCall,
  isIt: (filter: Filter) => boolean,
): Promise<Filter> {
  const filter = (await face.tastes.filters(call.viewerKey)).find(isIt);
  if (filter === undefined) throw notHere();
  return filter;
}

/** The same filter with other parts; gives it as it is now. @throws Problem `conflict` where another request was quicker. */
export function change(
  face: Face,
  call: SignedCall,
  before: Filter,
  parts: Partial<NewFilter>,
): Promise<Filter> {
  const { key: _, ...filter } = before;
  return face.tastes.changeFilter(call.viewerKey, before, { ...filter, ...parts, mayBeEmpty: true });
}

/** Programs send all words of a filter at once: each of them has to be quicker once. */
const MAX_TRIES = MAX_PHRASES + 1;

/** An endpoint that begins anew, with what is there then, where another request has changed the filter meanwhile. */
export const changing = (face: Face, work: (call: SignedCall) => Promise<Answer>): Handler =>
  face.endpoint("write:filters", async (call) => {
    for (let tries = 1; ; tries++) {
      try {
        return await work(call);
      } catch (error) {
        if (!isProblem(error, "conflict") || tries === MAX_TRIES) throw error;
      }
    }
  });
