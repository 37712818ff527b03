/** The contract between pages and handlers of quotes, reactions, intents and pictures of others. */

/** The author of a quoted post answers who asks, or withdraws consent. `subject` is the address of request or consent. */
export const QUOTES = {
  path: "/quotes",
  fields: { action: "action", subject: "subject", return: "return" },
  actions: { accept: "accept", reject: "reject", withdraw: "withdraw" },
} as const;

/** Offered on every card; any other emoji can be typed. */
export const SMALL_SET = ["👍", "❤️", "😂", "🎉", "😮", "😢"] as const;

/** `GET /intents/:type?object=…&on-success=…&on-cancel=…` (FEP-3b86); posting does it. */
export const INTENTS = {
  path: "/intents",
  fields: { object: "object", content: "content", inReplyTo: "inReplyTo" },
  query: { success: "on-success", cancel: "on-cancel" },
  /** Where a finished one ends: with the way back to the site that began it. */
  done: "/intents/done",
} as const;

/** Room for pictures of other servers; `action` is `save` or `clear`. */
export const ADMIN_MEDIA = {
  path: "/admin/media",
  fields: { action: "action", remoteMedia: "remoteMedia", remoteMediaMegabytes: "remoteMediaMegabytes" },
  actions: { save: "save", clear: "clear" },
} as const;
