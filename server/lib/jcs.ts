/** One exact text for one JSON value, so that two machines hash the same bytes (RFC 8785). */
import type { Json, JsonObject } from "./json.ts";
import { Problem } from "./problem.ts";

/**
 * The canonical form of `value`: no white space, members sorted by UTF-16 code units, numbers as ECMAScript
 * writes them. Members that are `undefined` are left out. The caller has bounded the depth (`parseJson`).
 * Throws Problem `invalid` for NaN, infinities and lone surrogates (RFC 8785 §3.2.2).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  return canonicalObject(value as JsonObject);
}

function canonicalObject(object: JsonObject): string {
  const members: string[] = [];
  // RFC 8785 §3.2.3: sort() without a comparer compares UTF-16 code units.
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    if (value !== undefined) members.push(`${canonicalString(name)}:${canonicalJson(value)}`);
  }
  return `{${members.join(",")}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new Problem("invalid", "Remove the broken character (a lone surrogate) from the text.");
  }
  return JSON.stringify(text);
}

function canonicalNumber(number: number): string {
  if (!Number.isFinite(number)) throw new Problem("invalid", "Use a finite number.");
  return JSON.stringify(number);
}
