/** Which public keys an actor's document claims as its own, and which actor a key's document claims as owner. */
import type { AsObject } from "../core/object.ts";
import { idOf, values } from "../core/object.ts";
import { fromIso } from "../lib/clock.ts";
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import { sameOrigin } from "../lib/url.ts";

/** A key as published; the text is PEM or multibase, not yet looked at. */
export interface ClaimedKey {
  readonly iri: string;
  /** Null where the actor only names the key, whose own document must then be asked. */
  readonly text: { readonly form: "pem" | "multibase"; readonly value: string } | null;
  /** When it ends, in milliseconds since 1970; null where nothing is said. */
  readonly endsMs: number | null;
}

/** What the largest peers read of one actor; the rest is ignored. */
const MAX_KEYS_OF_ACTOR = 10;

/**
 * The keys in `publicKey` and `assertionMethod` (FEP-521a) of an actor that may speak for it: of its origin
 * (FEP-fe34), with the actor as owner or controller, neither revoked nor expired.
 */
export function keysOfActor(actor: AsObject, nowMs: number): readonly ClaimedKey[] {
  return ["publicKey", "assertionMethod"]
    .flatMap((property) => values(actor, property))
    .slice(0, MAX_KEYS_OF_ACTOR)
    .flatMap((key): ClaimedKey[] => {
      const iri = idOf(key);
      if (iri === null || !sameOrigin(iri, actor.id)) return [];
      if (!isJsonObject(key)) return [{ iri, text: null, endsMs: null }];
      const owner = ownerOfKey(key);
      if ((owner !== null && owner !== actor.id) || hasEnded(key, nowMs)) return [];
      return [{ iri, text: textOfKey(key), endsMs: endOf(key) }];
    });
}

/** The owner or controller that the key names, or null. */
export const ownerOfKey = (key: JsonObject): string | null => idOf(key.owner) ?? idOf(key.controller);

/** The text of a key object, or null where it holds none. */
export function textOfKey(key: JsonObject): ClaimedKey["text"] {
  if (typeof key.publicKeyPem === "string") return { form: "pem", value: key.publicKeyPem };
  if (typeof key.publicKeyMultibase === "string") return { form: "multibase", value: key.publicKeyMultibase };
  return null;
}

/** Whether the key was revoked or has expired (CID 1.0 §2.2); a time that is none counts as past. */
export const hasEnded = (key: JsonObject, nowMs: number): boolean => (endOf(key) ?? nowMs + 1) <= nowMs;

/** When the key is revoked or expires, whichever is first, in milliseconds since 1970; null where nothing is said. */
export function endOf(key: JsonObject): number | null {
  const ends = [key.revoked, key.expires]
    .filter((time) => time !== undefined)
    .map((time) => fromIso(time) ?? 0);
  return ends.length === 0 ? null : Math.min(...ends);
}
