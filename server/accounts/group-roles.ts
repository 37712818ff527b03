/** Who may do what in a group that lives here: roles, and what each is needed for. */
import type { Look } from "../core/behaviour.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import { Problem } from "../lib/problem.ts";

/** Most powerful first. */
const GROUP_ROLES = ["owner", "moderator", "member"] as const;
export type GroupRole = (typeof GROUP_ROLES)[number];

/** The lists of a group in which whoever has the role stands; owners stand in all of them. */
export const LIST_OF: Readonly<Record<GroupRole, string>> = {
  owner: "owners",
  moderator: "moderators",
  member: "members",
};

/**
 * What somebody may want to do as the group, and who may. `speak` is anything that a person could do too (posting,
 * liking, sharing); `admit` lets people in and invites them; `keep` is the peace: removing, banning, locking, pinning;
 * `appoint` gives and takes roles.
 */
const NEEDED = {
  read: "moderator",
  speak: "moderator",
  admit: "moderator",
  keep: "moderator",
  appoint: "owner",
  edit: "owner",
  delete: "owner",
} as const satisfies Record<string, GroupRole>;

export type GroupDeed = keyof typeof NEEDED;

const RANK: Readonly<Record<GroupRole, number>> = { owner: 2, moderator: 1, member: 0 };

export interface GroupRoles {
  /** Of an actor (by key) in the group; null for whoever is not in it. */
  roleOf(person: number, group: number): Promise<GroupRole | null>;
  /** Whether the person may do this as the group: the group lives here, and the person's role is enough. */
  mayActAs(person: number, group: number, deed: GroupDeed): Promise<boolean>;
  /** @throws Problem `not-found` where there is no such group here, `forbidden` where the role is not enough. */
  require(person: number, group: number, deed: GroupDeed): Promise<GroupRole>;
  /** As `require`; besides, nobody touches those who are of their own rank or above, but owners everybody. */
  requireOver(person: number, group: number, deed: GroupDeed, other: number): Promise<void>;
}

export function createGroupRoles({ look }: { look: Look }): GroupRoles {
  async function roleOf(person: number, group: number): Promise<GroupRole | null> {
    for (const role of GROUP_ROLES) if (await look.isMember(group, LIST_OF[role], person)) return role;
    return null;
  }

  async function isHere(group: number): Promise<boolean> {
    const entity = await look.byKey(group);
    return entity?.type === "Group" && entity.host === LOCAL_HOST && entity.deletedMs === null;
  }

  async function mayActAs(person: number, group: number, deed: GroupDeed): Promise<boolean> {
    const role = await roleOf(person, group);
    return role !== null && RANK[role] >= RANK[NEEDED[deed]] && (await isHere(group));
  }

  async function requireRole(person: number, group: number, deed: GroupDeed): Promise<GroupRole> {
    if (!(await isHere(group))) throw new Problem("not-found", "There is no such group here.");
    const role = await roleOf(person, group);
    if (role !== null && RANK[role] >= RANK[NEEDED[deed]]) return role;
    throw new Problem(
      "forbidden",
      NEEDED[deed] === "owner"
        ? "Only owners of the group may do this. Ask one of them."
        : "Only moderators of the group may do this. Ask one of them.",
      { reason: "group-role" },
    );
  }

  return {
    roleOf,
    mayActAs,
    require: requireRole,
    async requireOver(person, group, deed, other) {
      const mine = await requireRole(person, group, deed);
      const theirs = await roleOf(other, group);
      if (theirs === null || mine === "owner" || RANK[mine] > RANK[theirs]) return;
      throw new Problem("forbidden", "Only owners of the group may do this to a moderator or an owner.", {
        reason: "group-role",
      });
    },
  };
}
