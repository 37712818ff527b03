/** JSON values, and the careful reading of text that came from outside. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A text, a number or a truth value as text; else null. `String` is not for what came from outside: an object there may
 * have a `toString` of its own, which is no function, and a list one in it.
 */
export function wordOf(value: Json | undefined): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** Nesting that no honest document reaches, and that every recursive walk survives. */
export const MAX_JSON_DEPTH = 64;

/** Parses `text`; null where it is not JSON, or nested deeper than `MAX_JSON_DEPTH`. */
export function parseJson(text: string): Json | null {
  try {
    const value = JSON.parse(text) as Json;
    return depthWithin(value, MAX_JSON_DEPTH) ? value : null;
  } catch {
    // @NOTE Not JSON is an ordinary answer here; callers turn null into their own refusal.
    return null;
  }
}

function depthWithin(value: Json | undefined, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (left === 0) return false;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (!depthWithin(child, left - 1)) return false;
  }
  return true;
}

/**
 * `text` as UTF-8 and both databases can hold it: U+FFFD for halves of surrogate pairs (JSON may escape one alone, as
 * programs do that cut a text in the middle of an emoji) and for U+0000.
 */
export const toWholeText = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

/** The same for every text and name in `value`. */
export function withWholeTexts<T extends Json | undefined>(value: T): T {
  if (typeof value === "string") return toWholeText(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withWholeTexts) as unknown as T;
  const pairs = Object.entries(value).map(([name, inner]) => [
    toWholeText(name),
    withWholeTexts(inner as Json),
  ]);
  return Object.fromEntries(pairs) as T;
}
