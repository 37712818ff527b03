/** What somebody here reads of other servers: what is missing around it is looked for, so that it is there the next time. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type Now, steady } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";

/** Things that were read lately, so that a crowd of readers costs no statements. */
const MAX_REMEMBERED = 5_000;
/** For so long after one look nobody asks whether another is due. */
const LATELY_MS = 10 * 60_000;

/** Called with the key of a thing or profile that is opened by somebody who is signed in. Asks no other server itself. */
export type Reading = (key: number) => Promise<void>;

export function createReading(deps: {
  readonly look: Look;
  readonly now: Now;
  /** Promises whatever work is due for it. */
  readonly opened: (entity: Entity) => Promise<void>;
}): Reading {
  const lately = createLru<number>(MAX_REMEMBERED);
  const now = steady(deps.now);
  return async (key) => {
    const id = String(key);
    const nowMs = now();
    if ((lately.get(id) ?? Number.NEGATIVE_INFINITY) + LATELY_MS > nowMs) return;
    lately.set(id, nowMs);
    const entity = await deps.look.byKey(key);
    if (entity !== null) await deps.opened(entity);
  };
}
