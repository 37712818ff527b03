/** Add and Remove: lists that belong to whoever changes them. */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import { id, typeOf } from "../../core/object.ts";
import { sameOrigin } from "../../lib/url.ts";
import { addedTo, groupListOf, listRefusal, removedFrom } from "../groups/lists.ts";
import { NOT_BY_HAND } from "../kept-lists.ts";
import { ruledPlace } from "../personal/places.ts";

export const add: Behaviour = {
  type: "Add",
  refuse: targetOf,
  async also(scene) {
    const ofGroup = await groupListOf(scene);
    if (ofGroup !== null) return addedTo(scene, ofGroup);
    const ruled = await ruledPlace(scene);
    if (ruled !== null) return ruled.rule.added(scene, ruled.place);
    const list = await listOf(scene);
    const item = scene.object?.key ?? { iri: id(scene.activity, "object") ?? "" };
    return list === null
      ? []
      : [{ effect: "add", owner: list.owner, name: list.name, item, cause: scene.key }];
  },
};

export const removeFrom: Behaviour = {
  type: "Remove",
  refuse: targetOf,
  async also(scene) {
    const ofGroup = await groupListOf(scene);
    if (ofGroup !== null) return removedFrom(scene, ofGroup);
    const ruled = await ruledPlace(scene);
    if (ruled !== null) return ruled.rule.removed(scene, ruled.place);
    const list = await listOf(scene);
    if (list === null || scene.object === null) return [];
    return [{ effect: "drop", owner: list.owner, name: list.name, item: scene.object.key }];
  },
};

async function targetOf(scene: Scene): Promise<string | null> {
  const target = id(scene.activity, "target");
  if (target === null || id(scene.activity, "object") === null) return "it needs an object and a target";
  const ofGroup = await groupListOf(scene);
  if (ofGroup !== null) return listRefusal(scene, ofGroup);
  if (!scene.isOurs) return sameOrigin(target, scene.actor.iri) ? null : "the list belongs to somebody else";
  const list = await scene.look.collection(target);
  if (list === null) return "its target is no list of ours";
  if (list.owner.key !== scene.actor.key && list.owner.owner !== scene.actor.key)
    return "the list belongs to somebody else";
  const isAdd = scene.actsAs(typeOf(scene.activity)) === "Add";
  if (isAdd && list.name === "muted" && scene.object?.key === scene.actor.key)
    return "nobody can mute themselves";
  const ruled = isAdd ? await ruledPlace(scene) : null;
  if (ruled !== null) return ruled.rule.refusal(scene);
  return NOT_BY_HAND.has(list.name) ? `nothing can be added to "${list.name}" by hand` : null;
}

/** Of a list elsewhere only `featured` is followed, which an actor names in its document. */
async function listOf(scene: Scene): Promise<{ owner: number; name: string } | null> {
  const target = id(scene.activity, "target") ?? "";
  if (scene.isOurs) {
    const list = await scene.look.collection(target);
    return list && { owner: list.owner.key, name: list.name };
  }
  return scene.actor.document?.featured === target ? { owner: scene.actor.key, name: "featured" } : null;
}
