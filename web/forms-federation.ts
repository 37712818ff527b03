/** Forms about other servers: where they go, and what their fields are called. */

/** The switch, and what is done with one rule. `GET` with a query looks for rules. */
export const FEDERATION = {
  path: "/admin/federation",
  fields: { action: "action", mode: "mode", domain: "domain", query: "q", level: "level", after: "after" },
  actions: { mode: "mode", remove: "remove" },
} as const;

/** One rule: `?domain=b.test` shows it. What ends followings is asked for once more, with its price. */
export const DOMAIN_RULE = {
  path: "/admin/federation/rule",
  fields: {
    domain: "domain",
    level: "level",
    /** "yes" where it is so. */
    noMedia: "noMedia",
    noReports: "noReports",
    publicComment: "publicComment",
    privateComment: "privateComment",
    confirmed: "confirmed",
  },
} as const;

/** Reading a file in, and subscribing. */
export const DOMAIN_LISTS = {
  path: "/admin/federation/lists",
  fields: {
    action: "action",
    list: "list",
    file: "file",
    url: "url",
    plain: "plain",
    acceptsItself: "acceptsItself",
  },
  actions: {
    read: "read",
    subscribe: "subscribe",
    refresh: "refresh",
    accept: "accept",
    discard: "discard",
    giveUp: "give-up",
  },
} as const;

/** What a list would change: `?list=KEY`. */
export const DOMAIN_DRAFT = "/admin/federation/draft";
/** `/admin/federation/export/FORM` gives a file. */
export const DOMAIN_EXPORT = "/admin/federation/export";
/** What staff did: all of it, and what everybody may know. */
export const ADMIN_RECORD = "/admin/record";
export const PUBLIC_RECORD = "/about/record";
/** What holds for other servers now, for everybody. */
export const PUBLIC_RULES = "/about/servers";
/** Followings that ended with a block. */
export const SEVERED = "/settings/severed";
