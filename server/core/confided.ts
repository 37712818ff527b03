/** What somebody wrote for those addressed alone: among their posts like all, and left out of the number that is shown. */
import type { Look } from "./behaviour.ts";
import type { Effect } from "./effects.ts";
import type { Entity, VisibilityName } from "./entity.ts";

/** What is in here is in `posts` too; nobody is told that it is there. */
export const CONFIDED = "confided";

/** Beside the line in `posts`, which `activity` is. */
export const confidedEffects = (
  owner: number,
  activity: number,
  visibility: VisibilityName,
): readonly Effect[] =>
  visibility === "direct" ? [{ effect: "add", owner, name: CONFIDED, item: activity, cause: null }] : [];

/** An edited post that is for those addressed alone from now on, or no longer. */
export async function confidedAnew(
  look: Look,
  { key, owner, visibility: before }: Entity,
  after: VisibilityName,
): Promise<readonly Effect[]> {
  if (owner === null || (before === "direct") === (after === "direct")) return [];
  const made = await look.activityAbout("Create", owner, key);
  if (made === null) return [];
  return after === "direct"
    ? confidedEffects(owner, made.key, after)
    : [{ effect: "drop", owner, name: CONFIDED, item: made.key }];
}
