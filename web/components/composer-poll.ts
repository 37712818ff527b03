/** The place for a poll in the composer: a few answers, whether one may choose several, and how long. */
import type { FormState } from "../forms.ts";
import {
  MAX_CHOICE_CHARACTERS,
  POLL,
  POLL_MINUTES,
  POLL_NUMBERS,
  USUAL_POLL_MINUTES,
} from "../forms-polls.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { select, tick } from "./choices.ts";
import { field } from "./field.ts";
import { icon } from "./icon.ts";

export function composerPoll({ words }: PageContext, form: FormState): Html {
  const names = POLL_NUMBERS.map(POLL.choice);
  const isOpen = names.some((name) => form.values[name] || form.problem?.field === name);
  return html`<details class="more" open=${isOpen}>
    <summary>${icon("list-checks")}${words.ownPoll.add}</summary>
    <div class="file-slots">
    ${POLL_NUMBERS.map((n) =>
      field({
        name: POLL.choice(n),
        label: words.ownPoll.choice(n),
        form,
        maxLength: MAX_CHOICE_CHARACTERS,
        autocomplete: "off",
        ...(n > 2 ? { hint: words.ownPoll.notNeeded } : {}),
      }),
    )}
    ${tick({ name: POLL.several, label: words.ownPoll.several, form })}
    <div class="field">
    <p class="field-label">${words.ownPoll.howLong}</p>
    ${select({
      name: POLL.minutes,
      label: words.ownPoll.howLong,
      value: form.values[POLL.minutes] ?? String(USUAL_POLL_MINUTES),
      options: POLL_MINUTES.map((minutes) => ({
        value: String(minutes),
        label: words.ownPoll.lasts(minutes),
      })),
    })}
    </div>
    </div>
  </details>`;
}
