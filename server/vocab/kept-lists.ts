/** Lists that this server keeps by what happens, by name: what may be written to neither by hand nor by a file. */

/** Who sees what, who hears of what, and who may do what hang on these. */
const DECIDING = [
  "inbox",
  "outbox",
  "home",
  "posts",
  "followers",
  "following",
  "requests",
  "requested",
  "whispers",
  "voters",
  "blocked",
  "members",
  "joining",
  "invited",
  "banned",
  "removed",
  "locked",
  "listed",
  "lists",
] as const;

/** No `Add` or `Remove` writes to these. */
export const NOT_BY_HAND: ReadonlySet<string> = new Set([...DECIDING, "liked", "likes", "shares", "replies"]);

/**
 * No extension file names these. What people decide by an `Add` of their own (who looks after a group, whom one does not
 * want to hear, what may be quoted) no other activity decides for them; likes and shares it may count.
 */
export const NOT_BY_FILE: ReadonlySet<string> = new Set([
  ...DECIDING,
  "moderators",
  "owners",
  "muted",
  "muted-threads",
  "quotes",
  "quote-requests",
  "quotes-refused",
  "quotes-withdrawn",
]);
