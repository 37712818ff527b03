/** Signs a request in either scheme: gives the headers to add. */
import { toHttpDate } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { WantedSignature } from "./accept-signature.ts";
import { cavageBase, writeCavage } from "./cavage.ts";
import { writeContentDigest, writeDigest } from "./digest.ts";
import { type SignKey, signBytes } from "./keys.ts";
import { ALGORITHM_NAMES, isFault, type RequestParts, type Scheme, targetOf } from "./request.ts";
import { rfc9421Base, rfc9421Input, writeRfc9421 } from "./rfc9421.ts";

export interface RequestToSign extends RequestParts {
  readonly key: SignKey;
  readonly scheme: Scheme;
  readonly nowMs: number;
  /** What the receiver asked for (RFC 9421 §5); heeded by that scheme alone. */
  readonly wanted?: WantedSignature | null;
}

/** How long a signature says that it is good where it is asked to; a queue at the other side may be that long. */
const EXPIRES_AFTER_MS = HOUR_MS;

/** Covered where they are sent: what they say changes what the request means (FEP-8fcf asks for the second). */
const COVERED_IF_SENT = ["content-type", "collection-synchronization"];

/**
 * The headers that make `request` a signed one, to be set beside those it has: by draft-cavage-12 `date`,
 * `digest` (with a body) and `signature`; by RFC 9421 `content-digest` (with a body), `signature-input` and
 * `signature`. `Host` must be sent as the authority of `url`.
 */
export function signRequest(request: RequestToSign): Promise<Record<string, string>> {
  return request.scheme === "cavage" ? signCavage(request) : signRfc9421(request);
}

async function signCavage(request: RequestToSign): Promise<Record<string, string>> {
  const added: Record<string, string> = { date: toHttpDate(request.nowMs) };
  if (request.body.length > 0) added.digest = writeDigest(request.body);
  const headers = withHeaders(request, { ...added, host: targetOf(request.url).authority });
  const covered = ["(request-target)", "host", ...Object.keys(added), ...sentOf(headers)];
  const base = cavageBase({ ...request, headers }, covered) ?? "";
  const { id: keyId, kind } = request.key;
  const signature = await signBytes(request.key, new TextEncoder().encode(base));
  const [algorithm] = ALGORITHM_NAMES.cavage[kind];
  return { ...added, signature: writeCavage({ keyId, algorithm, covered, signature }) };
}

async function signRfc9421(request: RequestToSign): Promise<Record<string, string>> {
  const added: Record<string, string> = {};
  if (request.body.length > 0) added["content-digest"] = writeContentDigest(request.body);
  const headers = withHeaders(request, added);
  const covered = ["@method", "@target-uri", ...Object.keys(added), ...sentOf(headers)];
  const wanted = heeded(request.wanted, headers);
  const input = rfc9421Input({
    covered: [...new Set([...covered, ...(wanted?.covered ?? [])])],
    createdMs: request.nowMs,
    keyId: request.key.id,
    algorithm: ALGORITHM_NAMES.rfc9421[request.key.kind][0],
    ...(wanted?.expires ? { expiresMs: request.nowMs + EXPIRES_AFTER_MS } : {}),
    ...(wanted ? { nonce: wanted.nonce, tag: wanted.tag } : {}),
  });
  const base = rfc9421Base({ ...request, headers }, input);
  if (isFault(base)) throw new TypeError(base.reason); // Cannot be: all that is covered was put there above.
  const signature = await signBytes(request.key, new TextEncoder().encode(base.text));
  const written = writeRfc9421(input, signature, wanted?.label);
  return { ...added, "signature-input": written.signatureInput, signature: written.signature };
}

/** A wish that names a field which the request has not cannot be granted; the signature is then our usual one. */
const heeded = (wanted: WantedSignature | null | undefined, headers: Headers): WantedSignature | null =>
  wanted?.covered.every((name) => name.startsWith("@") || headers.has(name)) ? wanted : null;

function withHeaders(request: RequestParts, added: Record<string, string>): Headers {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  return headers;
}

const sentOf = (headers: Headers): string[] => COVERED_IF_SENT.filter((name) => headers.has(name));
