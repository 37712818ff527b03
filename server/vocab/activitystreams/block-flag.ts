/** Block and Flag: keeping one's peace. A Block is never delivered (AP §6.9, §7.10: it is nobody else's business). */
import { isPublic } from "../../core/audience.ts";
import type { Behaviour } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import { audienceOf, id, ids, text } from "../../core/object.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import { banEffects, banRefusal } from "../groups/bans.ts";

export const block: Behaviour = {
  type: "Block",
  refuse(scene) {
    if (scene.object?.kind !== "actor") return "only people, groups and other actors can be blocked";
    if (scene.object.key === scene.actor.key) return "nobody can block themselves";
    return banRefusal(scene);
  },
  async also(scene) {
    const { actor, object, key, look } = scene;
    // With a target it keeps somebody out of a group or server (FEP-1b12): no matter between the two.
    if (object === null || id(scene.activity, "target") !== null) return banEffects(scene);
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

/** A report names no more things than this; a whole life is reported by its actor. */
const MAX_REPORTED = 50;

/** Its reason is `content` (Mastodon, Pleroma, Misskey) or `summary` (Lemmy). `server/moderation` files it. */
export const flag: Behaviour = {
  type: "Flag",
  refuse: ({ activity, actor }) =>
    ids(activity, "object").some((iri) => parseHttpUrl(iri) !== null && !isPublic(iri) && iri !== actor.iri)
      ? null
      : "it names nobody and nothing to report",
  also({ activity, actor, key, isOurs }) {
    // Passed on to another server in nobody's name: it was filed when somebody here said it.
    if (isOurs && actor.type === "Application") return [];
    const payload = {
      activity: key,
      reporter: actor.key,
      objects: ids(activity, "object").slice(0, MAX_REPORTED),
      comment: text(activity, "content") ?? text(activity, "summary") ?? "",
      // Of those here: whatever else a form says of it, and whether it names anybody elsewhere who shall know.
      ...(isOurs ? { more: activity.report ?? null, isAddressed: audienceOf(activity).length > 0 } : {}),
    };
    return [{ effect: "enqueue", kind: "report", payload }];
  },
};
