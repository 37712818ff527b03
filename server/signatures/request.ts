/** The parts of a request that signatures cover, and the words for what a signature says and lacks. */
import type { KeyKind } from "./keys.ts";

/** One request, as its client saw it. */
export interface RequestParts {
  readonly method: string;
  /** Absolute, with the scheme and host under which we are known to the world, not those behind a proxy. */
  readonly url: string;
  readonly headers: Headers;
  /** The raw bytes; empty where there is no body. */
  readonly body: Uint8Array;
}

export type Scheme = "cavage" | "rfc9421";

/** A signature as it stands in the headers: nothing of it is proven before a key has verified it. */
export interface ReadSignature {
  readonly scheme: Scheme;
  readonly keyId: string;
  /** What the sender calls the algorithm, or null; the key's kind decides, this may only agree. */
  readonly algorithm: string | null;
  /** Names of fields in lower case, `(request-target)` and `@method` as they stand. */
  readonly covered: readonly string[];
  /** Signed times in milliseconds, each of which must be fresh; never empty. */
  readonly signedAtMs: readonly number[];
  readonly expiresMs: number | null;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What may have been signed; one of these must verify. */
  readonly bases: readonly string[];
}

/**
 * What the one algorithm of a key may be called; the first is what we write (draft-cavage-12 appendix E.2, where
 * `hs2019` means "as the key says"; RFC 9421 §6.2).
 */
export const ALGORITHM_NAMES: Readonly<
  Record<Scheme, Readonly<Record<KeyKind, readonly [string, ...string[]]>>>
> = {
  cavage: { rsa: ["rsa-sha256", "hs2019"], ed25519: ["hs2019", "ed25519"] },
  rfc9421: { rsa: ["rsa-v1_5-sha256"], ed25519: ["ed25519"] },
};

export type FaultCode =
  | "unsigned"
  | "malformed"
  | "uncovered"
  | "untimely"
  | "digest"
  /** The key cannot have made such a signature. */
  | "key"
  /** The signature is not the key's over this. */
  | "forged";

/** Why a signature or proof is not accepted: data, because refusing is ordinary. */
export interface Fault {
  readonly fault: FaultCode;
  /** A sentence for the sender and the log. */
  readonly reason: string;
}

export const faulty = (fault: FaultCode, reason: string): Fault => ({ fault, reason });

export const isFault = (value: object | null): value is Fault => value !== null && "fault" in value;

/** The pieces of an http(s) address as they stand, nothing decoded. */
export interface Target {
  readonly scheme: string;
  /** Lower case, without the scheme's own port (RFC 9421 §2.2.3). */
  readonly authority: string;
  /** "/" where there is none. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** The pieces of `url` without its fragment. Throws where it is no absolute http(s) address: the caller made it. */
export function targetOf(url: string): Target {
  const [, scheme = "", authority = "", path = "", query = ""] =
    /^(https?):\/\/([^/?#]+)([^?#]*)(\?[^#]*)?/i.exec(url) ?? [];
  if (authority === "") throw new TypeError(`not an absolute http address: ${url}`);
  return {
    scheme: scheme.toLowerCase(),
    authority: normaliseAuthority(scheme, authority),
    path: path || "/",
    query,
  };
}

/** Lower case, without the port that the scheme implies. */
export const normaliseAuthority = (scheme: string, authority: string): string =>
  authority.toLowerCase().replace(scheme.toLowerCase() === "https" ? /:443$/ : /:80$/, "");
