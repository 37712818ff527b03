/** To whom a document is addressed: how visible it is, and what must never leave. */
import type { Json } from "../lib/json.ts";
import type { VisibilityName } from "./entity.ts";
import { type AsObject, ids, PUBLIC } from "./object.ts";

/** Spellings of Public that peers send (AP §5.6 names the first three). */
const PUBLIC_SPELLINGS: ReadonlySet<string> = new Set([PUBLIC, "as:Public", "Public", `${PUBLIC}#`]);

export const isPublic = (iri: string): boolean => PUBLIC_SPELLINGS.has(iri);

/**
 * `followersIri` is the followers collection of the author. A document addressed to nobody is for its
 * author alone, which "direct" with no recipients means.
 */
export function visibilityOf(object: AsObject, followersIri: string | null): VisibilityName {
  const to = [...ids(object, "to"), ...ids(object, "audience")];
  const cc = ids(object, "cc");
  if (to.some(isPublic)) return "public";
  if (cc.some(isPublic)) return "quiet";
  const hidden = [...ids(object, "bto"), ...ids(object, "bcc")];
  const all = [...to, ...cc, ...hidden];
  if (all.some(isPublic)) return "quiet";
  return followersIri !== null && all.includes(followersIri) ? "followers" : "direct";
}

/** The document without `bto` and `bcc`, in whatever it carries too (AP §6, §7.1). */
export function withoutHidden(object: AsObject): AsObject {
  const rest: Record<string, Json | undefined> = {};
  for (const [property, value] of Object.entries(object)) {
    if (property === "bto" || property === "bcc") continue;
    rest[property] = property === "@context" ? value : withoutHiddenIn(value);
  }
  return rest;
}

function withoutHiddenIn(value: Json | undefined): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutHiddenIn(item) ?? null);
  return withoutHidden(value as AsObject) as Json;
}

/** Copies addressing between an activity and the object that it creates, so that both say the same (AP §6.2). */
export function shareAudience(
  activity: AsObject,
  object: AsObject,
): { activity: AsObject; object: AsObject } {
  const merged: Record<string, Json> = {};
  for (const property of ["to", "cc", "bto", "bcc", "audience"] as const) {
    const all = [...new Set([...ids(activity, property), ...ids(object, property)])];
    // Lemmy reads an `audience` only where it is one address (FEP-1b12).
    const [only, ...more] = all;
    if (only !== undefined) merged[property] = property === "audience" && more.length === 0 ? only : all;
  }
  return { activity: { ...activity, ...merged }, object: { ...object, ...merged } };
}
