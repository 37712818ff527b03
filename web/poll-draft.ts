/** From the fields of a form to a question with its answers. */

import { toIso } from "../server/lib/clock.ts";
import { MINUTE_MS } from "../server/lib/durations.ts";
import type { Json } from "../server/lib/json.ts";
import { Problem } from "../server/lib/problem.ts";
import {
  MAX_CHOICE_CHARACTERS,
  POLL,
  POLL_MINUTES,
  POLL_NUMBERS,
  USUAL_POLL_MINUTES,
} from "./forms-polls.ts";

/**
 * What makes a post a poll (AS2 Question): its type, choices and end; null where no answers are given.
 * @throws Problem `invalid` at the field of an answer that is missing, too long or there twice.
 */
export function pollIn(
  get: (name: string) => string | null,
  nowMs: number,
): Readonly<Record<string, Json>> | null {
  const given = POLL_NUMBERS.map((n) => ({
    field: POLL.choice(n),
    name: (get(POLL.choice(n)) ?? "").trim(),
  }));
  const choices = given.filter(({ name }) => name !== "");
  if (choices.length === 0) return null;
  const missing = given.find(({ name }) => name === "");
  if (choices.length < 2 && missing) {
    throw new Problem("invalid", "Give at least two answers, or none.", { field: missing.field });
  }
  for (const [index, { field, name }] of choices.entries()) {
    if (name.length > MAX_CHOICE_CHARACTERS) {
      throw new Problem("invalid", `Make it shorter: at most ${MAX_CHOICE_CHARACTERS} characters.`, {
        field,
      });
    }
    if (choices.findIndex((each) => each.name === name) !== index) {
      throw new Problem("invalid", "Give each answer once.", { field });
    }
  }
  const minutes = POLL_MINUTES.find((each) => String(each) === get(POLL.minutes)) ?? USUAL_POLL_MINUTES;
  return {
    type: "Question",
    [get(POLL.several) === "yes" ? "anyOf" : "oneOf"]: choices.map(({ name }) => ({ type: "Note", name })),
    endTime: toIso(nowMs + minutes * MINUTE_MS),
  };
}
