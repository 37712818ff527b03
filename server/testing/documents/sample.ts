/** A document in the shape that a program sends, written by us, and what people here are to see of it. */
import type { JsonObject } from "../../lib/json.ts";

export interface Sample {
  /** What it is, in words. */
  readonly what: string;
  readonly document: JsonObject;
  /** The line that `understood` says of it. */
  readonly becomes: string;
  /** Words that stand on its card. */
  readonly says?: readonly string[];
}

export const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
export const AS = "https://www.w3.org/ns/activitystreams";
export const SECURITY = "https://w3id.org/security/v1";

/** What nearly every actor says of itself. */
export const actor = (id: string, name: string, more: JsonObject = {}): JsonObject => ({
  "@context": [AS, SECURITY],
  id,
  type: "Person",
  preferredUsername: name.toLowerCase(),
  name,
  inbox: `${id}/inbox`,
  outbox: `${id}/outbox`,
  followers: `${id}/followers`,
  following: `${id}/following`,
  publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: "-----BEGIN PUBLIC KEY-----" },
  ...more,
});

/** Addressing as most programs write it: to everybody, and a copy to the followers. */
export const forAll = (author: string): JsonObject => ({
  attributedTo: author,
  to: [PUBLIC],
  cc: [`${author}/followers`],
});
