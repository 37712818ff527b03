/** Answers that fewer people see than what they answer: in the conversation like all, and left out of its count. */
import type { Look } from "./behaviour.ts";
import type { Effect, Ref } from "./effects.ts";
import { type Entity, VISIBILITIES, type VisibilityName } from "./entity.ts";

export const REPLIES = "replies";
/** What is in here is in `replies` too; whoever may not read it is not told either that it is there. */
export const WHISPERS = "whispers";

export interface Answer {
  readonly key: number;
  readonly visibility: VisibilityName;
  /** The activity, or the answer itself, that keeps it in the conversation. */
  readonly cause: number;
}

const isOpen = (visibility: VisibilityName): boolean => visibility === "public" || visibility === "quiet";

/** What is only an address so far counts as open. */
const isWhisper = (visibility: VisibilityName, parent: Entity | null): boolean =>
  !isOpen(visibility) &&
  VISIBILITIES.indexOf(visibility) > VISIBILITIES.indexOf(parent?.visibility ?? "public");

/** The answer joins the conversation; `owner` is what it answers. */
export function answerEffects(owner: Ref, parent: Entity | null, answer: Answer): readonly Effect[] {
  const names = isWhisper(answer.visibility, parent) ? [REPLIES, WHISPERS] : [REPLIES];
  return names.map((name) => ({ effect: "add", owner, name, item: answer.key, cause: answer.cause }));
}

/** An edited answer that is for more, or for fewer, than it was. */
export async function reopenedEffects(
  look: Look,
  parent: Entity | null,
  answer: Entity,
  visibility: VisibilityName,
): Promise<readonly Effect[]> {
  if (parent === null) return [];
  const [was, is] = [isWhisper(answer.visibility, parent), isWhisper(visibility, parent)];
  if (was === is) return [];
  const place = { owner: parent.key, name: WHISPERS, item: answer.key };
  if (was) return [{ effect: "drop", ...place }];
  const cause = await look.causeOf(parent.key, REPLIES, answer.key);
  return cause === null ? [] : [{ effect: "add", ...place, cause }];
}
