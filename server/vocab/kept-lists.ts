/** Lists that this server keeps by what happens, by name: what may be written to neither by hand nor by a file. */

/** No `Add` or `Remove` writes to these: who sees what, who hears of what, and what counts hang on them. */
export const NOT_BY_HAND: ReadonlySet<string> = new Set([
  "inbox",
  "outbox",
  "home",
  "posts",
  "confided",
  "followers",
  "following",
  "requests",
  "requested",
  "liked",
  "likes",
  "shares",
  "replies",
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
]);

/**
 * No extension file names these either. What people decide by an activity of their own (who looks after a group, whom one
 * does not want to hear, what may be quoted, what stands at the top of a page) no other activity decides for them.
 */
export const NOT_BY_FILE: ReadonlySet<string> = new Set([
  ...NOT_BY_HAND,
  "moderators",
  "owners",
  "muted",
  "muted-threads",
  "ignored",
  "quotes",
  "quote-requests",
  "quotes-refused",
  "quotes-withdrawn",
  "bookmarks",
  "dislikes",
  "endorsements",
  "featured",
  "featured-tags",
  "followed-tags",
  "items",
  "listened",
  "read",
  "viewed",
  "record",
]);
