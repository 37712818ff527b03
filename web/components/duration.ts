/** How long something holds: one of a few answers. */
import { toIso } from "../../server/lib/clock.ts";
import type { FormState } from "../forms.ts";
import { DURATIONS, KEEP_DURATION } from "../forms-peace.ts";
import type { Html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { type Choice, choices } from "./choices.ts";
import { endIn, isSoon } from "./time.ts";

export const durationChoice = (
  context: PageContext,
  props: {
    readonly name: string;
    readonly label: string;
    readonly form: FormState;
    /** When it ends as it stands; null where it does not, or has. */
    readonly endsMs?: number | null;
  },
): Html =>
  choices({
    ...props,
    isInline: true,
    value: props.endsMs == null ? DURATIONS[0] : KEEP_DURATION,
    options: durations(context, props.endsMs ?? null),
  });

/** The answers; the first is the end that stands already, where there is one. */
export const durations = (context: PageContext, endsMs: number | null): readonly Choice[] => {
  const { words } = context;
  const answers = DURATIONS.map((hours) => ({ value: hours, label: words.durations[hours] }));
  if (endsMs === null) return answers;
  const kept = { value: KEEP_DURATION, label: `${words.mutes.until} ${endIn(context, endsMs)}` };
  const ends = { words: words.mutes.until, iso: toIso(endsMs) };
  return [isSoon(context, endsMs) ? { ...kept, ends } : kept, ...answers];
};
