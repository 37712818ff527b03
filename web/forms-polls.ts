/** The contract between pages and handlers of polls: fields of `POST /act` with `Create`. */

/** As many as Mastodon lets people offer; others show more. */
const MAX_POLL_CHOICES = 4;
export const POLL_NUMBERS: readonly number[] = Array.from({ length: MAX_POLL_CHOICES }, (_, i) => i + 1);
/** An answer is a line; Mastodon offers 50 characters, and shows more. */
export const MAX_CHOICE_CHARACTERS = 100;

/** How long one may vote, in minutes. */
export const POLL_MINUTES = [60, 360, 1_440, 4_320, 10_080] as const;
export const USUAL_POLL_MINUTES = 1_440;

/** All optional: a post is a poll where two answers or more are given. */
export const POLL = {
  choice: (n: number) => `poll-${n}`,
  /** "yes" where several answers may be chosen. */
  several: "poll-several",
  minutes: "poll-minutes",
} as const;
