/** A Block with a target: somebody is kept out of a group (FEP-1b12). */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { fromIso } from "../../lib/clock.ts";
import { hasSay, isGroup, recorded } from "./rules.ts";

/** Why a Block with a target may not be, or null. Of what is no group that we know nothing is said. */
export async function banRefusal(scene: Scene): Promise<string | null> {
  const { target: group, look, object } = scene;
  if (!isGroup(group) || object === null) return null;
  if (!(await hasSay(scene, group))) return "only moderators keep people out of this group";
  return scene.actor.key !== group.key && (await look.isMember(group.key, "owners", object.key))
    ? "owners cannot be kept out of their group"
    : null;
}

/** Out of the group and its roles, and not in again until the Block is undone. */
export async function banEffects(scene: Scene): Promise<readonly Effect[]> {
  const { target: group, object: person, key, look } = scene;
  if (!isGroup(group) || person === null) return [];
  const effects: Effect[] = [...recorded(scene, group)];
  for (const list of ["members", "followers", "requests", "invited"]) {
    const cause = await look.causeOf(group.key, list, person.key);
    if (cause === null) continue;
    effects.push({ effect: "release", cause });
    // Servers that know nothing of bans understand that the following has ended.
    if (group.isLocal && list === "followers" && !person.isLocal) {
      const asked = await look.byKey(cause);
      if (asked !== null)
        effects.push({
          effect: "emit",
          actor: group.key,
          activity: { type: "Reject", object: asked.iri, to: [person.iri] },
        });
    }
  }
  return [
    ...effects,
    ...["moderators", "owners"].map(
      (name): Effect => ({ effect: "drop", owner: group.key, name, item: person.key }),
    ),
    { effect: "add", owner: group.key, name: "banned", item: person.key, cause: key },
    ...untilItEnds(scene, group),
    // As Lemmy says it: with everything that they have written there.
    ...(scene.activity.removeData === true
      ? [{ effect: "exit-all", owner: person.key, group: group.key } as const]
      : []),
  ];
}

/** A Block with an `endTime` is taken back by the group then; groups elsewhere take back their own. */
function untilItEnds({ activity, iri, nowMs }: Scene, group: Entity): readonly Effect[] {
  const endMs = fromIso(activity.endTime);
  if (endMs === null || endMs <= nowMs || !group.isLocal) return [];
  const payload = { actor: group.key, activity: { type: "Undo", object: iri } };
  return [{ effect: "enqueue", kind: "act", payload, dueMs: endMs }];
}
