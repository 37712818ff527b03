/** What both versions of filters read from a request, and how they find a filter by one of its parts. */
import { Problem } from "../../lib/problem.ts";
import {
  FILTER_ACTIONS,
  type Filter,
  type FilterAction,
  type FilterContext,
} from "../../moderation/filter.ts";
import { contextsOf } from "./entities/filter.ts";
import type { Face, SignedCall } from "./face.ts";
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

/** The same filter with other parts; gives it as it is now. */
export const change = (
  face: Face,
  call: SignedCall,
  { key, ...filter }: Filter,
  parts: Partial<Parameters<Face["tastes"]["saveFilter"]>[1]>,
): Promise<Filter> => face.tastes.saveFilter(call.viewerKey, { ...filter, ...parts, mayBeEmpty: true }, key);
