/** Which scope an activity needs: what changes the account itself takes more than the right to post. */
import { LIST_OF } from "../../accounts/group-roles.ts";
import type { Look } from "../../core/behaviour.ts";
import { type AsObject, embedded, id } from "../../core/object.ts";
import { answered } from "../../core/prepare.ts";
import type { Registry } from "../../core/registry.ts";
import { PROFILE_LISTS } from "../../vocab/personal/places.ts";

export type ActivityScope = "write:outbox" | "write:accounts";

/** Lists that belong to a profile, or say who runs a group. */
const LISTS: ReadonlySet<string> = new Set([...PROFILE_LISTS, LIST_OF.owner, LIST_OF.moderator]);

/**
 * For what somebody (the key of an actor) posts: `write:accounts` for an Update of an actor, a Move, and a change of what
 * stands in its profile, as for the same in Mastodon's API (`testing/mounted.ts`); `write:outbox` for all else.
 */
export type ScopeOf = (actor: number, given: AsObject) => Promise<ActivityScope>;

export function createScopeOf({ look, registry }: { look: Look; registry: Registry }): ScopeOf {
  const isOfProfile = async (change: AsObject): Promise<boolean> => {
    const list = await look.collection(id(change, "target") ?? "");
    return list !== null && LISTS.has(list.name);
  };

  /** The activity that an Undo takes back, found as the core finds it. */
  async function undoneBy(actor: number, given: AsObject): Promise<AsObject | null> {
    const named = await look.find(id(given, "object") ?? "");
    const inner = embedded(given, "object");
    const doer = named === null && inner !== null ? await look.byKey(actor) : null;
    const undone = doer && inner ? await answered(look, registry, doer, inner) : named;
    return undone?.document ?? null;
  }

  async function changesAccount(actor: number, given: AsObject): Promise<boolean> {
    const type = registry.knownType(given);
    const isA = (ancestor: string) => registry.isA(type, ancestor);
    if (isA("Move")) return true;
    if (isA("Update")) return (await look.find(id(given, "object") ?? ""))?.kind === "actor";
    if (isA("Add") || isA("Remove")) return isOfProfile(given);
    if (!isA("Undo")) return false;
    const undone = await undoneBy(actor, given);
    return undone !== null && isOfProfile(undone);
  }

  return async (actor, given) => ((await changesAccount(actor, given)) ? "write:accounts" : "write:outbox");
}
