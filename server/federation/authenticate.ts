/** Who sent this request, or who proves to have written this document: a verified actor, or why not. */
import type { Now } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { hostOf, originOf } from "../lib/url.ts";
import { readProof, verifyProof } from "../signatures/proof.ts";
import { type Fault, isFault, type RequestParts, type Scheme } from "../signatures/request.ts";
import { readSignature, verifySignature } from "../signatures/verify.ts";
import type { KeyFailure } from "./fetch-key.ts";
import type { Keyring, KnownKey } from "./keyring.ts";

export interface Authenticated {
  readonly outcome: "actor";
  readonly actorIri: string;
  readonly keyId: string;
}

/**
 * The document of the key is gone for good (410), so nothing can be verified. Only a Delete whose actor and object
 * are this very `iri` may be believed (SWICG HTTP Signature report).
 */
export interface Gone {
  readonly outcome: "gone";
  readonly iri: string;
  readonly keyId: string;
}

export interface Refused {
  readonly outcome: "refused";
  /** 401 unsigned or not verified, 403 verified to be unwelcome, 503 ask again later. */
  readonly status: 401 | 403 | 503;
  readonly reason: string;
}

export interface Authenticate {
  /** The actor whose key signs the request, which the caller must still compare with the activity's actor. */
  request(
    parts: RequestParts,
  ): Promise<
    (Authenticated & { readonly scheme: Scheme; readonly covered: readonly string[] }) | Gone | Refused
  >;
  /**
   * The actor whose key proves the document (FEP-8b32), and the document as it was proven: only that may be used.
   * Null where it carries no proof. `document` is as it came, before any normalising.
   */
  document(
    document: JsonObject,
  ): Promise<(Authenticated & { readonly document: JsonObject }) | Gone | Refused | null>;
}

export function createAuthenticate(deps: {
  readonly now: Now;
  readonly keyring: Keyring;
  /** Our own, `https://school.example`: nobody elsewhere signs with a key of ours. */
  readonly origin: string;
  /** Whether nothing is taken from this host (domain rules); asked before anything is fetched from it. */
  readonly isRefused: (host: string) => Promise<boolean>;
}): Authenticate {
  const { keyring, now } = deps;

  return {
    async request(parts) {
      const read = readSignature(parts, { nowMs: now() });
      if (isFault(read)) return refused(401, read.reason);
      const key = await verified(read.keyId, (known) => verifySignature(read, known.verifyKey));
      return "outcome" in key ? key : { ...authenticated(key), scheme: read.scheme, covered: read.covered };
    },

    async document(document) {
      const read = readProof(document, { nowMs: now() });
      if (read === null) return null;
      if (isFault(read)) return refused(401, read.reason);
      const key = await verified(read.verificationMethod, (known) => verifyProof(read, known.verifyKey));
      return "outcome" in key ? key : { ...authenticated(key), document: read.document };
    },
  };

  /** The key `keyId` once `verify` finds no fault with it; a key that has changed is fetched anew, once. */
  async function verified(
    keyId: string,
    verify: (key: KnownKey) => Promise<Fault | null>,
  ): Promise<KnownKey | Gone | Refused> {
    const host = hostOf(keyId);
    if (host === null || originOf(keyId) === deps.origin)
      return refused(401, "Sign with a key of your own https address.");
    if (await deps.isRefused(host)) return refused(403, `This server takes nothing from ${host}.`);
    const found = await keyring.find(keyId);
    if ("failure" in found) return outcomeOf(found, keyId);

    let key = found;
    let fault = await verify(key);
    if (fault) {
      const newer = await keyring.findNewer(keyId);
      if (newer) [key, fault] = [newer, await verify(newer)];
    }
    if (fault) return refused(401, fault.reason);
    await keyring.keep(key);
    return key;
  }
}

const authenticated = ({ actorIri, iri }: KnownKey): Authenticated => ({
  outcome: "actor",
  actorIri,
  keyId: iri,
});

const refused = (status: Refused["status"], reason: string): Refused => ({
  outcome: "refused",
  status,
  reason,
});

function outcomeOf({ failure, reason }: KeyFailure, keyId: string): Gone | Refused {
  switch (failure) {
    case "gone":
      return { outcome: "gone", iri: keyId.replace(/#.*$/s, ""), keyId };
    case "missing":
      return refused(401, reason);
    case "unclaimed":
      return refused(403, reason);
    case "unavailable":
      return refused(503, reason);
    default:
      return failure satisfies never;
  }
}
