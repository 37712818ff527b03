/** `Accept-Signature`: what a receiver asks of our signatures, and what we tell that we read (RFC 9421 §5). */
import type { KeyKind } from "./keys.ts";
import { ALGORITHM_NAMES } from "./request.ts";
import { type InnerList, type Item, isInnerList, parseDictionary } from "./structured.ts";

/** A signature that is asked for, all of which we can do. */
export interface WantedSignature {
  readonly label: string;
  /** Components to be covered besides what we cover anyway, without parameters of their own. */
  readonly covered: readonly string[];
  /** To be repeated in the signature; `nonce` is good for one request. */
  readonly nonce: string | null;
  readonly tag: string | null;
  /** Whether the signature is to say when it ends. */
  readonly expires: boolean;
  /** The kind of key with which to sign, or null where any will do. */
  readonly kind: KeyKind | null;
}

/** Longer than any receiver's list of wishes. */
const MAX_HEADER_LENGTH = 4_096;
const MAX_COVERED = 16;
/** What a request has besides its fields (RFC 9421 §2.2); the parameter of `@query-param` is nothing that peers ask for. */
const DERIVED: ReadonlySet<string> = new Set([
  "@method",
  "@target-uri",
  "@authority",
  "@scheme",
  "@request-target",
  "@path",
  "@query",
]);
const UNDERSTOOD: ReadonlySet<string> = new Set(["created", "expires", "nonce", "alg", "keyid", "tag"]);

/**
 * The first signature in the field's value that can be made here, or null (RFC 9421 §5.2). A wish for a certain key
 * (`keyid`) is passed over: whoever asks a stranger cannot know one. Does not throw for whatever a peer may send.
 */
export function readAcceptSignature(value: string): WantedSignature | null {
  if (value.length > MAX_HEADER_LENGTH) return null;
  for (const [label, member] of parseDictionary(value) ?? []) {
    const wanted = isInnerList(member) ? wantedOf(label, member) : null;
    if (wanted) return wanted;
  }
  return null;
}

/** The value with which a server says that it reads RFC 9421, for an answer to a request that was not signed well. */
export const ACCEPT_SIGNATURE = 'sig1=("@method" "@target-uri" "content-digest");created;keyid';

function wantedOf(label: string, { items, parameters }: InnerList): WantedSignature | null {
  const covered = items.map(nameOf);
  const names = covered.filter((name) => name !== null);
  if (names.length !== covered.length || names.length > MAX_COVERED || new Set(names).size !== names.length)
    return null;
  if ([...parameters.keys()].some((name) => !UNDERSTOOD.has(name))) return null;
  const text = (name: string): string | null => {
    const bare = parameters.get(name);
    return bare?.type === "string" ? bare.value : null;
  };
  const algorithm = text("alg");
  const kind = algorithm === null ? null : kindOf(algorithm);
  if (kind === undefined) return null;
  const expires = parameters.has("expires");
  return { label, covered: names, nonce: text("nonce"), tag: text("tag"), expires, kind };
}

/** The component's name where a request of ours can have it as it stands. */
function nameOf(item: Item): string | null {
  const { bare, parameters } = item;
  if (bare.type !== "string" || parameters.size > 0) return null;
  if (bare.value.startsWith("@")) return DERIVED.has(bare.value) ? bare.value : null;
  return /^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(bare.value) ? bare.value : null;
}

const kindOf = (algorithm: string): KeyKind | undefined =>
  (["rsa", "ed25519"] as const).find((kind) => ALGORITHM_NAMES.rfc9421[kind].includes(algorithm));
