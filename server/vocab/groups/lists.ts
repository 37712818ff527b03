/** Add and Remove on the lists of a group: who moderates and owns it, and what stands at its top (FEP-1b12). */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id, typeOf } from "../../core/object.ts";
import { groupListAt, hasSay, isLastOwner, LAST_OWNER, recorded } from "./rules.ts";

/** Lists of a group that its moderators change; `owners` only by owners. */
const CHANGED_BY_MODERATORS: ReadonlySet<string> = new Set(["moderators", "owners", "featured"]);

export interface GroupList {
  readonly group: Entity;
  readonly name: string;
}

/** The list of a group that an Add or Remove is about; null for every other list. */
export async function groupListOf(scene: Scene): Promise<GroupList | null> {
  const list = await groupListAt(scene, id(scene.activity, "target") ?? "");
  return list !== null && CHANGED_BY_MODERATORS.has(list.name) ? list : null;
}

/** Why the actor may not change the list so, or null. */
export async function listRefusal(scene: Scene, list: GroupList): Promise<string | null> {
  const reason = await whyNot(scene, list);
  const { activity, object, look, actsAs } = scene;
  const isLess = actsAs(typeOf(activity)) === "Remove" && list.name !== "featured" && object !== null;
  if (reason !== null || !isLess) return reason;
  return (await isLastOwner(look, list.group, object.key)) ? LAST_OWNER : null;
}

async function whyNot(scene: Scene, { group, name }: GroupList): Promise<string | null> {
  const { actor, object, look } = scene;
  const deed = scene.actsAs(typeOf(scene.activity));
  if (name !== "featured" && object !== null && object.kind !== null && object.kind !== "actor")
    return "only people can have a role in a group";
  if (name === "featured" && deed === "Add" && !(await isIn(scene, group)))
    return "only what is in the group can stand at its top";
  const isLeaving = deed === "Remove" && object?.key === actor.key;
  if (isLeaving && group.isLocal) return null;
  if (!(await hasSay(scene, group))) return "only moderators change this list";
  if (scene.through !== null || actor.key === group.key || !group.isLocal) return null;
  const touchesOwner =
    name === "owners" || (object !== null && (await look.isMember(group.key, "owners", object.key)));
  if (name === "featured" || !touchesOwner) return null;
  return (await look.isMember(group.key, "owners", actor.key))
    ? null
    : "only owners change who owns the group";
}

const isIn = async ({ look, object }: Scene, group: Entity): Promise<boolean> =>
  object !== null && (await look.groupsOf(object.key)).some(({ key }) => key === group.key);

/** Owners are moderators too. Whoever gets a role here hears of it. */
export function addedTo(scene: Scene, { group, name }: GroupList): readonly Effect[] {
  const { object, key, activity } = scene;
  const item = object?.key ?? { iri: id(activity, "object") ?? "" };
  const names = name === "owners" ? ["owners", "moderators"] : [name];
  const isTold = name !== "featured" && object?.isLocal === true && object.key !== scene.actor.key;
  return [
    ...recorded(scene, group),
    ...names.map((each): Effect => ({ effect: "add", owner: group.key, name: each, item, cause: key })),
    ...(isTold
      ? [
          { effect: "address", key, to: [object.key] } as const,
          { effect: "notice", to: object.key, kind: "other" } as const,
        ]
      : []),
  ];
}

/** Whoever is no moderator any more owns nothing either. */
export function removedFrom(scene: Scene, { group, name }: GroupList): readonly Effect[] {
  const { object } = scene;
  if (object === null) return [];
  const names = name === "moderators" ? ["moderators", "owners"] : [name];
  return [
    ...recorded(scene, group),
    ...names.map((each): Effect => ({ effect: "drop", owner: group.key, name: each, item: object.key })),
  ];
}
