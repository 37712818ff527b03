/** Polls: a vote is a Create of a Note that names one choice of a Question (AS2 Question, as Mastodon sends it). */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, embeddedAll, text } from "../../core/object.ts";
import { fromIso } from "../../lib/clock.ts";
import { timeOfKey } from "../../lib/id.ts";

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

/** `closed` is a time or merely true (AS2 §3.2 "Question"). */
const hasEnded = (question: AsObject, nowMs: number): boolean =>
  question.closed === true || (endOf(question) ?? Number.POSITIVE_INFINITY) <= nowMs;

/** Votes of many come at once: the servers that have the poll are told the counts so long after the first of them. */
const COUNTS_AFTER_MS = 3 * 60_000;
/** Of an older poll so much of its age: some hundred times in a week, however many vote. */
const COUNTS_AFTER_SHARE = 16;
/** How long after its end the owner of a poll elsewhere is asked for the result, so that it has counted. */
const RESULT_AFTER_MS = 5 * 60_000;

const VOTED_ALREADY = "you have voted already";

/** Whether the object is a vote: a name, no content, in reply to a Question that has this choice. */
export async function isVote(_scene: Scene, object: AsObject, parent: Entity | null): Promise<boolean> {
  if (parent?.type !== "Question" || !parent.document) return false;
  const name = text(object, "name");
  return name !== null && !text(object, "content") && choicesOf(parent.document).names.includes(name);
}

/** Why the vote cannot count: too late, a second one, or the author's own. Null where it can. */
export async function voteRefusal(scene: Scene, object: AsObject, parent: Entity): Promise<string | null> {
  const question = parent.document ?? {};
  if (parent.owner === scene.actor.key) return "nobody votes in their own poll";
  if (hasEnded(question, scene.nowMs)) return "this poll has ended";
  const { isMultiple, names } = choicesOf(question);
  const list = isMultiple ? votesFor(names.indexOf(text(object, "name") ?? "")) : "voters";
  return (await scene.look.isMember(parent.key, list, scene.actor.key)) ? VOTED_ALREADY : null;
}

/** The poll's end is work for later: whoever voted here, and asked here, hears of it. */
export function endEffects(question: AsObject, key: number, isOurs: boolean): readonly Effect[] {
  const ends = endOf(question);
  if (ends === null) return [];
  const dueMs = ends + (isOurs ? 0 : RESULT_AFTER_MS);
  return [
    { effect: "enqueue", kind: "poll-end", payload: { question: key }, once: `poll-end ${key}`, dueMs },
  ];
}

/** What a poll is, by which its votes are counted; whoever changes it makes the votes mean something else. */
export const hasOtherChoices = (before: AsObject, after: AsObject): boolean =>
  JSON.stringify(choicesOf(before)) !== JSON.stringify(choicesOf(after));

/**
 * One vote each, or one for each choice of a poll with several. `voteRefusal` was asked before; of two that come at one
 * moment the second is refused here.
 */
export function voteEffects(scene: Scene, object: AsObject, parent: Entity | null): readonly Effect[] {
  if (!parent?.document) return [];
  const name = text(object, "name") ?? "";
  const { isMultiple, names } = choicesOf(parent.document);
  const elseRefused = { elseRefused: VOTED_ALREADY };
  const once = `poll-counts ${parent.key}`;
  return [
    ...(parent.isLocal
      ? [
          {
            effect: "enqueue",
            kind: "poll-counts",
            payload: { question: parent.key },
            once,
            dueMs:
              scene.nowMs +
              Math.max(
                COUNTS_AFTER_MS,
                Math.ceil((scene.nowMs - timeOfKey(parent.key)) / COUNTS_AFTER_SHARE),
              ),
          } as const,
        ]
      : endEffects(parent.document, parent.key, false)),
    {
      effect: "add",
      owner: parent.key,
      name: "voters",
      item: scene.actor.key,
      cause: scene.key,
      ...(isMultiple ? {} : elseRefused),
    },
    {
      effect: "add",
      owner: parent.key,
      name: votesFor(names.indexOf(name)),
      item: scene.actor.key,
      cause: scene.key,
      ...elseRefused,
    },
  ];
}

/** The collection that holds those who chose this option. */
export const votesFor = (choice: number): string => `votes-${choice}`;
