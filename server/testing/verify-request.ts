/** A signed request judged in one step, as a receiver does it in two: read, then held against a key. */
import type { VerifyKey } from "../signatures/keys.ts";
import { type Fault, isFault, type RequestParts } from "../signatures/request.ts";
import { readSignature, verifySignature } from "../signatures/verify.ts";

/** Null where the request is well signed by `key`, or why not. */
export async function verifyRequest(
  parts: RequestParts,
  key: VerifyKey,
  times: { readonly nowMs: number },
): Promise<Fault | null> {
  const read = readSignature(parts, times);
  return isFault(read) ? read : verifySignature(read, key);
}
