/** Which scheme signs a request, whether it says enough, and whether a key agrees. */

import { HOUR_MS } from "../lib/durations.ts";
import { readCavage } from "./cavage.ts";
import { isContentDigestOf, isDigestOf } from "./digest.ts";
import { type VerifyKey, verifyBytes } from "./keys.ts";
import {
  ALGORITHM_NAMES,
  type Fault,
  faulty,
  isFault,
  type ReadSignature,
  type RequestParts,
} from "./request.ts";
import { readRfc9421 } from "./rfc9421.ts";

/** Clocks of small servers run wrong; an hour is what the largest peers allow. */
const MAX_CLOCK_SKEW_MS = HOUR_MS;
/** Longer than any queue waits between signing and sending; what is replayed within is known by its id. */
const MAX_AGE_MS = 2 * HOUR_MS;

/** Covered field → whether its value is true of the body. */
const DIGEST_CHECKS: Readonly<Record<string, (value: string, body: Uint8Array) => boolean>> = {
  digest: isDigestOf,
  "content-digest": isContentDigestOf,
};

/**
 * Everything about a request's signature that can be told without its key: scheme, keyId, what it covers, that
 * it is fresh, and that the covered digest is that of the body. Does not throw for whatever a peer may send.
 */
export function readSignature(
  parts: RequestParts,
  { nowMs }: { readonly nowMs: number },
): ReadSignature | Fault {
  const read = readEither(parts);
  if (isFault(read)) return read;
  return timeFault(read, nowMs) ?? bodyFault(read, parts) ?? read;
}

/** Null where `key` made the signature, or why it cannot have. */
export async function verifySignature(read: ReadSignature, key: VerifyKey): Promise<Fault | null> {
  const { algorithm, scheme } = read;
  if (algorithm !== null && !ALGORITHM_NAMES[scheme][key.kind].includes(algorithm)) {
    return faulty("key", `Sign with the algorithm of the key, not with ${JSON.stringify(algorithm)}.`);
  }
  for (const base of read.bases) {
    if (await verifyBytes(key, read.signature, new TextEncoder().encode(base))) return null;
  }
  return faulty("forged", "Sign with the key that keyId names: this signature is not from it.");
}

function readEither(parts: RequestParts): ReadSignature | Fault {
  if (parts.headers.has("signature-input")) return readRfc9421(parts);
  if (parts.headers.has("signature")) return readCavage(parts);
  return faulty("unsigned", "Sign the request (draft-cavage-http-signatures-12 or RFC 9421).");
}

function timeFault({ signedAtMs, expiresMs }: ReadSignature, nowMs: number): Fault | null {
  const isFresh = signedAtMs.every((ms) => ms <= nowMs + MAX_CLOCK_SKEW_MS && ms >= nowMs - MAX_AGE_MS);
  if (!isFresh) return faulty("untimely", "Sign anew, with a clock that is right: the time is too far off.");
  if (expiresMs !== null && expiresMs < nowMs - MAX_CLOCK_SKEW_MS) {
    return faulty("untimely", "Sign anew: the signature has expired.");
  }
  return null;
}

function bodyFault({ covered }: ReadSignature, { headers, body }: RequestParts): Fault | null {
  const digests = Object.entries(DIGEST_CHECKS).filter(([name]) => covered.includes(name));
  if (body.length > 0 && digests.length === 0) {
    return faulty("uncovered", "Cover Digest or Content-Digest, because there is a body.");
  }
  const isTrue = digests.every(([name, check]) => check(headers.get(name) ?? "", body));
  return isTrue ? null : faulty("digest", "Send the SHA-256 digest of the very bytes of the body.");
}
