/** What is left of an activity that was found and not sent: it is kept and listed, and nobody hears of it. */
import type { Consequence } from "./apply.ts";
import type { Effect } from "./effects.ts";

/** No feed, no notice, no answer, no work: those are for what somebody sends. */
const KEPT: ReadonlySet<Effect["effect"]> = new Set(["put", "add", "address", "enter"]);

/** The effects of the activity itself that nobody is told of; what it would have emitted is left out. */
export const quieted = (consequences: readonly Consequence[]): readonly Consequence[] =>
  consequences
    .slice(0, 1)
    .map(({ cause, effects }) => ({ cause, effects: effects.filter(({ effect }) => KEPT.has(effect)) }));
