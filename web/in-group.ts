/** What somebody writes in a group: which groups that is, for whom it is, and what it is called. */
import type { Look } from "../server/core/behaviour.ts";
import type { Entity } from "../server/core/entity.ts";
import { Problem } from "../server/lib/problem.ts";
import { isGroup } from "../server/vocab/groups/rules.ts";
import { ACT, MAX_TITLE_CHARACTERS } from "./forms.ts";

interface Fields {
  get(name: string): string | null;
}

/** The group that the form names, and those in which what it answers was said. @throws Problem `not-found`. */
export async function groupsFor(
  look: Look,
  fields: Fields,
  parent: Entity | null,
): Promise<readonly Entity[]> {
  const iri = fields.get(ACT.fields.group);
  const named = iri ? await look.find(iri) : null;
  if (iri && !isGroup(named)) throw new Problem("not-found", "This group is not known here, or is gone.");
  const inherited = parent === null ? [] : await look.groupsOf(parent.key);
  return [...(named ? [named] : []), ...inherited].filter(isGroup);
}

/** Null where there is none. @throws Problem `invalid` where it is too long. */
export function titleOf(fields: Fields): string | null {
  const title = (fields.get(ACT.fields.title) ?? "").trim();
  if (title.length > MAX_TITLE_CHARACTERS) {
    throw new Problem("invalid", `Make it shorter: at most ${MAX_TITLE_CHARACTERS} characters.`, {
      field: ACT.fields.title,
    });
  }
  return title || null;
}
