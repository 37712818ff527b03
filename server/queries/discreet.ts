/** Who follows a private group is told to those who are in it: others do not find the group among what somebody follows. */
import { findByKeys } from "../core/store.ts";
import type { Db } from "../storage/db.ts";
import { isGroup, isPrivate } from "../vocab/groups/rules.ts";
import { findGroupsAmong, findStandings } from "./store-groups.ts";

/** Those of the actors that are private groups in which the viewer is not. */
export async function findClosed(
  db: Db,
  actors: readonly number[],
  viewer: number | null,
): Promise<ReadonlySet<number>> {
  const groups = await findByKeys(db, await findGroupsAmong(db, actors));
  const closed = [...groups.values()].filter((group) => isGroup(group) && isPrivate(group));
  if (closed.length === 0 || viewer === null) return new Set(closed.map(({ key }) => key));
  const keys = closed.map(({ key }) => key);
  const standings = await findStandings(db, keys, viewer);
  const own = new Set(standings.flatMap(({ owner, name }) => (name === "members" ? owner : [])));
  return new Set(keys.filter((key) => !own.has(key)));
}
