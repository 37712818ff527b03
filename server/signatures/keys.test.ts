/** Keys in every spelling that peers use, and what is refused; Ed25519 has @noble/ed25519 as second opinion. */
import { describe, expect, test } from "bun:test";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import * as noble from "@noble/ed25519";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import {
  exportMultikey,
  exportPublicPem,
  generateKeyPair,
  importMultikey,
  importPrivatePem,
  importPublicPem,
  signBytes,
  verifyBytes,
} from "./keys.ts";
import { decodeMultibase, encodeMultibase } from "./multibase.ts";

const text = new TextEncoder().encode("sign me");
const id = "https://a.test/users/alice#key";

describe.each(["rsa", "ed25519"] as const)("a generated %s key", (kind) => {
  test("signs what its public half verifies, through PEM and Multikey alike", async () => {
    const pair = await generateKeyPair(kind);
    const signature = await signBytes(await importPrivatePem(id, pair.privatePem), text);
    const fromPem = await importPublicPem(pair.publicPem);
    const fromMultikey = await importMultikey(await exportMultikey(fromPem));
    for (const key of [fromPem, fromMultikey]) {
      expect(key.kind).toBe(kind);
      expect(await verifyBytes(key, new Uint8Array(signature), text)).toBe(true);
      expect(await verifyBytes(key, new Uint8Array(signature), new TextEncoder().encode("sign mf"))).toBe(
        false,
      );
      expect(await exportPublicPem(key)).toBe(pair.publicPem);
    }
  });

  test("cannot be taken out of its SignKey", async () => {
    const { privatePem } = await generateKeyPair(kind);
    expect((await importPrivatePem(id, privatePem)).key.extractable).toBe(false);
  });
});

test("a second implementation verifies our Ed25519 signature and signs one that we verify", async () => {
  const { secretKey, publicKey } = await noble.keygenAsync();
  const ours = await importMultikey(encodeMultibase(new Uint8Array([0xed, 0x01, ...publicKey])));
  expect(await verifyBytes(ours, new Uint8Array(await noble.signAsync(text, secretKey)), text)).toBe(true);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secretKey]);
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    format: "pem",
    type: "pkcs8",
  });
  const signature = await signBytes(await importPrivatePem(id, String(pem)), text);
  expect(await noble.verifyAsync(signature, text, publicKey)).toBe(true);
});

test("RSA keys below 1024 and above 8192 bits are refused, those between are not", async () => {
  const pemOf = (modulusLength: number) =>
    generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "pem", type: "spki" });
  await expect(importPublicPem(String(pemOf(512)))).rejects.toThrow("1024 to 8192 bits");
  expect((await importPublicPem(String(pemOf(1024)))).kind).toBe("rsa");
  // A modulus of the wanted size is enough: nobody asks whether it is a product of primes.
  const n = Buffer.alloc(1025, 0xff).toString("base64url");
  const large = createPublicKey({ key: { kty: "RSA", n, e: "AQAB" }, format: "jwk" });
  await expect(importPublicPem(String(large.export({ format: "pem", type: "spki" })))).rejects.toThrow(
    "8192 bits",
  );
});

test("what is no public key of a kind in use is refused", async () => {
  const { publicPem, privatePem } = await generateKeyPair("ed25519");
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  for (const pem of [
    "",
    "z6Mk",
    privatePem,
    publicPem + publicPem,
    publicPem.replace("MCow", "MCox"),
    publicPem.padEnd(9000, "\n"),
    String(elliptic.export({ format: "pem", type: "spki" })),
  ]) {
    await expect(importPublicPem(pem)).rejects.toMatchObject({ code: "invalid" });
  }
  await expect(importPrivatePem(id, publicPem)).rejects.toMatchObject({ code: "invalid" });
});

test.skipIf(!hasVectors("http-signatures/rfc9421-keys.json"))(
  "the published RFC 9421 keys are read",
  async () => {
    const keys = readVectors<Record<string, { publicKeyPem: string; privateKeyPem: string }>>(
      "http-signatures/rfc9421-keys.json",
    );
    for (const [name, kind] of [
      ["test-key-rsa", "rsa"],
      ["test-key-ed25519", "ed25519"],
    ] as const) {
      const { publicKeyPem = "", privateKeyPem = "" } = keys[name] ?? {};
      const publicKey = await importPublicPem(publicKeyPem);
      const signature = await signBytes(await importPrivatePem(id, privateKeyPem), text);
      expect(publicKey.kind).toBe(kind);
      expect(await verifyBytes(publicKey, new Uint8Array(signature), text)).toBe(true);
    }
  },
);

interface Fep521a {
  cases: { multikey: { publicKeyMultibase: string }; publicKeyPem?: string; publicKeyHex: string }[];
}

test.skipIf(!hasVectors("integrity-proofs/fep-521a.json"))(
  "the published FEP-521a keys go to and fro",
  async () => {
    for (const { multikey, publicKeyPem, publicKeyHex } of readVectors<Fep521a>(
      "integrity-proofs/fep-521a.json",
    ).cases) {
      const key = await importMultikey(multikey.publicKeyMultibase);
      expect(await exportMultikey(key)).toBe(multikey.publicKeyMultibase);
      expect(
        Buffer.from(decodeMultibase(multikey.publicKeyMultibase) ?? [])
          .toString("hex")
          .slice(4),
      ).toBe(publicKeyHex);
      if (publicKeyPem) expect(await exportPublicPem(key)).toBe(publicKeyPem);
    }
  },
);

interface Multikeys {
  headers: { keyType: string; kind: string; prefixHex: string; keyBytes: number | null }[];
  ed25519: {
    publicKeyMultibase: string;
    publicKeyHex: string;
    secretKeyMultibase: string;
    secretKeySeedHex: string;
  }[];
}

describe.skipIf(!hasVectors("integrity-proofs/multikey.json"))("published Multikeys", () => {
  const { headers, ed25519 } = hasVectors("integrity-proofs/multikey.json")
    ? readVectors<Multikeys>("integrity-proofs/multikey.json")
    : { headers: [], ed25519: [] };

  test("Ed25519 pairs decode to their bytes, belong together, and a secret key is no public key", async () => {
    for (const { publicKeyMultibase, publicKeyHex, secretKeyMultibase, secretKeySeedHex } of ed25519) {
      const raw = await crypto.subtle.exportKey("raw", (await importMultikey(publicKeyMultibase)).key);
      expect(Buffer.from(raw).toString("hex")).toBe(publicKeyHex);
      const seed = (decodeMultibase(secretKeyMultibase) ?? new Uint8Array()).slice(2);
      expect(Buffer.from(seed).toString("hex")).toBe(secretKeySeedHex);
      expect(Buffer.from(await noble.getPublicKeyAsync(seed)).toString("hex")).toBe(publicKeyHex);
      await expect(importMultikey(secretKeyMultibase)).rejects.toMatchObject({ code: "invalid" });
    }
  });

  test("kinds that are not used here, and wrong lengths, are refused", async () => {
    for (const { keyType, kind, prefixHex, keyBytes } of headers) {
      const prefix = Buffer.from(prefixHex, "hex");
      const wanted = keyType === "Ed25519" && kind === "public";
      for (const length of [keyBytes ?? 270, 31, 0]) {
        const multikey = encodeMultibase(Buffer.concat([prefix, Buffer.alloc(length, 7)]));
        if (wanted && length === keyBytes) expect((await importMultikey(multikey)).kind).toBe("ed25519");
        else await expect(importMultikey(multikey)).rejects.toMatchObject({ code: "invalid" });
      }
    }
  });
});

interface Multibase {
  bytesHex: string;
  encoded: string;
}

test.skipIf(!hasVectors("integrity-proofs/multibase.json"))("the published multibase texts are read", () => {
  for (const { bytesHex, encoded } of readVectors<Multibase[]>("integrity-proofs/multibase.json")) {
    expect(Buffer.from(decodeMultibase(encoded) ?? []).toString("hex")).toBe(bytesHex);
    if (encoded.startsWith("z")) expect(encodeMultibase(Buffer.from(bytesHex, "hex"))).toBe(encoded);
  }
});

test("text that is no multibase of ours is refused", () => {
  for (const encoded of [
    "",
    "z",
    "u",
    "z0OIl",
    "uA",
    "uAB",
    "uAB=",
    "mAAAA",
    "f00",
    `z${"1".repeat(1600)}`,
  ]) {
    expect(decodeMultibase(encoded)).toBeNull();
  }
});
