/** What an account is. What its role may do is in `permissions.ts`. */

/** Most powerful first. */
export const ROLES = ["admin", "moderator", "teacher", "member"] as const;
export type Role = (typeof ROLES)[number];

/** `pending` waits for the staff and cannot sign in; `disabled` could once. */
export const ACCOUNT_STATES = ["pending", "active", "disabled"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** A person who lives here. Its key is the key of its actor. */
export interface Account {
  readonly key: number;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly state: AccountState;
  /** What the person wrote when asking to join. */
  readonly reason: string | null;
  /** What the staff wrote when refusing or disabling. */
  readonly note: string | null;
  readonly invitedBy: number | null;
  /** BCP 47, or null where the browser decides. */
  readonly locale: string | null;
  readonly createdMs: number;
  /** When they last used the server, to the nearest quarter of an hour. */
  readonly seenMs: number | null;
  readonly hasPassword: boolean;
  /** What belonged to it is deleted; it is never opened again. */
  readonly isGone: boolean;
}

/** Where a request came from, as far as it is kept. */
export interface Origin {
  /** The network (`addressPrefix`), not the machine. */
  readonly addressPrefix: string;
  /** The browser's `User-Agent`, possibly empty. */
  readonly agent: string;
}

export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);
