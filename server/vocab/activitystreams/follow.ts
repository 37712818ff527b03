/** Follow, Accept, Reject: who follows whom. The Follow is the cause of every row, so that undoing it ends all. */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id } from "../../core/object.ts";
import { moveCause } from "../../core/store-lanes.ts";
import { settleRequest } from "../../core/store-writes.ts";
import { hostOf } from "../../lib/url.ts";

export const follow: Behaviour = {
  type: "Follow",
  needsObject: true,
  async refuse(scene) {
    const { actor, object } = scene;
    if (object?.kind !== "actor") return "only people, groups and other actors can be followed";
    if (object.key === actor.key) return "nobody can follow themselves";
    if (object.deletedMs !== null) return "who it wants to follow is gone";
    if (scene.isOurs && hasMoved(object)) return "this account has moved: follow the new one";
    if (await scene.look.isMember(actor.key, "blocked", object.key))
      return "unblock this person before you follow them";
    return null;
  },
  async also(scene) {
    const { actor, object, key } = scene;
    if (object === null) return [];
    if (await scene.look.isMember(object.key, "followers", actor.key)) {
      // Asked again, as servers do that have lost the answer: it is given again.
      return [
        ...anew(object.key, "followers", actor.key, key),
        ...(actor.isLocal ? await followingAnew(scene, actor.key, object.key, key) : []),
        ...(object.isLocal ? [answer(object.key, scene)] : []),
      ];
    }
    const asked: Effect[] = [
      // Most peers address a Follow to nobody; whoever is asked has to see it to answer.
      { effect: "address", key, to: [object.key] },
      ...anew(object.key, "requests", actor.key, key),
      ...(actor.isLocal ? anew(actor.key, "requested", object.key, key) : []),
    ];
    if (!object.isLocal) {
      const once = `backlog ${object.key}`;
      return [
        ...asked,
        {
          effect: "enqueue",
          kind: "backlog",
          lane: hostOf(object.iri) ?? "",
          payload: { actor: object.key },
          once,
        },
      ];
    }
    // Whoever has moved takes no new followers, and says so, so that nobody waits.
    if (hasMoved(object)) return [answer(object.key, scene, "Reject")];
    if (object.document?.manuallyApprovesFollowers === true || (await scene.look.isLimited(actor))) {
      return [...asked, { effect: "notice", to: object.key, kind: "follow-request" }];
    }
    return [...asked, { effect: "notice", to: object.key, kind: "follow" }, answer(object.key, scene)];
  },
};

/** In the list because of this Follow, whichever did it before: undoing the last of several ends it. */
export const anew = (owner: number, name: string, item: number, cause: number): readonly Effect[] => [
  { effect: "drop", owner, name, item },
  { effect: "add", owner, name, item, cause },
];

/** The same of somebody here, with what hangs on their following: lists that the other is in, and recommending them. */
async function followingAnew(
  { look }: Scene,
  follower: number,
  followed: number,
  cause: number,
): Promise<readonly Effect[]> {
  const before = await look.causeOf(follower, "following", followed);
  const kept: readonly Effect[] =
    before === null || before === cause
      ? []
      : moveCause(before, cause).map((statement) => ({ effect: "statement", statement }));
  return [...kept, ...anew(follower, "following", followed, cause)];
}

const answer = (followed: number, scene: Scene, type: "Accept" | "Reject" = "Accept"): Effect => ({
  effect: "emit",
  actor: followed,
  activity: { type, object: scene.iri, to: [scene.actor.iri] },
});

const hasMoved = ({ document }: Entity): boolean => document !== null && id(document, "movedTo") !== null;

export const acceptFollow: Behaviour = {
  type: "Accept",
  object: "Follow",
  refuse: onlyTheFollowed,
  async also(scene) {
    const asked = scene.object;
    const follower = asked?.owner ?? null;
    if (asked === null || follower === null || asked.deletedMs !== null) return [];
    const person = await scene.look.byKey(follower);
    const followed = scene.actor.key;
    const effects: Effect[] = [
      { effect: "drop", owner: followed, name: "requests", item: follower },
      ...anew(followed, "followers", follower, asked.key),
      ...requestSettled(scene.actor, asked.key),
    ];
    if (person?.isLocal) {
      const waited = await scene.look.isMember(follower, "requested", followed);
      effects.push({ effect: "drop", owner: follower, name: "requested", item: followed });
      effects.push(...(await followingAnew(scene, follower, followed, asked.key)));
      if (waited && !scene.actor.isLocal)
        effects.push({ effect: "notice", to: follower, kind: "follow-accepted" });
    }
    return effects;
  },
};

/** What people here were told of a request that is answered now. */
export const requestSettled = (followed: Entity, asked: number): readonly Effect[] =>
  followed.isLocal
    ? settleRequest(asked, followed.key).map((statement): Effect => ({ effect: "statement", statement }))
    : [];

/** Refusing a request, or sending a follower away: what the Follow kept is released. */
export const rejectFollow: Behaviour = {
  type: "Reject",
  object: "Follow",
  refuse: onlyTheFollowed,
  also: (scene) => (scene.object === null ? [] : [{ effect: "release", cause: scene.object.key }]),
};

async function onlyTheFollowed(scene: Scene): Promise<string | null> {
  if (scene.object?.kind !== "activity" || scene.object.document === null)
    return "what it answers is unknown here";
  const asked = await scene.look.find(id(scene.object.document, "object") ?? "");
  return asked?.key === scene.actor.key ? null : "only the one who was asked may answer";
}
