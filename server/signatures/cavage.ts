/** HTTP signatures as nearly every peer still makes them (draft-cavage-http-signatures-12). */
import { fromHttpDate } from "../lib/clock.ts";
import {
  type Fault,
  faulty,
  normaliseAuthority,
  type ReadSignature,
  type RequestParts,
  type Target,
  targetOf,
} from "./request.ts";

/** Twice what an RSA signature of 8192 bits and thirty covered fields need. */
const MAX_HEADER_LENGTH = 8192;
/** More than any peer covers. */
const MAX_COVERED = 32;

/** The parameters of a `Signature` header, by name in lower case (draft §2.1). */
type SignatureParameters = ReadonlyMap<string, string>;

/** Seconds since 1970, as they stand in the header. */
export interface CavageTimes {
  readonly created?: string | undefined;
  readonly expires?: string | undefined;
}

/** What the `Signature` header of `parts` says, once it covers what the network's rules ask for. */
export function readCavage(parts: RequestParts): ReadSignature | Fault {
  const parameters = parseParameters(parts.headers.get("signature") ?? "");
  const keyId = parameters?.get("keyid");
  const signature = parameters?.get("signature");
  if (!parameters || !keyId || !signature) {
    return faulty("malformed", "Give Signature its keyId, headers and signature, each once and in quotes.");
  }
  const covered = (parameters.get("headers") ?? "").toLowerCase().split(" ").filter(Boolean);
  const fault = coverageFault(covered, parameters);
  if (fault) return fault;

  const times = { created: parameters.get("created"), expires: parameters.get("expires") };
  const signedAtMs = signedTimes(parts, covered, times);
  const withQuery = cavageBase(parts, covered, times);
  if (signedAtMs === null || withQuery === null) {
    return faulty("malformed", "Send every field that the signature covers, with times that are times.");
  }
  // Some peers leave the query out of (request-target).
  const { query, ...rest } = targetOf(parts.url);
  const bare = { ...parts, url: `${rest.scheme}://${rest.authority}${rest.path}` };
  const withoutQuery = query === "" ? null : cavageBase(bare, covered, times);
  return {
    scheme: "cavage",
    keyId,
    algorithm: parameters.get("algorithm")?.toLowerCase() ?? null,
    covered,
    signedAtMs,
    expiresMs: times.expires === undefined ? null : Number(times.expires) * 1000,
    signature: new Uint8Array(Buffer.from(signature, "base64")),
    bases: withoutQuery === null ? [withQuery] : [withQuery, withoutQuery],
  };
}

/**
 * The text that is signed (draft §2.3), or null where a covered field is missing. `host` is the authority of
 * `parts.url`, so that a signature for another server cannot be good here.
 */
export function cavageBase(
  parts: RequestParts,
  covered: readonly string[],
  times: CavageTimes = {},
): string | null {
  const lines: string[] = [];
  const target = targetOf(parts.url);
  for (const name of covered) {
    const value = coveredValue(name, parts, target, times);
    if (value === null) return null;
    lines.push(`${name}: ${value}`);
  }
  return lines.join("\n");
}

/** The value of a `Signature` header (draft §4.1). */
export const writeCavage = (given: {
  readonly keyId: string;
  readonly algorithm: string;
  readonly covered: readonly string[];
  readonly signature: Uint8Array;
}): string =>
  `keyId="${given.keyId}",algorithm="${given.algorithm}",headers="${given.covered.join(" ")}",` +
  `signature="${Buffer.from(given.signature).toString("base64")}"`;

/** `name="value"` pairs by name in lower case (draft §4.1), or null where the text is something else. */
export function parseParameters(text: string): SignatureParameters | null {
  if (text.length > MAX_HEADER_LENGTH) return null;
  const parameters = new Map<string, string>();
  const pattern = /[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]{1,15}))[ \t]*(?:,|$)/y;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    const name = found?.[1]?.toLowerCase();
    if (!found || !name || parameters.has(name)) return null;
    parameters.set(name, found[2] ?? found[3] ?? "");
  }
  return parameters;
}

function coverageFault(covered: readonly string[], parameters: SignatureParameters): Fault | null {
  if (covered.length > MAX_COVERED || new Set(covered).size !== covered.length) {
    return faulty("malformed", `Cover at most ${MAX_COVERED} fields, each once.`);
  }
  if (!covered.includes("(request-target)") || !covered.includes("host")) {
    return faulty("uncovered", "Cover (request-target) and host.");
  }
  if (!covered.includes("date") && !covered.includes("(created)")) {
    return faulty("uncovered", "Cover date or (created).");
  }
  // Draft §2.3: the old names of algorithms do not know these two.
  const isOld = /^(?:rsa|hmac|ecdsa)/i.test(parameters.get("algorithm") ?? "");
  if (isOld && (covered.includes("(created)") || covered.includes("(expires)"))) {
    return faulty("malformed", "Name the algorithm hs2019 where (created) or (expires) is covered.");
  }
  return null;
}

/** All times that the sender names and signs; null where one is no time. */
function signedTimes(parts: RequestParts, covered: readonly string[], times: CavageTimes): number[] | null {
  const dateMs = covered.includes("date") ? fromHttpDate(parts.headers.get("date") ?? "") : undefined;
  const createdMs = times.created === undefined ? undefined : Number(times.created) * 1000;
  if (dateMs === null || Number.isNaN(createdMs) || Number.isNaN(Number(times.expires ?? 0))) return null;
  return [dateMs, createdMs].filter((time) => time !== undefined);
}

function coveredValue(name: string, parts: RequestParts, target: Target, times: CavageTimes): string | null {
  const { scheme, authority, path, query } = target;
  if (name === "(request-target)") return `${parts.method.toLowerCase()} ${path}${query}`;
  if (name === "(created)") return times.created ?? null;
  if (name === "(expires)") return times.expires ?? null;
  if (name === "host") {
    // The sender may have written our name in capitals or with its port; any other name is not ours.
    const sent = parts.headers.get("host") ?? "";
    return normaliseAuthority(scheme, sent) === authority ? sent : authority;
  }
  return parts.headers.get(name);
}
