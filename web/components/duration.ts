/** How long something holds: one of a few answers. */
import type { FormState } from "../forms.ts";
import { DURATIONS } from "../forms-peace.ts";
import type { Html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { choices } from "./choices.ts";

export const durationChoice = (
  { words }: PageContext,
  props: { readonly name: string; readonly label: string; readonly form: FormState },
): Html =>
  choices({
    ...props,
    value: DURATIONS[0],
    isInline: true,
    options: DURATIONS.map((hours) => ({ value: hours, label: words.durations[hours] })),
  });
