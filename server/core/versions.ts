/** Which changes of a thing are edits that readers should be able to look back on, and what is kept of the version before. */
import { fromIso, fromPastIso } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import type { Json } from "../lib/json.ts";
import type { Entity } from "./entity.ts";
import { type AsObject, embeddedAll, idOf, text } from "./object.ts";

/** Versions of one thing that are kept, the newest of them: more edits than that are corrections of corrections. */
export const MAX_VERSIONS = 20;
/** Characters of one version; what is longer is not kept, so that a book edited daily does not fill the disk. */
const MAX_VERSION_LENGTH = 64_000;

/** What readers see of a thing, and nothing that changes by itself (counts, dates of the origin). */
const KEPT = [
  "name",
  "nameMap",
  "summary",
  "summaryMap",
  "content",
  "contentMap",
  "mediaType",
  "sensitive",
  "attachment",
  "tag",
  "oneOf",
  "anyOf",
] as const;

export interface Earlier {
  /** When this version was written. */
  readonly madeMs: number;
  /** Compact JSON. */
  readonly json: string;
}

/** The version that `after` takes the place of; null where readers see no difference, or nothing is to be kept. */
export function earlierOf(before: Entity, after: AsObject): Earlier | null {
  if (before.kind !== "object" || before.document === null || before.deletedMs !== null) return null;
  if (seenOf(before.document) === seenOf(after)) return null;
  const kept: Record<string, Json> = {};
  for (const property of KEPT) {
    const value = before.document[property];
    if (value !== undefined) kept[property] = value;
  }
  if (kept.contentMap !== undefined) delete kept.content;
  const json = JSON.stringify(kept);
  if (json.length > MAX_VERSION_LENGTH) return null;
  const writtenMs = fromPastIso(before.document.published, timeOfKey(before.key)) ?? timeOfKey(before.key);
  return { madeMs: editedOf(before, before.document) ?? writtenMs, json };
}

/**
 * When it was edited: as its author says, unless that is later than when this version came here. Null where nothing is
 * said of an edit, or a thing was to be edited in the future when it was made.
 */
export function editedOf(
  row: Pick<Entity, "key" | "updatedMs" | "fetchedMs">,
  { updated }: AsObject,
): number | null {
  const cameMs = Math.max(row.updatedMs ?? 0, row.fetchedMs ?? 0, timeOfKey(row.key));
  return fromIso(updated) === null ? null : (fromPastIso(updated, cameMs) ?? row.updatedMs);
}

/** Two documents that show the same give the same text. */
function seenOf(document: AsObject): string {
  return JSON.stringify([
    ["name", "summary", "content"].map((property) => [
      text(document, property) ?? "",
      document[`${property}Map`] ?? null,
    ]),
    document.sensitive === true,
    embeddedAll(document, "attachment").map((each) => [idOf(each.url) ?? idOf(each.href), each.name ?? null]),
    [...embeddedAll(document, "oneOf"), ...embeddedAll(document, "anyOf")].map(
      (choice) => choice.name ?? null,
    ),
  ]);
}
