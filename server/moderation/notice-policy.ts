/** From whom somebody wants to be told things: everybody, or some of them asked about first, or not at all. */
import { DAY_MS } from "../lib/durations.ts";

/** What becomes of notices from senders of one kind. */
export const POLICY_CHOICES = ["accept", "filter", "drop"] as const;
export type PolicyChoice = (typeof POLICY_CHOICES)[number];

/** Kinds of senders: a sender of several gets the strictest of their choices. */
export const POLICY_ASPECTS = [
  "notFollowing",
  "notFollowers",
  "newAccounts",
  "privateMentions",
  "limitedAccounts",
] as const;
export type PolicyAspect = (typeof POLICY_ASPECTS)[number];

export type NoticePolicy = Readonly<Record<PolicyAspect, PolicyChoice>>;

/** Everybody is heard but those whom the staff limit, unless they are followed. */
export const OPEN_POLICY: NoticePolicy = {
  notFollowing: "accept",
  notFollowers: "accept",
  newAccounts: "accept",
  privateMentions: "accept",
  limitedAccounts: "filter",
};

/** An account is new for so long. */
export const NEW_ACCOUNT_MS = 30 * DAY_MS;

export const isPolicyChoice = (word: unknown): word is PolicyChoice =>
  POLICY_CHOICES.some((choice) => choice === word);
