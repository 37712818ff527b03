/** The contract between pages and handlers of groups: where their forms go and what the fields are called. */

/** What makes a group and what changes it: the same questions. */
const QUESTIONS = {
  displayName: "displayName",
  description: "description",
  rules: "rules",
  icon: "icon",
  image: "image",
  access: "access",
  joining: "joining",
  posting: "posting",
} as const;

/** `GET /groups?q=…` */
export const GROUPS = { path: "/groups", fields: { query: "q" } } as const;

export const GROUP_NEW = { path: "/groups/new", fields: { name: "name", ...QUESTIONS } } as const;

/** `group` is its address; `remove` is `icon` or `image`: takes that picture away, and changes nothing else. */
export const GROUP_EDIT = {
  path: "/groups/edit",
  fields: { group: "group", remove: "remove", ...QUESTIONS },
} as const;

/** `GET /groups/join?code=…` shows an invitation by link; posting takes it, or with `handle` invites that person. */
export const GROUP_JOIN = { path: "/groups/join", fields: { code: "code", handle: "handle" } } as const;

/** Looking after a group: `action`, the `group` that it is done as, and what it is done to. */
export const GROUP_ACT = {
  path: "/groups/act",
  fields: {
    group: "group",
    action: "action",
    /** The address of a person. */
    person: "person",
    /** What somebody typed to name a person. */
    handle: "handle",
    /** The address of a post. */
    object: "object",
    reason: "reason",
    uses: "uses",
    days: "days",
    /** The key of an invitation by link. */
    link: "link",
    /** The group's address, typed once more before it is deleted. */
    sure: "sure",
    return: "return",
  },
  actions: {
    join: "join",
    leave: "leave",
    letIn: "let-in",
    decline: "decline",
    remove: "remove",
    ban: "ban",
    unban: "unban",
    makeModerator: "make-moderator",
    noModerator: "no-moderator",
    makeOwner: "make-owner",
    noOwner: "no-owner",
    invite: "invite",
    withdraw: "withdraw",
    makeLink: "make-link",
    endLink: "end-link",
    removePost: "remove-post",
    restorePost: "restore-post",
    lock: "lock",
    unlock: "unlock",
    pin: "pin",
    unpin: "unpin",
    delete: "delete",
  },
} as const;

/** Parts of a group's page, below its address. */
export const GROUP_PARTS = {
  members: "members",
  banned: "banned",
  requests: "requests",
  invite: "invite",
  record: "record",
  reports: "reports",
  settings: "settings",
} as const;
