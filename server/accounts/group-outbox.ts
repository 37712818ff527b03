/** What a program posts to the outbox of a group, for a person who looks after it. */

import type { Look } from "../core/behaviour.ts";
import { type AsObject, id } from "../core/object.ts";
import type { Acted } from "../core/process.ts";
import type { Registry } from "../core/registry.ts";
import { Problem } from "../lib/problem.ts";
import { rowOf } from "../lib/row-of.ts";
import type { GroupDeed } from "./group-roles.ts";
import type { Groups } from "./groups.ts";

/** Types whose right is not that of speaking, where nothing else decides. */
const DEEDS: Readonly<Record<string, GroupDeed>> = {
  Accept: "admit",
  Reject: "admit",
  Invite: "admit",
  Add: "keep",
  Remove: "keep",
  Block: "keep",
  Lock: "keep",
  Undo: "keep",
  Delete: "keep",
  Move: "delete",
};

/** Lists that say what somebody is in the group. */
const ROLES = /\/(owners|moderators)$/;

/**
 * Does it in the name of the group. Throws Problem `forbidden` where the person's role is not enough, `not-found` where
 * there is no such group here, `conflict` where nobody would own it any more, and as `Core.act`.
 */
export type ActAsGroup = (by: number, group: number, draft: AsObject) => Promise<Acted>;

export function createActAsGroup({
  groups,
  look,
  registry,
}: {
  groups: Pick<Groups, "act" | "require" | "requireOver">;
  look: Look;
  registry: Pick<Registry, "actsAs" | "knownType">;
}): ActAsGroup {
  /** What it does: a kind of Block takes the right that a Block takes. */
  const deedTypeOf = (draft: AsObject): string => registry.actsAs(registry.knownType(draft));

  async function deedOf(group: string, draft: AsObject): Promise<GroupDeed> {
    const type = deedTypeOf(draft);
    const object = id(draft, "object");
    if (object === group && type === "Update") return "edit";
    if (object === group && type === "Delete") return "delete";
    if (ROLES.test(id(draft, "target") ?? "")) return "appoint";
    if (type === "Undo") await refuseRoles(object);
    return rowOf(DEEDS, type) ?? "speak";
  }

  /** What gave a role cannot be undone: other roles may hang on it by now. */
  async function refuseRoles(iri: string | null): Promise<void> {
    const undone = iri === null ? null : await look.find(iri);
    if (undone?.document && ROLES.test(id(undone.document, "target") ?? "")) {
      throw new Problem("invalid", "Roles are taken away with a Remove from the list.", { field: "object" });
    }
  }

  /** Whom a Block or Reject puts out. */
  async function putOut(draft: AsObject): Promise<number | null> {
    const type = deedTypeOf(draft);
    if (type !== "Block" && type !== "Reject") return null;
    const object = await look.find(id(draft, "object") ?? "");
    return type === "Block" ? (object?.key ?? null) : (object?.owner ?? null);
  }

  return async (by, groupKey, draft) => {
    const group = await look.byKey(groupKey);
    if (group === null) throw new Problem("not-found", "There is no such group here.");
    const deed = await deedOf(group.iri, draft);
    await groups.require(by, groupKey, deed);
    const person = await putOut(draft);
    if (person !== null) await groups.requireOver(by, groupKey, deed, person);
    return groups.act(by, groupKey, deed, draft);
  };
}
