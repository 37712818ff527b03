/** The contract between pages and handlers: where every form goes and what its fields are called. */

/** What one post holds: nobody reads more on a screen, and an article is written elsewhere. */
export const MAX_POST_CHARACTERS = 20_000;
/** As many as Lemmy takes. */
export const MAX_TITLE_CHARACTERS = 200;

/** The hidden field that every posting form carries. */
export const CSRF_FIELD = "csrf";

/**
 * `POST /act`: any form becomes an activity. `type` is a verb, see `verb()`; all other fields are optional.
 *
 * | verb | fields |
 * |---|---|
 * | `Create` | content, summary, visibility, inReplyTo, quote, quotePolicy, to (handles or addresses, separated by blanks), group, title, asGroup, file-1 …; for a poll those of `POLL` (`forms-polls.ts`) |
 * | `Create Vote` | object (the question), choice (repeated where several are allowed) |
 * | `Update` | object, content, summary, file-1 … |
 * | `Delete` | object |
 * | `EmojiReact` | object, content (one emoji) |
 * | `EmojiReact 🔥` `Undo EmojiReact 🔥` | object; with a custom emoji `:blobcat: https://…` |
 * | `Like` `Announce` and any other activity | object, target |
 * | `Undo Like` `Undo Announce` `Undo Follow` `Undo Block` … | object: of the activity to undo |
 * | `Add bookmarks` `Remove bookmarks` `Add muted` `Remove muted` | object |
 * | `Follow` `Block` | object (the actor) |
 * | `Accept Follow` `Reject Follow` | object (the actor who asked) |
 * | `Reject Follower` | object (a follower to let go) |
 * | `Flag` | object, content (what is wrong) |
 *
 * Without a visibility a post is for everyone, and a reply for those of the post that it answers.
 * A file has a number from 1 to `MAX_ATTACHMENTS`: `file-1` itself, `file-1-text` in words, `file-1-focus` where a picture
 * has its middle elsewhere, and where it is attached already, `file-1-url` and perhaps `file-1-remove` (`yes`).
 */
export const ACT = {
  path: "/act",
  fields: {
    type: "type",
    object: "object",
    target: "target",
    to: "to",
    content: "content",
    summary: "summary",
    inReplyTo: "inReplyTo",
    visibility: "visibility",
    choice: "choice",
    /** The address of the post that is quoted, and who may quote this one (`vocab/quote/policy.ts`). */
    quote: "quote",
    quotePolicy: "quotePolicy",
    /** The address of the group that it is posted to, and its title there. */
    group: "group",
    title: "title",
    /** "yes" where the group itself says it, by the hand of somebody who looks after it. */
    asGroup: "asGroup",
    return: "return",
    /** Of the page that the form stands on, another each time that it is loaded: what it sends twice is one post. */
    once: "once",
    file: (n: number) => `file-${n}`,
    fileText: (n: number) => `file-${n}-text`,
    fileUrl: (n: number) => `file-${n}-url`,
    fileRemove: (n: number) => `file-${n}-remove`,
    /** One of `FOCUS_CHOICES`: what matters in a picture. */
    fileFocus: (n: number) => `file-${n}-focus`,
  },
} as const;

/** As many as Mastodon shows with a post. */
export const MAX_ATTACHMENTS = 4;
/** What a file shows, in words; Mastodon takes as much. */
export const MAX_DESCRIPTION_CHARACTERS = 1_500;
/** Places of a picture as a person names them, from the left and from below, each as `x,y` (Mastodon's focal point). */
export const FOCUS_CHOICES = {
  middle: "0,0",
  top: "0,0.7",
  bottom: "0,-0.7",
  left: "-0.7,0",
  right: "0.7,0",
  topLeft: "-0.7,0.7",
  topRight: "0.7,0.7",
  bottomLeft: "-0.7,-0.7",
  bottomRight: "0.7,-0.7",
} as const;
export const ATTACHMENT_NUMBERS: readonly number[] = Array.from({ length: MAX_ATTACHMENTS }, (_, i) => i + 1);

/** `verb("Undo", "Like")` → `"Undo Like"`: an activity type and, where needed, which one or where. */
export const verb = (type: string, of?: string): string => (of === undefined ? type : `${type} ${of}`);

/** `"Undo Like"` → `{ type: "Undo", of: "Like" }`; `of` is null where the verb has one word. */
export function parseVerb(text: string): { readonly type: string; readonly of: string | null } {
  const space = text.indexOf(" ");
  return space < 0
    ? { type: text, of: null }
    : { type: text.slice(0, space), of: text.slice(space + 1).trim() || null };
}

/** Claims the administrator's account, once, with the token that the first start printed. */
export const SETUP = {
  path: "/setup",
  fields: {
    token: "token",
    siteName: "siteName",
    name: "name",
    displayName: "displayName",
    email: "email",
    password: "password",
  },
} as const;

export const SIGN_UP = {
  path: "/sign-up",
  /** `?with=passkey` joins without a password. */
  with: { name: "with", passkey: "passkey" },
  fields: {
    invitation: "invitation",
    name: "name",
    displayName: "displayName",
    email: "email",
    password: "password",
    reason: "reason",
    /** "yes" when the rules were accepted. */
    agree: "agree",
    /** Where to go afterwards, such as back to the app that asks. */
    return: "return",
  },
} as const;

export const SIGN_IN = {
  path: "/sign-in",
  /** Where Mastodon has it, and where programs that ask for access send people. */
  forPrograms: "/auth/sign_in",
  fields: { name: "name", password: "password", return: "return" },
  /** Mastodon's: password managers and the tests of programs look for these. */
  ids: { name: "user_email", password: "user_password" },
} as const;

/** A new password by a one-time link: `/reset?token=…`. */
export const RESET = { path: "/reset", fields: { token: "token", password: "password" } } as const;

export const SIGN_OUT = { path: "/sign-out", fields: {} } as const;

/** `GET /search?q=…` */
export const SEARCH = {
  path: "/search",
  fields: { query: "q", kind: "kind", next: "next" },
  kinds: ["all", "posts", "people", "groups", "tags"],
} as const;
export type SearchKind = (typeof SEARCH.kinds)[number];

/** The most lines that a profile may show beside the summary. */
export const MAX_PROFILE_FIELDS = 4;
/** A name fits a card, and a summary is a card on a screen, not an essay. */
export const MAX_DISPLAY_NAME_CHARACTERS = 60;
export const MAX_SUMMARY_CHARACTERS = 2_000;
export const MAX_FIELD_CHARACTERS = 255;

/** Profile fields are `field-1-name`, `field-1-value` and so on. */
export const PROFILE = {
  path: "/settings",
  fields: {
    displayName: "displayName",
    summary: "summary",
    /** A file each: the picture beside the name, and the wide one above it. */
    icon: "icon",
    image: "image",
    /** `icon` or `image`: takes that picture away, and changes nothing else. */
    remove: "remove",
    /** "yes" where followers are let in one by one. */
    approvesFollowers: "approvesFollowers",
    /** "yes" where search engines may list the profile and the posts. */
    indexable: "indexable",
    /** "yes" where people may be shown the profile who did not ask for it by name. */
    discoverable: "discoverable",
    /** "yes" where whom they follow, and who follows them, is told to nobody else. */
    hidesCircle: "hidesCircle",
    fieldName: (n: number) => `field-${n}-name`,
    fieldValue: (n: number) => `field-${n}-value`,
  },
} as const;

export const APPEARANCE = {
  path: "/settings/appearance",
  fields: { theme: "theme", language: "language" },
} as const;

export const PASSWORD = {
  path: "/settings/password",
  fields: { current: "current", next: "next" },
} as const;

/** Ends one session (`session` is its id), or all others and every app (`session` is `others`). */
export const SESSIONS = { path: "/settings/sessions", fields: { session: "session" } } as const;

/** Shuts one app out; `app` is what it was given. */
export const APPS = { path: "/settings/apps", fields: { app: "app" } } as const;

/** Marks notices as read up to a key. */
export const NOTICES = { path: "/notices", fields: { upTo: "upTo" } } as const;

/** The consent page posts everything that the client sent, unchanged, and `decision`. */
export const AUTHORIZE = {
  path: "/oauth/authorize",
  fields: { decision: "decision" },
  decisions: { allow: "allow", deny: "deny" },
} as const;

/** A visitor says where they live, and is sent there to follow or reply. */
export const REMOTE_FOLLOW = {
  path: "/remote-follow",
  fields: { handle: "handle", object: "object", intent: "intent" },
} as const;

/** What a visitor may want to do with a post. */
export const REMOTE_INTENTS = ["reply", "like", "announce", "open"] as const;

/** `GET /authorize_interaction?uri=…`: where other servers send people who live here. */
export const INTERACTION = { path: "/authorize_interaction", fields: { uri: "uri" } } as const;

/** Administration posts `action` with the fields that it needs. */
export const ADMIN_PEOPLE = {
  path: "/admin/people",
  fields: { action: "action", account: "account", role: "role", query: "q", state: "state" },
  actions: {
    approve: "approve",
    reject: "reject",
    disable: "disable",
    enable: "enable",
    role: "role",
    resetPassword: "reset-password",
    resetFactors: "reset-factors",
  },
} as const;

export const ADMIN_INVITATIONS = {
  path: "/admin/invitations",
  fields: { action: "action", invitation: "invitation", uses: "uses", days: "days", note: "note" },
  actions: { create: "create", revoke: "revoke" },
} as const;

/** The same for those who may invite and do not run the server: their own. */
export const OWN_INVITATIONS = { path: "/settings/invitations" } as const;

/** One server is at `/admin/peers/HOST`; `?state=trouble` lists those that fail or are stopped. */
export const ADMIN_PEERS = {
  path: "/admin/peers",
  fields: { action: "action", host: "host", state: "state" },
  actions: { retry: "retry", hold: "hold", resume: "resume", giveUp: "give-up" },
} as const;

/** What authors do about one post that does not arrive at one server. */
export const DELIVERIES = {
  path: "/deliveries",
  fields: { action: "action", object: "object", host: "host", return: "return" },
  actions: { retry: "retry", giveUp: "give-up" },
} as const;

export const ADMIN_JOBS = {
  path: "/admin/jobs",
  fields: { action: "action", job: "job" },
  actions: { retry: "retry", discard: "discard" },
} as const;

export const ADMIN_SETTINGS = {
  path: "/admin/settings",
  fields: {
    siteName: "siteName",
    description: "description",
    registration: "registration",
    allowedDomains: "allowedDomains",
    groupCreation: "groupCreation",
    accent: "accent",
    rules: "rules",
    about: "about",
    privacy: "privacy",
    contact: "contact",
    sourceUrl: "sourceUrl",
  },
} as const;

/** Pages without a form of their own. */
export const PATHS = {
  home: "/",
  /** `?to=@name` begins a post to somebody. */
  write: "/write",
  requests: "/requests",
  bookmarks: "/bookmarks",
  blocked: "/settings/blocked",
  about: "/about",
  /** Which apps to try, and how to sign in with them. */
  appsToTry: "/apps",
  /** RFC 8414: read by programs. */
  oauthMetadata: "/.well-known/oauth-authorization-server",
  rules: "/rules",
  privacy: "/privacy",
  admin: "/admin",
  adminBackup: "/admin/backup",
  adminLog: "/admin/log",
} as const;

/** What a person typed, to be shown again, and what was wrong with it. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  /** `field` is null where the sentence is about the whole form. */
  readonly problem: {
    readonly field: string | null;
    readonly message: string;
    /** A word for what is wrong, where a page offers a way on. */
    readonly reason?: string;
  } | null;
  /** Files came with it, and have to be chosen again: a browser shows none that it did not choose itself. */
  readonly hasLostFiles?: boolean;
}

export const EMPTY_FORM: FormState = { values: {}, problem: null };

/** The page for signing in or up, from which one comes back to `returnTo`. */
export const pathWithReturn = (path: string, returnTo: string): string =>
  returnTo === PATHS.home ? path : `${path}?${SIGN_IN.fields.return}=${encodeURIComponent(returnTo)}`;

/** The address to go back to, only where it is a path on this server; else `fallback`. */
export const localReturn = (address: string | null | undefined, fallback: string): string =>
  address && /^\/(?![/\\])[^\p{Cc}\\]*$/u.test(address) ? address : fallback;
