/** Forms of posts for later, and of what those who run the server offer everybody: where they go, and their fields. */

/** Beside a field for a time: minutes from its clock to UTC, which a script of the page knows. */
export const zoneOf = (name: string): string => `${name}Zone`;

/** The composer's field for a time; empty for now. */
export const PUBLISH_AT = "publishAt";

/** Posts of the viewer that wait for their time. */
export const SCHEDULED = {
  path: "/scheduled",
  fields: { action: "action", post: "post", publishAt: PUBLISH_AT },
  actions: { cancel: "cancel", move: "move" },
} as const;

/** Putting an announcement aside. */
export const ANNOUNCEMENTS = {
  path: "/announcements",
  fields: { announcement: "announcement", return: "return" },
} as const;

export const ADMIN_ANNOUNCEMENTS = {
  path: "/admin/announcements",
  fields: { action: "action", announcement: "announcement", text: "text", ends: "ends" },
  actions: { save: "save", remove: "remove" },
} as const;

export const ADMIN_EMOJI = {
  path: "/admin/emoji",
  fields: {
    action: "action",
    emoji: "emoji",
    shortcode: "shortcode",
    category: "category",
    picture: "picture",
    isOffered: "isOffered",
  },
  actions: { add: "add", change: "change", remove: "remove" },
} as const;

export const ADMIN_TRENDS = {
  path: "/admin/trends",
  fields: { action: "action", kind: "kind", name: "name" },
  actions: { hide: "hide", show: "show" },
} as const;

/** From whom somebody wants to be told things, and what becomes of those who were kept back. */
export const NOTICE_POLICY = {
  path: "/settings/notices",
  fields: { action: "action", sender: "sender", aspect: (aspect: string) => `for-${aspect}` },
  actions: { save: "save", accept: "accept", dismiss: "dismiss" },
} as const;

/** All emoji of this server, for those who write. */
export const EMOJI_LIST = "/emoji";
