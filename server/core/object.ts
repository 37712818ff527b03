/** The compact form in which the core, the behaviours and the faces see every document, and how to read it. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";

/**
 * An ActivityStreams document with known short names (`jsonld/normalise.ts` makes it so); `@context` holds what its
 * unknown words mean, and stays with them (`jsonld/settle.ts`).
 * Any property may be missing, a single value, or a list; read it with the functions below.
 */
export interface AsObject extends JsonObject {
  readonly id?: string;
  readonly type?: string | readonly string[];
}

/** Addressing properties (AP §5.6, §6). `bto` and `bcc` never leave this server. */
export const AUDIENCE_PROPERTIES = ["to", "cc", "bto", "bcc", "audience"] as const;

/** Who did what to what in an activity: whatever was judged by it, so that it stays as it was. */
export const DEED_PROPERTIES = ["actor", "object", "target", "origin", "instrument"] as const;

/** The collection that stands for everybody (AP §5.6). */
export const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

/** The property as a list, whatever shape it came in. */
export function values(object: AsObject, property: string): readonly Json[] {
  const value = object[property];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** What the value points at: itself when a string, its `id` (or `href` of a Link) when an object. */
export function idOf(value: Json | undefined): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return idOf(value[0]);
  if (!isJsonObject(value)) return null;
  if (typeof value.id === "string") return value.id;
  return typeof value.href === "string" ? value.href : null;
}

/** The one id in the property, or null. */
export const id = (object: AsObject, property: string): string | null => idOf(object[property]);

/** All ids in the property, without repeats. */
export function ids(object: AsObject, property: string): readonly string[] {
  const found: string[] = [];
  gather(object[property], found);
  return found.length < 2 ? found : [...new Set(found)];
}

function gather(value: Json | undefined, found: string[]): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) {
    const one = idOf(value);
    if (one !== null) found.push(one);
    return;
  }
  for (const each of value as readonly Json[]) {
    const one = idOf(each);
    if (one !== null) found.push(one);
  }
}

/** The first object in the property that is embedded, not merely named. */
export function embedded(object: AsObject, property: string): AsObject | null {
  const value = values(object, property)[0];
  return isJsonObject(value) ? (value as AsObject) : null;
}

/** All embedded objects in the property. */
export const embeddedAll = (object: AsObject, property: string): readonly AsObject[] =>
  values(object, property).filter(isJsonObject) as readonly AsObject[];

export const types = (object: AsObject): readonly string[] =>
  values(object, "type").filter((type): type is string => typeof type === "string");

/** The first type; "Object" where none is given. */
export const typeOf = (object: AsObject): string =>
  typeof object.type === "string" ? object.type : (types(object)[0] ?? "Object");

/** Of what a Create is to make, the type that none makes (of an actor or activity), whichever of its types that is; else null. */
export function typeNotMade(object: AsObject, kindOf: (object: AsObject) => string): string | null {
  const each = [object, ...types(object).map((type): AsObject => ({ type }))];
  const wrong = each.find((one) => ["actor", "activity"].includes(kindOf(one)));
  return wrong === undefined ? null : typeOf(wrong);
}

/** The text of the property, or of its language map (`contentMap`): the wanted language first, then any. */
export function text(object: AsObject, property: string, language?: string): string | null {
  const map = object[`${property}Map`];
  if (isJsonObject(map)) {
    const wanted = language && (map[language] ?? map[language.split("-")[0] ?? ""]);
    if (typeof wanted === "string") return wanted;
  }
  const plain = values(object, property).find((value) => typeof value === "string");
  if (typeof plain === "string") return plain;
  if (isJsonObject(map)) {
    const any = Object.values(map).find((value) => typeof value === "string");
    if (typeof any === "string") return any;
  }
  return null;
}

/** Every IRI that the object is addressed to. */
export function audienceOf(object: AsObject): readonly string[] {
  const found: string[] = [];
  for (const property of AUDIENCE_PROPERTIES) gather(object[property], found);
  return found.length < 2 ? found : [...new Set(found)];
}
