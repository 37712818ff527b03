/** The rules of groups: who is what in them, who may come in, who may post, and who may keep the peace. */
import type { Look, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, id } from "../../core/object.ts";
import { RECORD } from "../../core/store-writes.ts";

/** Lists of a group that say what somebody is in it; owners stand in all of them. */
export const ROLE_LISTS = ["owners", "moderators", "members"] as const;

export interface GroupRules {
  /** Who asks to come in is let in, waits for a moderator, or must have been invited. */
  readonly joining: "open" | "request" | "invitation";
  /** Who reads: everybody, or members alone. */
  readonly access: "public" | "private";
  /** Who begins a conversation. */
  readonly posting: "anyone" | "members" | "moderators";
}

/** A group that is there, ours or theirs. */
export const isGroup = (entity: Entity | null | undefined): entity is Entity =>
  entity?.kind === "actor" &&
  entity.type === "Group" &&
  entity.document !== null &&
  entity.deletedMs === null;

/** What the group's document says, in our words or in those of FEP-1b12. */
export function rulesOf(group: Entity): GroupRules {
  const { joining, access, posting, manuallyApprovesFollowers, postingRestrictedToMods } =
    group.document ?? {};
  return {
    joining:
      joining === "request" || joining === "invitation"
        ? joining
        : joining !== "open" && manuallyApprovesFollowers === true
          ? "request"
          : "open",
    access: access === "private" ? "private" : "public",
    posting:
      posting === "members" || posting === "moderators"
        ? posting
        : postingRestrictedToMods === true
          ? "moderators"
          : "anyone",
  };
}

export const isPrivate = (group: Entity): boolean => rulesOf(group).access === "private";

/** Whether the actor may keep the peace there: a moderator or owner, or the group itself. */
export async function moderates(look: Look, group: Entity, actor: number): Promise<boolean> {
  return actor === group.key || (await look.listsWith(group.key, ["moderators", "owners"], actor)).size > 0;
}

/**
 * Whether what the scene does to the group is the group's own will. What a group elsewhere tells of itself is; who it
 * was of its moderators was seen before.
 */
export async function hasSay(scene: Scene, group: Entity): Promise<boolean> {
  if (scene.through !== null) return scene.through.key === group.key;
  if (!group.isLocal && !scene.isOurs && scene.actor.key !== group.key) return false;
  return moderates(scene.look, group, scene.actor.key);
}

/** Whether a group here would belong to nobody without this owner. */
export async function isLastOwner(look: Look, group: Entity, person: number): Promise<boolean> {
  if (!group.isLocal || !(await look.isMember(group.key, "owners", person))) return false;
  return (await look.totalOf(group.key, "owners")) === 1;
}

/** Why the last owner stays. Follows "This cannot be done:". */
export const LAST_OWNER = "somebody has to own the group; name another owner first";

/** Why the author may not say something in the group, or null. Sentences follow "This cannot be done:". */
export async function postingRefusal(
  look: Look,
  group: Entity,
  author: Entity,
  isReply: boolean,
): Promise<string | null> {
  if (author.key === group.key) return null;
  const lists = await look.listsWith(group.key, [...ROLE_LISTS, "banned"], author.key);
  if (lists.has("banned")) return "you are banned from this group";
  if (lists.has("owners") || lists.has("moderators")) return null;
  // Of a group elsewhere only its own server knows who is in it.
  if (!group.isLocal) return null;
  const { posting, access } = rulesOf(group);
  if (posting === "moderators" && !isReply) return "only moderators begin conversations in this group";
  if ((posting !== "anyone" || access === "private") && !lists.has("members"))
    return "only members write in this group";
  return null;
}

/** How far up a conversation a lock is looked for. */
const MAX_LOCK_DEPTH = 40;

/** Whether the thing, or something that it answers, takes no further replies in the group. */
export async function isLocked(look: Look, group: Entity, thing: Entity | null): Promise<boolean> {
  if (thing === null || (await look.totalOf(group.key, "locked")) === 0) return false;
  let at: Entity | null = thing;
  for (let depth = 0; at !== null && depth < MAX_LOCK_DEPTH; depth++) {
    if (await look.isMember(group.key, "locked", at.key)) return true;
    const parent: string | null = at.document ? id(at.document, "inReplyTo") : null;
    at = parent === null ? null : await look.find(parent);
  }
  return false;
}

/** The group whose list the address is, and the list's name; FEP-1b12 names two of them in the group's document. */
export async function groupListAt(
  scene: Scene,
  iri: string,
): Promise<{ readonly group: Entity; readonly name: string } | null> {
  const ours = await scene.look.collection(iri);
  if (ours !== null) return isGroup(ours.owner) ? { group: ours.owner, name: ours.name } : null;
  const group = scene.through ?? (await groupNamed(scene.look, scene.activity));
  const document = group?.document;
  if (!group || !document || group.isLocal) return null;
  if (id(document, "attributedTo") === iri || id(document, "moderators") === iri)
    return { group, name: "moderators" };
  return id(document, "featured") === iri ? { group, name: "featured" } : null;
}

/** The group that an act of moderation names as its audience. */
export async function groupNamed(look: Look, activity: AsObject): Promise<Entity | null> {
  const iri = id(activity, "audience");
  const named = iri === null ? null : await look.find(iri);
  return isGroup(named) ? named : null;
}

/**
 * A line in the group's record, where somebody keeps its peace in their own name; what is done in the name of the group
 * is written down by `Core.act`.
 */
export const recorded = (scene: Scene, group: Entity): readonly Effect[] =>
  group.isLocal && scene.actor.key !== group.key
    ? [{ effect: "lane", owner: group.key, lane: RECORD, item: scene.key }]
    : [];
