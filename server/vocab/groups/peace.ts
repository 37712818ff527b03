/** Keeping the peace of a group (FEP-1b12): closing conversations, and taking back what moderators did. */
import { mayChange } from "../../core/access.ts";
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id } from "../../core/object.ts";
import { undo } from "../activitystreams/create-update-delete.ts";
import { ownGround, restoreEffects } from "./removal.ts";
import { groupNamed, hasSay, isGroup, recorded } from "./rules.ts";

/** No further replies to this, in the groups in which the actor has a say. */
const lock: Behaviour = {
  type: "Lock",
  needsObject: true,
  refuse: async (scene) =>
    (await ownGround(scene)).length === 0 ? "only moderators close conversations in a group" : null,
  async also(scene) {
    const { object, key } = scene;
    if (object === null) return [];
    return (await ownGround(scene)).flatMap((group): readonly Effect[] => [
      ...recorded(scene, group),
      { effect: "add", owner: group.key, name: "locked", item: object.key, cause: key },
    ]);
  },
};

/** What one moderator did another may take back. */
const takeBack = (object: "Lock" | "Block" | "Delete"): Behaviour => ({
  ...undo,
  object,
  async refuse(scene) {
    const { object: done } = scene;
    if (done === null || mayChange(scene.actor, done)) return (await undo.refuse?.(scene)) ?? null;
    return (await judged(scene)) ? null : "only its owner may do that";
  },
  async also(scene) {
    const { object: done } = scene;
    const restored = done !== null && object === "Delete" ? await restoreEffects(scene, done) : [];
    const group = await judged(scene);
    return [...((await undo.also?.(scene)) ?? []), ...restored, ...(group ? recorded(scene, group) : [])];
  },
});

/** The group in which the activity to be undone was done, where the actor has a say in it. */
async function judged(scene: Scene): Promise<Entity | null> {
  const { object: done, look } = scene;
  if (!done?.document || done.kind !== "activity") return null;
  const thing = done.subject === null ? null : await look.byKey(done.subject);
  const doer = done.owner === null ? null : await look.byKey(done.owner);
  const groups = [
    await look.find(id(done.document, "target") ?? ""),
    await groupNamed(look, done.document),
    doer,
    ...(thing === null || thing.kind === "actor" ? [] : await look.groupsOf(thing.key)),
  ];
  for (const group of groups) if (isGroup(group) && (await hasSay(scene, group))) return group;
  return null;
}

export const peace: readonly Behaviour[] = [lock, takeBack("Lock"), takeBack("Block"), takeBack("Delete")];
