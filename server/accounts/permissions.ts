/** What each role may do here, as one table: every page, form, program and command asks it. */
import type { Account, Role } from "./account.ts";

const STAFF: readonly Role[] = ["admin", "moderator"];
const TEACHERS: readonly Role[] = ["admin", "moderator", "teacher"];
const ADMINS: readonly Role[] = ["admin"];

/**
 * Beyond what everybody may. What somebody may in a group is decided by the group (`group-roles.ts`), so that a teacher
 * looks after the members of their own groups, and sees reports about what is posted there.
 */
const PERMISSIONS = {
  /** The pages of those who run the server, and the word for programs that do (`admin:…` scopes). */
  "see-staff-pages": STAFF,
  /** To let people in, close and open accounts, and give new passwords, of those below them. */
  "manage-people": STAFF,
  "give-roles": ADMINS,
  "handle-reports": STAFF,
  /** To warn, hide, limit and suspend, and to answer appeals. */
  "act-on-people": STAFF,
  "decide-about-servers": STAFF,
  /** The queue, deliveries and other servers that do not answer. */
  "tend-machine": STAFF,
  /** Announcements, emoji, and what is shown as talked about. */
  "offer-to-all": STAFF,
  "change-settings": ADMINS,
  /** Where the settings let teachers invite, and found groups. */
  "invite-as-teacher": TEACHERS,
  "found-groups-as-teacher": TEACHERS,
  /** Whatever the settings say, and as many as they like; and to see and end those of others. */
  "invite-always": STAFF,
  "invite-teachers": STAFF,
  "found-groups-always": STAFF,
  /** Names such as “admin” and “support”. */
  "take-kept-names": STAFF,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Roles that may do it. */
export const rolesThat = (permission: Permission): readonly Role[] => PERMISSIONS[permission];

export const may = (role: Role, permission: Permission): boolean => PERMISSIONS[permission].includes(role);

/** Those of the staff manage everybody below them; an admin manages everybody. */
const RANK: Readonly<Record<Role, number>> = { admin: 3, moderator: 2, teacher: 1, member: 0 };

/** Whether somebody of one role may do something to somebody of another. */
export const mayManage = (manager: Role, managed: Role): boolean =>
  manager === "admin" || (may(manager, "manage-people") && RANK[manager] > RANK[managed]);

/**
 * Whether somebody of the staff looks after a report. Nobody does so, nor reads who spoke up, where it is about
 * themselves; but an admin, who may be alone.
 */
export const mayLookAfter = (
  by: Pick<Account, "key" | "role">,
  { about }: { readonly about: number },
): boolean => about !== by.key || by.role === "admin";

/**
 * Whether somebody of the staff may let a decision stand that was appealed. Who made it may give in, but another says no;
 * an admin always, who may be alone.
 */
export const mayUphold = (
  by: Pick<Account, "key" | "role">,
  decision: { readonly by: number | null },
): boolean => decision.by !== by.key || by.role === "admin";
