/** Puts together what people need to run groups. */
import { createGroupLinks, type GroupLinks } from "./accounts/group-links.ts";
import { type ActAsGroup, createActAsGroup } from "./accounts/group-outbox.ts";
import { createGroupRoles } from "./accounts/group-roles.ts";
import { createGroups, type Groups } from "./accounts/groups.ts";
import type { Federation } from "./federate.ts";
import type { Now } from "./lib/clock.ts";
import type { Opened } from "./open.ts";

export interface Grouping {
  readonly groups: Groups;
  readonly groupLinks: GroupLinks;
  readonly actAsGroup: ActAsGroup;
}

export function createGrouping(deps: {
  readonly opened: Opened;
  readonly federation: Pick<Federation, "core" | "look">;
  readonly now: Now;
}): Grouping {
  const { opened, federation, now } = deps;
  const { db, registry, keys, addresses, accounts, createActor } = opened;
  const { core, look } = federation;
  const roles = createGroupRoles({ look });
  const { settings } = accounts;
  const groups = createGroups({ db, registry, now, core, look, addresses, settings, roles, createActor });
  return {
    groups,
    groupLinks: createGroupLinks({ db, now, keys, core, look, groups }),
    actAsGroup: createActAsGroup({ groups, look, registry }),
  };
}
