/** What others send, without the bytes that nobody here reads again: as it is stored. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { parseHttpUrl } from "../lib/url.ts";
import type { AsObject } from "./object.ts";

/** Properties that are not stored where they have this form, each with its reason. */
const DROPPED: Readonly<Record<string, (value: Json, of: JsonObject) => boolean>> = {
  /** Proves bytes that are not kept; whoever forwards an activity forwards it as it came. */
  proof: (value) => [value].flat().every((proof) => isJsonObject(proof) && proof.proofValue !== undefined),
  /** A linked-data signature, which proves nothing here at all. */
  signature: (value) => isJsonObject(value) && value.signatureValue !== undefined,
  /** OStatus: says `id` once more. */
  atomUri: (value) => typeof value === "string",
  /** OStatus: says `inReplyTo` once more. */
  inReplyToAtomUri: (value) => typeof value === "string",
  /** OStatus: the address of the thread is `context` (FEP-7888), which stays, or this where it is the only one. */
  conversation: (value, of) =>
    typeof value === "string" && (of.context !== undefined || parseHttpUrl(value) === null),
  /** Diaspora: the whole thing once more, in another format. */
  diaspora: isJsonObject,
  /** `source` has the same text in the same format. */
  _misskey_content: (value, of) => isJsonObject(of.source) && of.source.content === value,
};

/** Collections of the thing that are asked at their origin: their address is enough. */
const ASKED_AT_ORIGIN: ReadonlySet<string> = new Set(["replies", "likes", "shares"]);

/**
 * Null and the empty list say nothing (JSON-LD 1.1 §4.3) and go too, wherever they stand; empty texts stay, because
 * one without a `content` and one whose `content` is empty are told apart.
 */
export function lean(document: AsObject): AsObject {
  return leanObject(document, true);
}

/** `isWhole` for the document, and for an activity or object that it is about: what is known of those is known there. */
function leanObject(object: JsonObject, isWhole: boolean): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [property, value] of Object.entries(object)) {
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    if (property === "@context") kept[property] = value;
    else if (!(isWhole && Object.hasOwn(DROPPED, property) && DROPPED[property]?.(value, object)))
      kept[property] = isWhole ? leanPart(property, value) : leanValue(value);
  }
  return kept;
}

function leanPart(property: string, value: Json): Json {
  if (!isJsonObject(value)) return leanValue(value);
  if (property === "object") return leanObject(value, true);
  return ASKED_AT_ORIGIN.has(property) && typeof value.id === "string" ? value.id : leanObject(value, false);
}

const leanValue = (value: Json): Json =>
  Array.isArray(value) ? value.map(leanValue) : isJsonObject(value) ? leanObject(value, false) : value;
