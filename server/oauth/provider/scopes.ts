/** What a program may be allowed to do: names, which of them include others, and which a role can give. */
import type { Role } from "../../accounts/account.ts";
import { may } from "../../accounts/permissions.ts";

const READ = [
  "accounts",
  "blocks",
  "bookmarks",
  "collections",
  "favourites",
  "filters",
  "follows",
  "inbox",
  "lists",
  "mutes",
  "notifications",
  "outbox",
  "proxy",
  "search",
  "statuses",
].map((part) => `read:${part}`);

const WRITE = [
  "accounts",
  "blocks",
  "bookmarks",
  "conversations",
  "favourites",
  "filters",
  "follows",
  "lists",
  "media",
  "mutes",
  "notifications",
  "outbox",
  "reports",
  "statuses",
].map((part) => `write:${part}`);

const ADMIN = ["accounts", "domain_allows", "domain_blocks", "reports"].flatMap((part) => [
  `admin:read:${part}`,
  `admin:write:${part}`,
]);

/** Every scope there is; `read` includes all that begin with `read:`, and so on. */
export const SCOPES: readonly string[] = [
  "profile",
  "read",
  ...READ,
  "write",
  ...WRITE,
  "follow",
  "push",
  "admin:read",
  "admin:write",
  ...ADMIN,
];

/** What is asked for by a program that does not say. */
export const DEFAULT_SCOPES: readonly string[] = ["read"];
/** The most that a program may ask for which did not say when it registered. */
export const DEFAULT_CLIENT_SCOPES: readonly string[] = ["profile", "read", "write", "follow", "push"];

/** What a name includes besides everything that begins with it. */
const INCLUDES: Readonly<Record<string, readonly string[]>> = {
  read: ["profile"],
  "read:accounts": ["profile"],
  follow: ["read:blocks", "read:follows", "read:mutes", "write:blocks", "write:follows", "write:mutes"],
  // Whoever may post any activity may do what each of them does, but change the account (`api/c2s/scopes.ts`).
  "write:outbox": WRITE.filter((scope) => scope !== "write:accounts" && scope !== "write:media"),
};

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** Whether one of the granted scopes is the needed one or includes it. */
export const allows = (granted: readonly string[], needed: string): boolean =>
  granted.some(
    (scope) =>
      scope === needed || needed.startsWith(`${scope}:`) || INCLUDES[scope]?.includes(needed) === true,
  );

/** The known ones of names separated by spaces, without repeats (RFC 6749 §3.3 lets a server leave out the rest). */
export const parseScopes = (text: string): readonly string[] =>
  [...new Set(text.split(/[\s,+]+/))].filter((name) => KNOWN.has(name));

/** Of such names those that mean nothing here. */
export const unknownScopes = (text: string): readonly string[] =>
  text.split(/[\s,+]+/).filter((name) => name !== "" && !KNOWN.has(name));

/** What somebody of that role can give: what only the staff may do, only the staff can pass on. */
export const givable = (scopes: readonly string[], role: Role): readonly string[] =>
  may(role, "see-staff-pages") ? scopes : scopes.filter((scope) => !scope.startsWith("admin:"));
