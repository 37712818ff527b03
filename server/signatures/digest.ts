/** Digests of a body as header values: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530). */
import { createHash } from "node:crypto";
import { isInnerList, parseDictionary } from "./structured.ts";
import { writeDictionary } from "./structured-write.ts";

/** What counts as proof; anything else in the header (MD5, unixsum) is passed over. */
const HASHES = ["sha-256", "sha-512"] as const;

/** `SHA-256=…`, the value of `Digest`, which peers that sign by draft-cavage expect. */
export function writeDigest(body: Uint8Array): string {
  const known = digests.get(body);
  if (known !== undefined) return known;
  const digest = `SHA-256=${hash("sha-256", body).toString("base64")}`;
  digests.set(body, digest);
  return digest;
}

/** One body goes to hundreds of hosts, and nobody changes it on the way. */
const digests = new WeakMap<Uint8Array, string>();

/** `sha-256=:…:`, the value of `Content-Digest` (RFC 9530 §2). */
export const writeContentDigest = (body: Uint8Array): string =>
  writeDictionary(
    new Map([
      [
        "sha-256",
        { bare: { type: "binary", value: new Uint8Array(hash("sha-256", body)) }, parameters: new Map() },
      ],
    ]),
  );

/** Whether a `Digest` value names SHA-256 or SHA-512 and all it says of them is true of `body`. */
export function isDigestOf(value: string, body: Uint8Array): boolean {
  const given = value.split(",").map((part) => {
    const [, name = "", base64 = ""] = /^\s*([A-Za-z0-9-]+)=([A-Za-z0-9+/]*)={0,2}\s*$/.exec(part) ?? [];
    return { name: name.toLowerCase(), base64 };
  });
  return isProvenBy((name) => given.filter((one) => one.name === name).map((one) => one.base64), body);
}

/** Whether a `Content-Digest` value names SHA-256 or SHA-512 and all it says of them is true of `body`. */
export function isContentDigestOf(value: string, body: Uint8Array): boolean {
  const given = parseDictionary(value);
  return isProvenBy((name) => {
    const member = given?.get(name);
    if (member === undefined) return [];
    const isBinary = !isInnerList(member) && member.bare.type === "binary";
    return [isBinary ? unpadded(Buffer.from(member.bare.value)) : ""];
  }, body);
}

/** `given` tells the unpadded base64 that the header has for a hash. */
function isProvenBy(given: (name: string) => readonly string[], body: Uint8Array): boolean {
  let proven = false;
  for (const name of HASHES) {
    for (const base64 of given(name)) {
      if (base64 !== unpadded(hash(name, body))) return false;
      proven = true;
    }
  }
  return proven;
}

const hash = (name: (typeof HASHES)[number], body: Uint8Array): Buffer =>
  createHash(name.replace("-", "")).update(body).digest();

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
