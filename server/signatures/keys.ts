/** RSA and Ed25519 keys: made, read and written as PEM and Multikey, used through `crypto.subtle`. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Problem } from "../lib/problem.ts";
import { decodeMultibase, encodeMultibase } from "./multibase.ts";

export type KeyKind = "rsa" | "ed25519";

/** A public key, ready to verify with. Importing takes longer than verifying: keep it. */
export interface VerifyKey {
  readonly kind: KeyKind;
  readonly key: CryptoKey;
}

/** A private key and the IRI under which its public half is published (`…/users/x#main-key`). */
export interface SignKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly key: CryptoKey;
}

/** A key pair as text to store: SPKI and PKCS #8. */
export interface KeyPairPem {
  readonly kind: KeyKind;
  readonly publicPem: string;
  readonly privatePem: string;
}

/** What every server of the network accepts. */
const OUR_RSA_BITS = 2048;
/** Shorter ones can be factored (RFC 9421 §7.3.1 leaves the bound to us; the oldest peers still have 1024). */
const MIN_RSA_BITS = 1024;
/** Verifying costs grow with the square of the size. */
const MAX_RSA_BITS = 8192;
/** PKCS #8 of an RSA key of 8192 bits takes 6 400 characters. */
const MAX_PEM_LENGTH = 8192;

/** Chosen by the kind of the key, never by what a message says of itself (RFC 9421 §7.3.6). */
const ALGORITHMS = {
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ed25519: { name: "Ed25519" },
} as const satisfies Record<KeyKind, object>;

/** Multicodec prefixes, as varints (CID 1.0 §2.2.2, FEP-521a): Ed25519 raw, RSA as PKCS #1 DER. */
const MULTICODECS: readonly { readonly kind: KeyKind; readonly prefix: readonly [number, number] }[] = [
  { kind: "ed25519", prefix: [0xed, 0x01] },
  { kind: "rsa", prefix: [0x85, 0x24] },
];
const ED25519_BYTES = 32;

/** A new key pair: RSA of 2048 bits with exponent 65537 (about 100 ms), or Ed25519. */
export async function generateKeyPair(kind: KeyKind): Promise<KeyPairPem> {
  const parameters =
    kind === "rsa"
      ? { ...ALGORITHMS.rsa, modulusLength: OUR_RSA_BITS, publicExponent: new Uint8Array([1, 0, 1]) }
      : ALGORITHMS.ed25519;
  const pair = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
  const publicDer = await crypto.subtle.exportKey("spki", pair.publicKey);
  const privateDer = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  return { kind, publicPem: toPem("PUBLIC KEY", publicDer), privatePem: toPem("PRIVATE KEY", privateDer) };
}

/**
 * A public key from PEM, SPKI or PKCS #1 (`BEGIN RSA PUBLIC KEY`).
 * Throws Problem `invalid` where it is none, of another kind, or RSA below 1024 or above 8192 bits.
 */
export async function importPublicPem(pem: string): Promise<VerifyKey> {
  const label = labelOf(pem);
  if (label !== "PUBLIC KEY" && label !== "RSA PUBLIC KEY") throw unreadable("a public key in PEM");
  return toVerifyKey(() => createPublicKey(pem));
}

/**
 * A private key from PEM, PKCS #8 or PKCS #1, to sign with as `id`.
 * Throws Problem `invalid` where it is none, encrypted, or of a kind or size that is not used here.
 */
export async function importPrivatePem(id: string, pem: string): Promise<SignKey> {
  const label = labelOf(pem);
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY") throw unreadable("a private key in PEM");
  const key = parsed(() => createPrivateKey(pem));
  const kind = kindOf(key);
  return { id, kind, key: toCryptoKey(key, kind, "sign") };
}

/**
 * A public key from `publicKeyMultibase` of a Multikey (FEP-521a): base58btc or base64url, Ed25519 or RSA.
 * Throws Problem `invalid` for anything else, secret keys and wrong lengths included.
 */
export async function importMultikey(publicKeyMultibase: string): Promise<VerifyKey> {
  const bytes = decodeMultibase(publicKeyMultibase);
  const codec = MULTICODECS.find(({ prefix }) => bytes?.[0] === prefix[0] && bytes[1] === prefix[1]);
  if (!bytes || !codec) throw unreadable("an Ed25519 or RSA public key as publicKeyMultibase");
  const key = bytes.slice(2);
  if (codec.kind === "rsa") {
    return toVerifyKey(() => createPublicKey({ key: Buffer.from(key), format: "der", type: "pkcs1" }));
  }
  if (key.length !== ED25519_BYTES) throw unreadable("an Ed25519 key of 32 bytes");
  return { kind: "ed25519", key: await crypto.subtle.importKey("raw", key, "Ed25519", true, ["verify"]) };
}

/** The public key as PEM (SPKI), for `publicKey.publicKeyPem`. */
export const exportPublicPem = async ({ key }: VerifyKey): Promise<string> =>
  toPem("PUBLIC KEY", await crypto.subtle.exportKey("spki", key));

/** The public key as `publicKeyMultibase` of a Multikey (FEP-521a), `z6Mk…` for Ed25519. */
export async function exportMultikey({ kind, key }: VerifyKey): Promise<string> {
  const bytes = kind === "rsa" ? await toPkcs1(key) : await crypto.subtle.exportKey("raw", key);
  const prefix = MULTICODECS.find((codec) => codec.kind === kind)?.prefix ?? [];
  return encodeMultibase(new Uint8Array([...prefix, ...new Uint8Array(bytes)]));
}

/** The signature of `data`: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519. Runs on another thread. */
export const signBytes = async (
  { kind, key }: SignKey,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await crypto.subtle.sign(ALGORITHMS[kind], key, data));

/** Whether `signature` is this key's over `data`. Runs on another thread. */
export const verifyBytes = (
  { kind, key }: VerifyKey,
  signature: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<boolean> => crypto.subtle.verify(ALGORITHMS[kind], key, signature, data);

function toVerifyKey(read: () => KeyObject): VerifyKey {
  const key = parsed(read);
  const kind = kindOf(key);
  return { kind, key: toCryptoKey(key, kind, "verify") };
}

// Node's type of a CryptoKey and the global one are the same thing at run time.
const toCryptoKey = (key: KeyObject, kind: KeyKind, use: "sign" | "verify"): CryptoKey =>
  key.toCryptoKey(ALGORITHMS[kind], use === "verify", [use]) as CryptoKey;

function parsed(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    throw unreadable("an RSA or Ed25519 key", error);
  }
}

function kindOf(key: KeyObject): KeyKind {
  const kind = key.asymmetricKeyType;
  if (kind === "ed25519") return kind;
  if (kind !== "rsa") throw unreadable("an RSA or Ed25519 key");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
    throw new Problem("invalid", `Use an RSA key of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits, not ${bits}.`);
  }
  return kind;
}

async function toPkcs1(key: CryptoKey): Promise<ArrayBuffer | Uint8Array> {
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", key));
  return createPublicKey({ key: spki, format: "der", type: "spki" }).export({ format: "der", type: "pkcs1" });
}

/** The word after BEGIN, where `pem` holds one block and nothing else. */
function labelOf(pem: string): string | null {
  if (pem.length > MAX_PEM_LENGTH) return null;
  return /^\s*-----BEGIN ([A-Z ]{1,30})-----[A-Za-z0-9+/=\s]+-----END \1-----\s*$/.exec(pem)?.[1] ?? null;
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

const unreadable = (expected: string, cause?: unknown): Problem =>
  new Problem("invalid", `Give ${expected}.`, { reason: "unreadable-key" }, { cause });
