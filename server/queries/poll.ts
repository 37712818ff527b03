/** Questions: what their document says, and the counts that belong to it. */
import { type AsObject, embedded, embeddedAll } from "../core/object.ts";
import { choicesOf, endOf, MAX_CHOICES, votesFor } from "../vocab/activitystreams/question.ts";
import { oneLine, wholeNumber } from "./plain.ts";
import type { PollView } from "./view.ts";

/** A choice is a line. */
const MAX_CHOICE = 300;

/** The part of a poll that hangs on its document alone. */
export interface PollParts {
  readonly isMultiple: boolean;
  readonly endsMs: number | null;
  readonly isClosed: boolean;
  /** Counts that the origin gave, 0 where it gave none. */
  readonly voters: number;
  readonly options: readonly { readonly name: string; readonly votes: number }[];
}

/** Null where the document is no question. */
export function pollPartsOf(document: AsObject): PollParts | null {
  const { isMultiple, names } = choicesOf(document);
  if (names.length === 0) return null;
  const one = embeddedAll(document, "oneOf");
  const given = (one.length > 0 ? one : embeddedAll(document, "anyOf")).slice(0, MAX_CHOICES);
  const options = names.map((name, i) => {
    const option = given[i];
    const replies = option ? embedded(option, "replies") : null;
    return {
      name: oneLine(name, MAX_CHOICE),
      votes: wholeNumber(replies?.totalItems, Number.MAX_SAFE_INTEGER) ?? 0,
    };
  });
  return {
    isMultiple,
    endsMs: endOf(document),
    isClosed: document.closed === true,
    voters: wholeNumber(document.votersCount, Number.MAX_SAFE_INTEGER) ?? 0,
    options,
  };
}

/** What is counted here: the total of a collection of the question, and whether the viewer is in it. */
export type CountOf = (collection: string) => { readonly total: number; readonly isMine: boolean };

/** Of our own polls we count; of those elsewhere their origin does, and what we know beyond that is added. */
export function pollViewOf(parts: PollParts, isLocal: boolean, countOf: CountOf, nowMs: number): PollView {
  const known = (given: number, counted: number) => (isLocal ? counted : Math.max(given, counted));
  const options = parts.options.map(({ name, votes }, i) => {
    const { total, isMine } = countOf(votesFor(i));
    return { name, votes: known(votes, total), isMine };
  });
  const voters = known(parts.voters, countOf("voters").total);
  const sum = options.reduce((all, { votes }) => all + votes, 0);
  return {
    isMultiple: parts.isMultiple,
    endsMs: parts.endsMs,
    hasEnded: parts.isClosed || (parts.endsMs !== null && parts.endsMs <= nowMs),
    // Where the origin does not tell, everybody has one vote, unless there are several.
    voters: voters > 0 || parts.isMultiple ? voters : sum,
    options,
  };
}
