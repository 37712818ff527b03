/** Whom what somebody here does in a group concerns, where they do not say so: the group, which tells everybody. */

import { isPublic } from "../../core/audience.ts";
import type { Look } from "../../core/behaviour.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, audienceOf, embedded, id, ids, PUBLIC } from "../../core/object.ts";
import { isGroup, isPrivate } from "./rules.ts";

/** Peers want to be told openly who keeps the peace of an open group (FEP-1b12, as Lemmy reads it). */
const SAID_OPENLY: ReadonlySet<string> = new Set(["Add", "Remove", "Block", "Delete", "Lock"]);

/**
 * `to`, `cc` and `audience` of an activity that names none of them, and of an answer besides those it names; null where it has nothing to do with a group, or
 * is the group's own, or is about something of the actor's own, which goes where the thing went.
 */
export async function addressedInGroups(
  look: Look,
  actor: Entity,
  activity: AsObject,
  deed: string,
): Promise<AsObject | null> {
  if (deed === "Create") return answered(look, activity);
  const object = await look.find(id(activity, "object") ?? "");
  if (object !== null && object.owner === actor.key) return null;
  const groups = await groupsOf(look, activity, object);
  const [group] = groups;
  if (group === undefined || groups.some(({ key }) => key === actor.key)) return null;
  const all = groups.map(({ iri }) => iri);
  const audience = group.iri;
  if (SAID_OPENLY.has(deed))
    return groups.some(isPrivate) ? { to: all, audience } : { to: [PUBLIC], cc: all, audience };
  const owner = object?.owner == null ? null : await look.byKey(object.owner);
  return { to: [...(owner === null ? [] : [owner.iri]), ...all], audience };
}

/** An answer is in the group of what it answers, and as open; one that names nobody is for the group. */
async function answered(look: Look, activity: AsObject): Promise<AsObject | null> {
  const object = embedded(activity, "object");
  const iri = object === null ? null : id(object, "inReplyTo");
  const isVote = object?.name !== undefined && object.content === undefined;
  if (iri === null || isVote) return null;
  const parent = await look.find(iri);
  const groups = parent === null ? [] : (await look.groupsOf(parent.key)).filter(isGroup);
  const [group] = groups;
  if (group === undefined) return null;
  const named = audienceOf(activity);
  const others = groups.map((each) => each.iri).filter((each) => !named.includes(each));
  const audience = ids(activity, "audience").length > 0 ? {} : { audience: group.iri };
  if (groups.some(isPrivate)) return named.length === 0 ? { to: others, ...audience } : null;
  return named.some(isPublic) && others.length > 0 ? { cc: others, ...audience } : null;
}

/** Those whose list or door it is about, or in which the thing is. */
async function groupsOf(look: Look, activity: AsObject, object: Entity | null): Promise<readonly Entity[]> {
  const target = id(activity, "target");
  if (target !== null) {
    const owner = (await look.collection(target))?.owner ?? (await look.find(target));
    return isGroup(owner) ? [owner] : [];
  }
  return object === null || object.kind !== "object" ? [] : (await look.groupsOf(object.key)).filter(isGroup);
}
