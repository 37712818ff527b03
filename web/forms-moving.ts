/** The contract between pages and handlers of moving house, of leaving it for good, of relays, and of the public lists. */

/**
 * `action` says what to do: `add` an `alias` (a handle or an address) or `remove` one (its address), `move` to a `target`
 * (by somebody who has just shown who they are), take the move `back`, or make an `archive`, which is at `…/archive.zip` then.
 */
export const MOVING = {
  path: "/settings/moving",
  fields: { action: "action", alias: "alias", target: "target" },
  actions: { add: "add", remove: "remove", move: "move", back: "back", archive: "archive" },
} as const;

/**
 * By somebody who has just shown who they are: `action` is `email` (another `email`, or none), or `close`, for good, with the
 * person's own name in `sure`.
 */
export const ACCOUNT = {
  path: "/settings/account",
  fields: { action: "action", email: "email", sure: "sure" },
  actions: { email: "email", close: "close" },
} as const;

/** `list` is one of `following lists blocked muted domains bookmarks`; with a `file` it shows a draft, with `values` it begins. */
export const CARRY = {
  path: "/settings/moving/lists",
  fields: { list: "list", file: "file", values: "values" },
} as const;

/** All that a person wrote and uploaded: `GET /settings/moving/archive.zip`. */
export const ARCHIVE_FILE = "archive.zip";

/** `GET /settings/moving/following_accounts.csv` and so on, under the names that Mastodon gives such files. */
export const CARRIED_FILES = {
  following: "following_accounts.csv",
  lists: "lists.csv",
  blocked: "blocked_accounts.csv",
  muted: "muted_accounts.csv",
  domains: "blocked_domains.csv",
  bookmarks: "bookmarks.csv",
} as const;

/**
 * `action` is `add` with the `address`, or `remove` or `limit` (with `perHour`) and the `relay`'s key; or `lists` with
 * `publicLists`: who sees what comes in.
 */
export const ADMIN_RELAYS = {
  path: "/admin/relays",
  fields: {
    action: "action",
    address: "address",
    relay: "relay",
    perHour: "perHour",
    publicLists: "publicLists",
  },
  actions: { add: "add", remove: "remove", limit: "limit", lists: "lists" },
} as const;

/** What is for everybody: of people here, and from everywhere. */
export const PUBLIC_LISTS = { here: "/public", everywhere: "/public/everywhere" } as const;
