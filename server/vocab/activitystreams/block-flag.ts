/** Block and Flag: keeping one's peace. A Block is never delivered (AP §6.9, §7.10: it is nobody else's business). */
import type { Behaviour } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import { id } from "../../core/object.ts";

export const block: Behaviour = {
  type: "Block",
  refuse(scene) {
    if (scene.object?.kind !== "actor") return "only people, groups and other actors can be blocked";
    return scene.object.key === scene.actor.key ? "nobody can block themselves" : null;
  },
  async also(scene) {
    const { actor, object, key, look } = scene;
    // With a target it keeps somebody out of a group or server (FEP-1b12): no matter between the two.
    if (object === null || id(scene.activity, "target") !== null) return [];
    const effects: Effect[] = [
      { effect: "add", owner: actor.key, name: "blocked", item: object.key, cause: key },
    ];
    // Neither follows the other any longer; the Follow itself is released, so that unblocking does not bring it back.
    for (const [follower, followed] of [
      [actor, object],
      [object, actor],
    ] as const) {
      const cause =
        (await look.causeOf(followed.key, "followers", follower.key)) ??
        (await look.causeOf(followed.key, "requests", follower.key));
      if (cause === null) continue;
      effects.push({ effect: "release", cause });
      if (!scene.isOurs) continue;
      const asked = await look.byKey(cause);
      if (asked === null) continue;
      if (follower.key === actor.key && !object.isLocal) {
        effects.push({
          effect: "emit",
          actor: actor.key,
          activity: { type: "Undo", object: asked.iri, to: [object.iri] },
        });
      } else if (follower.key === object.key && !object.isLocal) {
        effects.push({
          effect: "emit",
          actor: actor.key,
          activity: { type: "Reject", object: asked.iri, to: [object.iri] },
        });
      }
    }
    return effects;
  },
};

export const flag: Behaviour = {
  type: "Flag",
  refuse: (scene) => (scene.activity.object === undefined ? "it names nothing to report" : null),
};
