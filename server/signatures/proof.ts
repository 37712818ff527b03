/** Object integrity proofs: a document that proves by itself who wrote it (FEP-8b32, eddsa-jcs-2022). */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { fromIso, toIso } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { canonicalJson } from "../lib/jcs.ts";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import { type SignKey, signBytes, type VerifyKey, verifyBytes } from "./keys.ts";
import { decodeMultibase, encodeMultibase } from "./multibase.ts";
import { type Fault, faulty, isFault } from "./request.ts";

const TYPE = "DataIntegrityProof";
const CRYPTOSUITE = "eddsa-jcs-2022";
const PURPOSE = "assertionMethod";
const CONTEXT = "https://w3id.org/security/data-integrity/v2";

/** Clocks of small servers run wrong; an hour, as for requests. */
const MAX_CLOCK_SKEW_MS = HOUR_MS;
const ED25519_SIGNATURE_BYTES = 64;

/** Options that change nothing here. Any other (`domain`, `challenge`, `previousProof`) restricts the proof. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set([
  "@context",
  "type",
  "cryptosuite",
  "verificationMethod",
  "proofPurpose",
  "proofValue",
  "created",
  "expires",
  "id",
]);

/** A proof as it stands in a document: nothing of it is proven before its key has verified it. */
export interface ReadProof {
  /** The IRI of the key. */
  readonly verificationMethod: string;
  /**
   * The document that the proof is about: without `proof` and linked-data `signature`, and with no context but
   * the signed one. Only this may be used once the proof is verified.
   */
  readonly document: JsonObject;
  readonly options: JsonObject;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * `document` with a proof by `key` (FEP-8b32, Proof generation); a proof and a linked-data signature that it has
 * are replaced. The context of the proof's own words is added where it is missing. `nowMs` becomes `created`.
 * Throws Problem `invalid` where the document holds what canonical JSON cannot.
 */
export async function createProof(
  document: JsonObject,
  { key, nowMs }: { readonly key: SignKey; readonly nowMs: number },
): Promise<JsonObject> {
  const unsecured = { ...withoutProofs(document), "@context": withContext(document["@context"]) };
  const options: JsonObject = {
    "@context": unsecured["@context"],
    type: TYPE,
    cryptosuite: CRYPTOSUITE,
    verificationMethod: key.id,
    proofPurpose: PURPOSE,
    created: toIso(Math.floor(nowMs / 1000) * 1000),
  };
  const signature = await signBytes(key, hashData(unsecured, options));
  return { ...unsecured, proof: { ...options, proofValue: encodeMultibase(signature) } };
}

/**
 * What the document's proof says, a fault where there is one but it cannot be good, or null where there is none
 * in this cryptosuite. Of several proofs the first in the cryptosuite is taken, as each stands for itself.
 */
export function readProof(
  document: JsonObject,
  { nowMs }: { readonly nowMs: number },
): ReadProof | Fault | null {
  const proof = [document.proof].flat().find(isOurs);
  if (!proof) return null;
  const { proofValue, ...options } = proof;
  const { verificationMethod, "@context": signedContext } = options;
  const signature = typeof proofValue === "string" ? decodeMultibase(proofValue) : null;
  if (typeof verificationMethod !== "string" || signature?.length !== ED25519_SIGNATURE_BYTES) {
    return faulty(
      "malformed",
      "Give the proof a verificationMethod and a proofValue of 64 bytes in multibase.",
    );
  }
  const fault = optionsFault(options, nowMs);
  if (fault) return fault;
  const unsecured = withoutProofs(document);
  if (signedContext === undefined) return { verificationMethod, document: unsecured, options, signature };
  // What was put behind the signed contexts would change the meaning of words that are signed.
  if (!isStartOf(signedContext, document["@context"])) {
    return faulty("malformed", "Begin the document's @context with the proof's.");
  }
  return { verificationMethod, document: { ...unsecured, "@context": signedContext }, options, signature };
}

/** Null where `key` made the proof, or why it cannot have. Whose key it is, the caller finds out. */
export async function verifyProof(read: ReadProof, key: VerifyKey): Promise<Fault | null> {
  if (key.kind !== "ed25519")
    return faulty("key", `Prove with an Ed25519 key: ${CRYPTOSUITE} knows no other.`);
  const data = hashDataOrFault(read);
  if (isFault(data)) return data;
  if (await verifyBytes(key, read.signature, data)) return null;
  return faulty("forged", "Prove with the key that verificationMethod names: this proof is not from it.");
}

const isOurs = (proof: Json | undefined): proof is JsonObject =>
  isJsonObject(proof) && proof.type === TYPE && proof.cryptosuite === CRYPTOSUITE;

function optionsFault(options: JsonObject, nowMs: number): Fault | null {
  if (options.proofPurpose !== PURPOSE) return faulty("malformed", `Give the proof the purpose ${PURPOSE}.`);
  const unknown = Object.keys(options).find((name) => !KNOWN_OPTIONS.has(name));
  if (unknown !== undefined) return faulty("malformed", `Leave ${JSON.stringify(unknown)} out of the proof.`);
  const createdMs = fromIso(options.created);
  const expiresMs = fromIso(options.expires);
  const isWrong = (name: string, ms: number | null): boolean => options[name] !== undefined && ms === null;
  if (isWrong("created", createdMs) || isWrong("expires", expiresMs)) {
    return faulty("malformed", "Write the times of the proof as XML Schema has them.");
  }
  if ((createdMs ?? nowMs) > nowMs + MAX_CLOCK_SKEW_MS) {
    return faulty("untimely", "Prove anew, with a clock that is right: the proof is from the future.");
  }
  const hasExpired = (expiresMs ?? nowMs) < nowMs - MAX_CLOCK_SKEW_MS;
  return hasExpired ? faulty("untimely", "Prove anew: the proof has expired.") : null;
}

/** Linked-data signatures are made after and without regard to the proof (FEP-8b32, Backward compatibility). */
function withoutProofs({ proof: _, signature, ...rest }: JsonObject): JsonObject {
  return signature === undefined || isJsonObject(signature) ? rest : { ...rest, signature };
}

function withContext(context: Json | undefined): readonly Json[] {
  const given = [context ?? []].flat();
  return given.includes(CONTEXT) ? given : [...given, CONTEXT];
}

function isStartOf(signed: Json, context: Json | undefined): boolean {
  const whole = [context ?? []].flat();
  return [signed].flat().every((part, i) => isDeepStrictEqual(part, whole[i]));
}

/** SHA-256 of the options, then of the document, both canonical (vc-di-eddsa §3.3.4). */
const hashData = (document: JsonObject, options: JsonObject): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([sha256(canonicalJson(options)), sha256(canonicalJson(document))]));

function hashDataOrFault({ document, options }: ReadProof): Uint8Array<ArrayBuffer> | Fault {
  try {
    return hashData(document, options);
  } catch (error) {
    // @NOTE A peer may send what canonical JSON cannot hold; that is its fault, not ours.
    if (isProblem(error, "invalid")) return faulty("malformed", error.message);
    throw error;
  }
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
