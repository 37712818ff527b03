/** Move: an actor goes elsewhere and takes its followers along (FEP-7628, push mode). */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import { id, ids } from "../../core/object.ts";

export const move: Behaviour = {
  type: "Move",
  needsObject: true,
  async refuse(scene) {
    if (scene.object?.key !== scene.actor.key) return "an actor can only move itself";
    const target = await destination(scene);
    if (target?.kind !== "actor" || !target.document) return "where it moves to cannot be found";
    // The new actor must know the old one, or anybody could steal followers.
    return ids(target.document, "alsoKnownAs").includes(scene.actor.iri)
      ? null
      : "the new actor does not know the old one";
  },
  async also(scene) {
    const target = await destination(scene);
    if (target === null) return [];
    const effects: Effect[] = [];
    for (const follower of await scene.look.localMembers(scene.actor.key, "followers")) {
      if (follower.key === target.key) continue;
      const cause = await scene.look.causeOf(scene.actor.key, "followers", follower.key);
      if (!(await scene.look.isMember(target.key, "followers", follower.key))) {
        effects.push({
          effect: "enqueue",
          kind: "act",
          payload: { actor: follower.key, activity: { type: "Follow", object: target.iri } },
        });
      }
      const asked = cause === null ? null : await scene.look.byKey(cause);
      if (asked) {
        effects.push({
          effect: "enqueue",
          kind: "act",
          payload: { actor: follower.key, activity: { type: "Undo", object: asked.iri } },
        });
      }
    }
    return effects;
  },
};

const destination = (scene: Scene) => scene.look.fetch(id(scene.activity, "target") ?? "");
