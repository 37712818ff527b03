/** Where the forms of signing in go, besides name and password: the second question, passkeys, accounts held elsewhere. */

/** The second question. What it belongs to is in a cookie. */
export const SECOND = { path: "/sign-in/second", fields: { code: "code", return: "return" } } as const;

/** A name and a code on paper, of somebody who has no password and lost the passkey. */
export const RECOVER = {
  path: "/sign-in/recovery",
  fields: { name: "name", code: "code", return: "return" },
} as const;

/** What a passkey is shown for. */
export const PASSKEY_USES = ["sign-in", "second", "confirm", "new", "join"] as const;
export type PasskeyUse = (typeof PASSKEY_USES)[number];

/** A script asks `options` for the question (JSON), and sends the device's answer as a form to `path`. */
export const PASSKEY = {
  path: "/sign-in/passkey",
  options: "/sign-in/passkey/options",
  /** Where the form for joining goes, with the fields of `SIGN_UP`. */
  join: "/sign-up/passkey",
  fields: { use: "use", token: "token", credential: "credential", name: "passkey-name", return: "return" },
} as const;

/** Who one is once more, before what is worth guarding. */
export const CONFIRM = {
  path: "/settings/confirm",
  fields: { password: "password", return: "return" },
} as const;

/** How one signs in: password, passkeys, codes, accounts elsewhere. */
export const FACTORS = {
  path: "/settings/sign-in",
  /** Where somebody was going who had to set up a second factor first. */
  return: "return",
  fields: { action: "action", key: "key", name: "name" },
  actions: {
    renamePasskey: "rename-passkey",
    removePasskey: "remove-passkey",
    removeCodes: "remove-codes",
    renewRecovery: "renew-recovery",
    removePassword: "remove-password",
    unlink: "unlink",
  },
} as const;

/** An app that makes codes. */
export const CODES = {
  path: "/settings/sign-in/codes",
  fields: { code: "code", return: "return" },
} as const;

/** The sheet of codes as a file; it is in the form, since nobody keeps it. */
export const RECOVERY_FILE = {
  path: "/settings/sign-in/recovery.txt",
  fields: { codes: "codes" },
} as const;

/** What somebody is sent elsewhere for. */
export const AWAY_USES = ["sign-in", "link", "confirm"] as const;
export type AwayUse = (typeof AWAY_USES)[number];

/** To a place that the admin named (`provider`, its key), or to a server of the Fediverse (`server`, its name). */
export const AWAY = {
  path: "/sign-in/away",
  fields: {
    provider: "provider",
    server: "server",
    use: "use",
    return: "return",
    invitation: "invitation",
  },
  /** Where that place sends people back to: one address for each place. */
  back: "/sign-in/back",
} as const;

/** Somebody who is known elsewhere makes an account here. Who that is stands in a cookie's step. */
export const JOIN = {
  path: "/sign-in/join",
  fields: {
    name: "name",
    displayName: "displayName",
    email: "email",
    reason: "reason",
    invitation: "invitation",
    agree: "agree",
  },
} as const;

/** Places whose accounts are good here; one is at `/admin/sign-in/KEY`, a new one at `/admin/sign-in/new`. */
export const ADMIN_SIGN_IN = {
  path: "/admin/sign-in",
  fields: {
    action: "action",
    provider: "provider",
    kind: "kind",
    name: "name",
    issuer: "issuer",
    clientId: "clientId",
    clientSecret: "clientSecret",
    scope: "scope",
    authorizationEndpoint: "authorizationEndpoint",
    tokenEndpoint: "tokenEndpoint",
    userinfoEndpoint: "userinfoEndpoint",
    subjectName: "subjectName",
    admits: "admits",
    domains: "domains",
    secondFactor: "secondFactor",
    fediverseSignIn: "fediverseSignIn",
  },
  actions: { save: "save", remove: "remove", rules: "rules" },
} as const;
