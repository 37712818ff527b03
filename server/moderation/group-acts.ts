/** The lines of the audit log about what is done to keep the peace of groups here. */
import type { Entity } from "../core/entity.ts";
import { text, typeOf } from "../core/object.ts";
import type { GroupDeed } from "../core/process.ts";
import type { Registry } from "../core/registry.ts";
import type { Keys } from "../lib/id.ts";
import type { Sql } from "../lib/sql.ts";
import { record } from "./audit.ts";

/** What a group says and likes is no decision about anybody. */
const SPEECH: ReadonlySet<string> = new Set(["Create", "Announce", "Like", "EmojiReact", "Follow"]);

/** One line, or none where the group only spoke. The detail is the type of the activity and the group's name. */
export function groupActLines(
  { keys, registry }: { readonly keys: Keys; readonly registry: Pick<Registry, "actsAs"> },
  deed: GroupDeed,
): readonly Sql[] {
  const type = typeOf(deed.activity);
  if (SPEECH.has(registry.actsAs(type))) return [];
  const name = text(deed.group.document ?? {}, "preferredUsername") ?? "";
  return [
    record(keys, {
      by: deed.by,
      act: "group-act",
      about: aboutOf(deed),
      detail: `${type} @${name}`,
      reason: text(deed.activity, "content"),
    }),
  ];
}

/** Of an answer whoever asked, of what is taken back whom it was about, of an invitation whoever is asked in. */
function aboutOf({ group, object, target }: GroupDeed): number {
  if (object?.kind === "activity")
    return (object.owner === group.key ? object.subject : object.owner) ?? group.key;
  const about: Entity | null = object?.key === group.key ? target : object;
  return about?.key ?? group.key;
}
