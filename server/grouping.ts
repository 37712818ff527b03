/** Puts together what people need to run groups. */
import { createGroupLinks, type GroupLinks } from "./accounts/group-links.ts";
import { type ActAsGroup, createActAsGroup } from "./accounts/group-outbox.ts";
import { createGroupRoles } from "./accounts/group-roles.ts";
import { createGroups, type Groups } from "./accounts/groups.ts";
import type { Entity } from "./core/entity.ts";
import type { Federation } from "./federate.ts";
import type { Now } from "./lib/clock.ts";
import type { Opened } from "./open.ts";

export interface Grouping {
  readonly groups: Groups;
  readonly groupLinks: GroupLinks;
  readonly actAsGroup: ActAsGroup;
  /** Whose eyes somebody reads lists of an actor with: the group's own, where they look after it. */
  eyesOn(owner: Entity, viewer: number | null): Promise<number | null>;
}

export function createGrouping(deps: {
  readonly opened: Opened;
  readonly federation: Pick<Federation, "core" | "look">;
  readonly now: Now;
}): Grouping {
  const { opened, federation, now } = deps;
  const { db, keys, addresses, accounts, createActor } = opened;
  const { core, look } = federation;
  const roles = createGroupRoles({ look });
  const { settings } = accounts;
  const groups = createGroups({ db, now, core, look, addresses, settings, roles, createActor });
  return {
    groups,
    groupLinks: createGroupLinks({ db, now, keys, core, look, groups }),
    actAsGroup: createActAsGroup({ groups, look }),
    async eyesOn(owner, viewer) {
      const isGroup = owner.type === "Group" && owner.isLocal && viewer !== null;
      return isGroup && (await groups.mayActAs(viewer, owner.key, "read")) ? owner.key : viewer;
    },
  };
}
