/** Reads the parts of an extension file one by one; what is wrong is told with the file, the path and what is allowed. */
import { isJsonObject, type Json } from "../lib/json.ts";
import { nearest } from "../lib/nearest.ts";
import { Problem } from "../lib/problem.ts";

/** A value of a file, and where it stands there (`types.Cook.kind`; empty for the whole). */
export interface Field {
  readonly file: string;
  readonly path: string;
  readonly value: Json | undefined;
}

/** What a text must look like, and how to say so: “must be …”. */
export interface Pattern {
  readonly pattern: RegExp;
  readonly means: string;
}

/** The error for this place: `wrong` finishes a sentence that begins with it (“must be …”). */
export const faultAt = ({ file, path }: Field, wrong: string): Problem =>
  new Problem("invalid", `${file}: ${path === "" ? "the file" : path} ${wrong}.`, { reason: "extension" });

export function child({ file, path, value }: Field, name: string | number): Field {
  const here = typeof name === "number" ? `[${name}]` : path === "" ? name : `.${name}`;
  const of = value as { readonly [name: string | number]: Json | undefined };
  return { file, path: path + here, value: of[name] };
}

export const isMissing = (field: Field): boolean => field.value === undefined;

/** The members of an object, each where it stands. `allowed` are the only names that may be there. */
export function readMembers(
  field: Field,
  allowed: readonly string[] | Pattern,
): readonly (readonly [string, Field])[] {
  if (!isJsonObject(field.value))
    throw faultAt(field, `must be an object in braces, not ${shown(field.value)}`);
  return Object.keys(field.value).map((name) => {
    if ("pattern" in allowed) {
      if (!allowed.pattern.test(name) || name in {}) {
        throw faultAt(field, `has the name ${JSON.stringify(name)}, which must be ${allowed.means}`);
      }
    } else if (!allowed.includes(name)) {
      const meant = nearest(name, allowed);
      const hint = meant === null ? "" : `, probably ${JSON.stringify(meant)}`;
      throw faultAt(field, `may not have ${JSON.stringify(name)}: use ${wordsOf(allowed)}${hint}`);
    }
    return [name, child(field, name)] as const;
  });
}

/** The items of a list, each where it stands; none where the field is missing. */
export function readItems(field: Field, max: number): readonly Field[] {
  if (isMissing(field)) return [];
  const { value } = field;
  if (!Array.isArray(value)) throw faultAt(field, `must be a list in brackets, not ${shown(value)}`);
  if (value.length > max) throw faultAt(field, `has ${value.length} items; ${max} are allowed`);
  return value.map((_, index) => child(field, index));
}

export function readText(field: Field, { pattern, means }: Pattern): string {
  if (typeof field.value !== "string" || !pattern.test(field.value) || field.value in {}) {
    throw faultAt(field, `must be ${means}, not ${shown(field.value)}`);
  }
  return field.value;
}

export function readWord<const Word extends string>(field: Field, words: readonly Word[]): Word {
  const found = words.find((word) => word === field.value);
  if (found === undefined) throw faultAt(field, `must be ${wordsOf(words)}, not ${shown(field.value)}`);
  return found;
}

export function readSwitch(field: Field): boolean {
  if (typeof field.value !== "boolean")
    throw faultAt(field, `must be true or false, not ${shown(field.value)}`);
  return field.value;
}

/** A value as it stands in the file, short enough for a sentence. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/** Longer values would hide the rest of the sentence. */
const MAX_SHOWN = 60;

function wordsOf(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}
