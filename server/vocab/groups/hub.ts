/** A group as the hub of what happens in it (FEP-1b12): what comes in goes to everybody who is in it, as it came. */
import { visibilityOf } from "../../core/audience.ts";
import { ANY, type Behaviour, type Look, type Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, audienceOf, embeddedAll, id, PUBLIC, typeOf } from "../../core/object.ts";
import { LANES } from "../../core/store-writes.ts";
import { isVote } from "../activitystreams/question.ts";
import { isGroup, isLocked, isPrivate, moderates, postingRefusal } from "./rules.ts";

/** Nobody means more groups by one post than this; the rest are not told. */
const MAX_GROUPS = 5;

/** What everybody in a group wants to know of a thing in it; anything else only where it names the group. */
const PASSED_ON: ReadonlySet<string> = new Set([
  "Update",
  "Delete",
  "Like",
  "Dislike",
  "EmojiReact",
  "ChooseAnswer",
  "Undo",
  "Lock",
  "Block",
  "Add",
  "Remove",
]);

/** Between the group and somebody, or a share, which would come back to the group: never passed on. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "Accept",
  "Announce",
  "Flag",
  "Follow",
  "Invite",
  "Join",
  "Leave",
  "Offer",
  "Reject",
]);

export const hub: Behaviour = {
  type: ANY,
  async refuse(scene) {
    if (scene.through !== null) return null;
    const deed = scene.actsAs(typeOf(scene.activity));
    if (deed === "Update") return whyNotWider(scene);
    if (deed !== "Create") return null;
    const post = await postOf(scene);
    if (post === null) return null;
    const reasons: string[] = [];
    const named = [...audienceOf(post.object), ...audienceOf(scene.activity)];
    for (const group of post.groups) {
      // An aside to somebody who wrote in a group is not in the group, and none of its business.
      if (!named.includes(group.iri)) continue;
      const reason = await whyNot(scene, post, group);
      if (reason !== null) reasons.push(reason);
    }
    const [reason] = reasons;
    if (reason === undefined || (!scene.isOurs && (await concernsOthers(scene, post)))) return null;
    return reason;
  },
  async also(scene) {
    const deed = scene.actsAs(typeOf(scene.activity));
    if (deed === "Create") return created(scene);
    // A report that is taken back would name whoever reported.
    const isConfidential = scene.actsAs(scene.object?.type ?? "") === "Flag";
    if (scene.through !== null || NOT_PASSED_ON.has(deed) || isConfidential) return [];
    const effects: Effect[] = [];
    for (const group of await groupsConcerned(scene)) {
      if (!PASSED_ON.has(deed) && !audienceOf(scene.activity).includes(group.iri)) continue;
      if (!group.isLocal || (await scene.look.isMember(group.key, "banned", scene.actor.key))) continue;
      effects.push(...(await echo(scene, group)));
      if (deed === "Delete") effects.push(...(await sharedNoMore(scene, group)));
    }
    return effects;
  },
};

interface Post {
  readonly object: AsObject;
  readonly parent: Entity | null;
  readonly groups: readonly Entity[];
}

/**
 * What a Create makes, with the groups that it is meant for: those that it names, and those of what it answers. Null for
 * what is gone, votes, and what has to do with no group.
 */
function postOf(scene: Scene): Promise<Post | null> {
  const known = posts.get(scene) ?? findPost(scene);
  posts.set(scene, known);
  return known;
}

/** Judging and doing ask the same. */
const posts = new WeakMap<Scene, Promise<Post | null>>();

async function findPost(scene: Scene): Promise<Post | null> {
  const object = scene.embedded ?? scene.object?.document ?? null;
  if (object === null || scene.object?.deletedMs != null) return null;
  const { look } = scene;
  const mentioned = embeddedAll(object, "tag").flatMap((tag) =>
    typeOf(tag) === "Mention" ? (id(tag, "href") ?? []) : [],
  );
  const iris = new Set([...audienceOf(object), ...audienceOf(scene.activity), ...mentioned]);
  iris.delete(PUBLIC);
  const named = iris.size === 0 ? [] : [...(await look.findMany([...iris])).values()].filter(isGroup);
  const parentIri = id(object, "inReplyTo");
  const parent = parentIri === null ? null : await look.find(parentIri);
  const inherited = parent === null ? [] : (await look.groupsOf(parent.key)).filter(isGroup);
  const own = [scene.actor].filter(isGroup);
  const groups = [...new Map([...own, ...named, ...inherited].map((group) => [group.key, group])).values()];
  if (groups.length === 0 && scene.through === null) return null;
  if (await isVote(scene, object, parent)) return null;
  return { object, parent, groups: groups.slice(0, MAX_GROUPS) };
}

/** Why the post is not in the group, or null: its rules, or that it is for other eyes than the group's. */
async function whyNot(scene: Scene, { object, parent }: Post, group: Entity): Promise<string | null> {
  const { look, actor } = scene;
  // A group's own word to its members is in it; what it writes to somebody is not.
  if (actor.key === group.key) return isAside(scene, object) ? "it is addressed to somebody alone" : null;
  const refusal = await postingRefusal(look, group, actor, parent !== null);
  if (refusal !== null) return refusal;
  if (!(await fits(scene, object, group))) {
    return isPrivate(group) ? FOR_THE_GROUP_ALONE : "what is written in this group is for everybody";
  }
  if (!(await isLocked(look, group, parent)) || (await moderates(look, group, actor.key))) return null;
  return "no more replies are taken here";
}

/** Nobody here shows what is in a private group to others by naming them in an edit. */
async function whyNotWider({ object, embedded, activity, isOurs, look }: Scene): Promise<string | null> {
  if (!isOurs || object?.kind !== "object" || embedded === null) return null;
  const known = new Set(audienceOf(object.document ?? {}));
  const added = [...audienceOf(embedded), ...audienceOf(activity)].filter((iri) => !known.has(iri));
  if (added.length === 0) return null;
  for (const group of await look.groupsOf(object.key))
    if (isGroup(group) && isPrivate(group) && !(await isForMembers(look, group, added)))
      return FOR_THE_GROUP_ALONE;
  return null;
}

/** Mostly somebody was mentioned who is not in the group. */
const FOR_THE_GROUP_ALONE = "what is written in this group is for its members alone; mention nobody else";

const audienceIn = (scene: Scene, object: AsObject): AsObject => ({
  ...object,
  to: [...audienceOf(object), ...audienceOf(scene.activity)],
});

function isAside(scene: Scene, object: AsObject): boolean {
  const followers = scene.actor.document ? id(scene.actor.document, "followers") : null;
  const all = audienceIn(scene, object);
  return visibilityOf(all, followers) === "direct" && !audienceOf(all).includes(scene.actor.iri);
}

/** In a public group everything is for everybody; in a private one for nobody but its members. */
async function fits(scene: Scene, object: AsObject, group: Entity): Promise<boolean> {
  const followers = scene.actor.document ? id(scene.actor.document, "followers") : null;
  const all = audienceIn(scene, object);
  const visibility = visibilityOf(all, followers);
  if (!isPrivate(group)) return visibility === "public" || visibility === "quiet";
  if (visibility !== "direct") return false;
  return isForMembers(scene.look, group, audienceOf(all));
}

/** Whether all of these are the group, its lists, or people in it. Of a group elsewhere only its own server knows. */
async function isForMembers(look: Look, group: Entity, audience: readonly string[]): Promise<boolean> {
  if (!group.isLocal) return true;
  const members = new Set([group.iri, `${group.iri}/members`, id(group.document ?? {}, "followers")]);
  const others = audience.filter((iri) => !members.has(iri));
  const found = await look.findMany(others);
  for (const iri of others) {
    const person = found.get(iri);
    if (!person || !(await look.isMember(group.key, "members", person.key))) return false;
  }
  return true;
}

/** Somebody here who is no group is meant too: they get it whatever the group says. */
async function concernsOthers(scene: Scene, { object, groups }: Post): Promise<boolean> {
  const named = await scene.look.findMany([...audienceOf(object), ...audienceOf(scene.activity)]);
  const isMeant = [...named.values()].some(
    (entity) => entity.isLocal && entity.kind === "actor" && !groups.some(({ key }) => key === entity.key),
  );
  return isMeant || (!isAside(scene, object) && (await scene.look.totalOf(scene.actor.key, "followers")) > 0);
}

/** A new post or reply enters its groups; a post is a line for their members here, whatever brought it. */
async function created(scene: Scene): Promise<readonly Effect[]> {
  const post = await postOf(scene);
  if (post === null) return [];
  const { object, parent } = post;
  // What a group elsewhere tells is in that group; what else it names is those groups' own business.
  const groups = scene.through === null ? post.groups : [scene.through];
  const effects: Effect[] = [];
  for (const group of groups) {
    if (scene.through === null) {
      if (!group.isLocal && !scene.isOurs && scene.actor.key !== group.key) continue;
      if ((await whyNot(scene, post, group)) !== null) continue;
    } else if (scene.object !== null && (await scene.look.isMember(group.key, "removed", scene.object.key)))
      continue;
    const isTop = parent === null && id(object, "inReplyTo") === null;
    effects.push({ effect: "enter", item: scene.object?.key ?? { iri: object.id ?? "" }, group: group.key });
    // Who may read what was written may know that it was.
    if (isPrivate(group)) effects.push({ effect: "enter", item: scene.key, group: group.key });
    if (isTop && !(await isLineAlready(scene, group))) effects.push(...line(scene, group));
    if (!group.isLocal || scene.actor.key === group.key) continue;
    // What a public group is about can be read in its outbox, whoever follows it only later.
    const isListed = isTop && !isPrivate(group);
    effects.push(...(await echo(scene, group, isListed)));
    if (isListed) effects.push(...(await share(scene, group, object)));
  }
  return effects;
}

/** The group shared it before, as software does that knows no FEP-1b12: one line is enough. */
const isLineAlready = async (scene: Scene, group: Entity): Promise<boolean> =>
  scene.object !== null && (await scene.look.isMember(scene.object.key, "shares", group.key));

const line = (scene: Scene, group: Entity): readonly Effect[] => [
  { effect: "fan-out", owner: group.key, name: "followers", lane: LANES.home, item: scene.key },
  { effect: "add", owner: group.key, name: "posts", item: scene.key, cause: scene.key },
];

/** The groups here in which an activity about something takes place. */
async function groupsConcerned(scene: Scene): Promise<readonly Entity[]> {
  const { look, activity, object, target, actsAs } = scene;
  if (target !== null) {
    const list = isGroup(target) ? target : null;
    if (list !== null) return [list];
  }
  const targetIri = id(activity, "target");
  if (targetIri !== null) {
    const list = await look.collection(targetIri);
    return list !== null && isGroup(list.owner) ? [list.owner] : [];
  }
  if (object === null || object.kind === "actor") return [];
  if (object.kind !== "activity") return (await look.groupsOf(object.key)).filter(isGroup);
  if (actsAs(typeOf(activity)) !== "Undo" || NOT_PASSED_ON.has(actsAs(object.type ?? ""))) return [];
  return groupsOfUndone(scene, object);
}

async function groupsOfUndone({ look }: Scene, undone: Entity): Promise<readonly Entity[]> {
  const target = undone.document ? id(undone.document, "target") : null;
  if (target !== null) {
    const owner = (await look.collection(target))?.owner ?? (await look.find(target));
    return isGroup(owner) ? [owner] : [];
  }
  const thing = undone.subject === null ? null : await look.byKey(undone.subject);
  if (thing === null || thing.kind === "actor") return [];
  const groups = (await look.groupsOf(thing.key)).filter(isGroup);
  const doer = undone.owner === null ? null : await look.byKey(undone.owner);
  const named = undone.document ? await look.find(id(undone.document, "audience") ?? "") : null;
  const all = [...groups, ...[doer, named].filter(isGroup)];
  return [...new Map(all.map((group) => [group.key, group])).values()];
}

/** The activity as it came, in an Announce of the group; not where nobody is there to hear it, unless it is listed. */
async function echo(scene: Scene, group: Entity, isListed = false): Promise<readonly Effect[]> {
  if (!isListed && !(await scene.look.hasMembersElsewhere(group.key, "followers"))) return [];
  return [
    {
      effect: "emit",
      actor: group.key,
      isEcho: true,
      activity: { type: "Announce", object: scene.iri, ...audienceFor(group) },
    },
  ];
}

/** The thing itself as well, for those who know groups only as accounts that share (Mastodon). */
async function share(scene: Scene, group: Entity, object: AsObject): Promise<readonly Effect[]> {
  if (object.id === undefined || !(await scene.look.hasMembersElsewhere(group.key, "followers"))) return [];
  return [
    {
      effect: "emit",
      actor: group.key,
      isEcho: true,
      activity: { type: "Announce", object: object.id, ...audienceFor(group) },
    },
  ];
}

/** Deleted, or taken out: those who were shown it by a share lose the share. */
async function sharedNoMore({ object, look, nowMs }: Scene, group: Entity): Promise<readonly Effect[]> {
  const shared = object === null ? null : await look.activityAbout("Announce", group.key, object.key);
  if (shared === null) return [];
  return [
    {
      effect: "emit",
      actor: group.key,
      isEcho: true,
      activity: { type: "Undo", object: shared.iri, ...audienceFor(group) },
    },
    { effect: "bury", key: shared.key, atMs: nowMs },
  ];
}

function audienceFor(group: Entity): AsObject {
  const followers = id(group.document ?? {}, "followers") ?? `${group.iri}/followers`;
  return isPrivate(group) ? { to: [followers] } : { to: [PUBLIC], cc: [followers] };
}
