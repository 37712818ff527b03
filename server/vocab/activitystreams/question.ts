/** Polls: a vote is a Create of a Note that names one choice of a Question (AS2 Question, as Mastodon sends it). */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, embeddedAll, text } from "../../core/object.ts";
import { fromIso } from "../../lib/clock.ts";

/** A poll with more choices than this is not a poll. */
export const MAX_CHOICES = 500;

export interface Choices {
  readonly isMultiple: boolean;
  readonly names: readonly string[];
}

/** The choices of a Question: `oneOf` for one, `anyOf` for several. */
export function choicesOf(question: AsObject): Choices {
  const one = embeddedAll(question, "oneOf");
  const any = embeddedAll(question, "anyOf");
  const options = one.length > 0 ? one : any;
  return {
    isMultiple: one.length === 0,
    names: options.slice(0, MAX_CHOICES).map((option) => text(option, "name") ?? ""),
  };
}

export const endOf = (question: AsObject): number | null =>
  fromIso(question.closed) ?? fromIso(question.endTime);

/** Whether the object is a vote: a name, no content, in reply to a Question that has this choice. */
export async function isVote(_scene: Scene, object: AsObject, parent: Entity | null): Promise<boolean> {
  if (parent?.type !== "Question" || !parent.document) return false;
  const name = text(object, "name");
  return name !== null && text(object, "content") === null && choicesOf(parent.document).names.includes(name);
}

/** One vote each, or one for each choice of a poll with several; a late or second vote counts for nothing. */
export async function voteEffects(
  scene: Scene,
  object: AsObject,
  parent: Entity | null,
): Promise<readonly Effect[]> {
  if (!parent?.document) return [];
  const name = text(object, "name") ?? "";
  const { isMultiple, names } = choicesOf(parent.document);
  const ends = endOf(parent.document);
  if (ends !== null && ends <= scene.nowMs) return [];
  const hasVoted = await scene.look.isMember(parent.key, "voters", scene.actor.key);
  if (hasVoted && !isMultiple) return [];
  return [
    { effect: "add", owner: parent.key, name: "voters", item: scene.actor.key, cause: scene.key },
    {
      effect: "add",
      owner: parent.key,
      name: votesFor(names.indexOf(name)),
      item: scene.actor.key,
      cause: scene.key,
    },
  ];
}

/** The collection that holds those who chose this option. */
export const votesFor = (choice: number): string => `votes-${choice}`;
