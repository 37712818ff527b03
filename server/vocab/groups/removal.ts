/** Taking something out of a group by those who keep its peace: it stays its author's, and is in the group no more. */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { LANES } from "../../core/store-writes.ts";
import { groupNamed, hasSay, isGroup, recorded } from "./rules.ts";

/** The groups that the thing of the scene is in and in which its actor has a say. */
export async function ownGround(scene: Scene): Promise<readonly Entity[]> {
  if (scene.object === null || scene.object.kind === "actor") return [];
  const found: Entity[] = [];
  for (const group of await scene.look.groupsOf(scene.object.key))
    if (isGroup(group) && (await hasSay(scene, group))) found.push(group);
  return found;
}

/** What a Delete by a moderator does, who is not the author: out of each of these groups, its list and its feeds. */
export async function removalEffects(scene: Scene, groups: readonly Entity[]): Promise<readonly Effect[]> {
  const { object, key, look } = scene;
  if (object === null) return [];
  const made = object.owner === null ? null : await look.activityAbout("Create", object.owner, object.key);
  const effects: Effect[] = [];
  for (const group of groups) {
    effects.push(
      ...recorded(scene, group),
      { effect: "exit", item: object.key, group: group.key },
      { effect: "drop", owner: group.key, name: "featured", item: object.key },
      { effect: "add", owner: group.key, name: "removed", item: object.key, cause: key },
    );
    const shared = await look.activityAbout("Announce", group.key, object.key);
    for (const line of [made, shared]) {
      if (line === null) continue;
      effects.push(
        { effect: "drop", owner: group.key, name: "posts", item: line.key },
        { effect: "recall", owner: group.key, name: "followers", lane: LANES.home, item: line.key },
      );
    }
  }
  return effects;
}

/** Undoing such a Delete: back in the group from which it was taken. */
export async function restoreEffects(scene: Scene, removedBy: Entity): Promise<readonly Effect[]> {
  const { look } = scene;
  const thing = removedBy.subject === null ? null : await look.byKey(removedBy.subject);
  if (thing === null || thing.deletedMs !== null) return [];
  const group = await groupOfRemoval(scene, removedBy, thing);
  if (group === null) return [];
  const made = thing.owner === null ? null : await look.activityAbout("Create", thing.owner, thing.key);
  const isTop = thing.document?.inReplyTo == null;
  return [
    { effect: "enter", item: thing.key, group: group.key },
    ...(made !== null && isTop
      ? [{ effect: "add", owner: group.key, name: "posts", item: made.key, cause: made.key } as const]
      : []),
  ];
}

/** The group out of which this Delete took the thing. */
async function groupOfRemoval(scene: Scene, removedBy: Entity, thing: Entity): Promise<Entity | null> {
  const { look, through } = scene;
  const doer = removedBy.owner === null ? null : await look.byKey(removedBy.owner);
  const named = removedBy.document ? await groupNamed(look, removedBy.document) : null;
  for (const group of [through, doer, named])
    if (isGroup(group) && (await look.causeOf(group.key, "removed", thing.key)) === removedBy.key)
      return group;
  return null;
}
