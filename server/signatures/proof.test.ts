/** Integrity proofs against the published ones, and against everything that can be done to a proven document. */
import { beforeAll, describe, expect, test } from "bun:test";
import { createPrivateKey } from "node:crypto";
import * as noble from "@noble/ed25519";
import { HOUR_MS } from "../lib/durations.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import {
  generateKeyPair,
  importMultikey,
  importPrivatePem,
  importPublicPem,
  type SignKey,
  type VerifyKey,
} from "./keys.ts";
import { decodeMultibase } from "./multibase.ts";
import { createProof, readProof, verifyProof } from "./proof.ts";
import { isFault } from "./request.ts";

const nowMs = Date.UTC(2026, 10, 22);
const keyId = "https://b.test/users/bob#ed25519-key";
let key: SignKey;
let publicKey: VerifyKey;

beforeAll(async () => {
  const { publicPem, privatePem } = await generateKeyPair("ed25519");
  key = await importPrivatePem(keyId, privatePem);
  publicKey = await importPublicPem(publicPem);
});

const like: JsonObject = {
  "@context": "https://www.w3.org/ns/activitystreams",
  id: "https://b.test/likes/1",
  type: "Like",
  actor: "https://b.test/users/bob",
  object: { id: "https://a.test/notes/1", longitude: -71.184902 },
};

async function judged(document: JsonObject, by = publicKey, atMs = nowMs): Promise<string> {
  const read = readProof(document, { nowMs: atMs });
  if (read === null) return "none";
  if (isFault(read)) return read.fault;
  return (await verifyProof(read, by))?.fault ?? "good";
}

test("a document is proven, and what is given back is the document", async () => {
  const proven = await createProof(like, { key, nowMs });
  expect(await judged(proven)).toBe("good");
  const read = readProof(proven, { nowMs });
  expect(read).toMatchObject({ verificationMethod: keyId });
  const context = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"];
  expect(read && !isFault(read) ? read.document : null).toEqual({ ...like, "@context": context });
});

test("a second proof replaces the first", async () => {
  const twice = await createProof(await createProof(like, { key, nowMs }), { key, nowMs });
  expect(twice).toEqual(await createProof(like, { key, nowMs }));
});

describe("on the way", () => {
  test.each<[string, string, (proven: JsonObject) => Json]>([
    ["forged", "a word changed", (d) => ({ ...d, type: "Announce" })],
    ["forged", "a word added", (d) => ({ ...d, to: "https://c.test/" })],
    ["forged", "a word removed", ({ actor: _, ...d }) => d],
    ["forged", "the embedded object changed", (d) => ({ ...d, object: "https://a.test/notes/2" })],
    ["forged", "the proof's time changed", (d) => withOption(d, { created: "2026-11-21T00:00:00Z" })],
    ["forged", "an expiry added", (d) => withOption(d, { expires: "2036-11-21T00:00:00Z" })],
    ["forged", "the key changed", (d) => withOption(d, { verificationMethod: "https://c.test/k" })],
    ["forged", "the signature changed", (d) => withOption(d, { proofValue: `z${"1".repeat(64)}` })],
    ["forged", "the context of the proof dropped", (d) => withOption(d, { "@context": undefined })],
    [
      "forged",
      "both contexts replaced",
      (d) => ({
        ...(withOption(d, { "@context": "https://c.test/" }) as JsonObject),
        "@context": "https://c.test/",
      }),
    ],
    ["malformed", "the context replaced", (d) => ({ ...d, "@context": "https://c.test/context" })],
    [
      "malformed",
      "a context put before",
      (d) => ({ ...d, "@context": ["https://c.test/context", ...[d["@context"] ?? []].flat()] }),
    ],
    ["malformed", "a challenge added", (d) => withOption(d, { challenge: "1" })],
    ["malformed", "a domain added", (d) => withOption(d, { domain: "c.test" })],
    ["malformed", "the purpose changed", (d) => withOption(d, { proofPurpose: "authentication" })],
    ["malformed", "the signature cut", (d) => withOption(d, { proofValue: "z3u2en7t5" })],
    ["malformed", "the key left out", (d) => withOption(d, { verificationMethod: undefined })],
    ["malformed", "the time made none", (d) => withOption(d, { created: "yesterday" })],
    ["malformed", "a broken character added", (d) => ({ ...d, name: "\ud800" })],
    ["none", "the proof removed", ({ proof: _, ...d }) => d],
    ["none", "the suite changed", (d) => withOption(d, { cryptosuite: "eddsa-rdfc-2022" })],
    ["none", "the proof made a string", (d) => ({ ...d, proof: "https://c.test/proof" })],
  ])("%s: %s", async (verdict, _, change) => {
    const proven = await createProof(like, { key, nowMs });
    expect(await judged(change(proven) as JsonObject)).toBe(verdict);
  });

  test("a linked-data signature may be added, and is given to nobody", async () => {
    const proven = { ...(await createProof(like, { key, nowMs })), signature: { type: "RsaSignature2017" } };
    expect(await judged(proven)).toBe("good");
    expect(readProof(proven, { nowMs })).not.toHaveProperty("document.signature");
  });

  test("a context may be appended, and is given to nobody", async () => {
    const proven = await createProof(like, { key, nowMs });
    const evil = {
      ...proven,
      "@context": [...[proven["@context"] ?? []].flat(), { actor: "https://c.test/not-the-actor" }],
    };
    expect(await judged(evil)).toBe("good");
    expect(readProof(evil, { nowMs })).toHaveProperty("document.@context", proven["@context"] as unknown);
  });

  test("a proof of another suite may stand beside", async () => {
    const { proof, ...rest } = await createProof(like, { key, nowMs });
    const other = { type: "DataIntegrityProof", cryptosuite: "mldsa44-jcs-2024" };
    expect(await judged({ ...rest, proof: [other, proof ?? null] })).toBe("good");
  });
});

test("a proof from the future, or expired, is refused", async () => {
  const proven = await createProof(like, { key, nowMs });
  expect(await judged(proven, publicKey, nowMs - HOUR_MS)).toBe("good");
  expect(await judged(proven, publicKey, nowMs - HOUR_MS - 1)).toBe("untimely");
  expect(await judged(withOption(proven, { expires: "2026-11-21T22:59:59Z" }) as JsonObject)).toBe(
    "untimely",
  );
});

test("an RSA key proves nothing, and neither does a stranger's", async () => {
  const proven = await createProof(like, { key, nowMs });
  expect(await judged(proven, await importPublicPem((await generateKeyPair("rsa")).publicPem))).toBe("key");
  expect(await judged(proven, await importPublicPem((await generateKeyPair("ed25519")).publicPem))).toBe(
    "forged",
  );
});

function withOption(document: JsonObject, options: JsonObject): Json {
  return { ...document, proof: { ...(document.proof as JsonObject), ...options } };
}

/** The private key of a Multikey's seed, by way of PKCS #8 (RFC 8410 §7). */
async function importSeed(id: string, secretKeyMultibase: string): Promise<SignKey> {
  const seed = (decodeMultibase(secretKeyMultibase) ?? new Uint8Array()).slice(2);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    format: "pem",
    type: "pkcs8",
  });
  return importPrivatePem(id, String(pem));
}

interface Fep8b32 {
  sign: {
    document: JsonObject;
    secretKeyMultibase: string;
    publicKeyMultibase: string;
    created: string;
    verificationMethod: string;
    signedDocument: JsonObject;
  };
  steps: { hashDataHex: string; signatureHex: string };
  verify: { signedDocument: JsonObject; actor: { assertionMethod: { publicKeyMultibase: string }[] } };
}

test.skipIf(!hasVectors("integrity-proofs/fep-8b32.json"))(
  "the published FEP-8b32 document is made and verified",
  async () => {
    const { sign, steps, verify } = readVectors<Fep8b32>("integrity-proofs/fep-8b32.json");
    const signKey = await importSeed(sign.verificationMethod, sign.secretKeyMultibase);
    expect(await createProof(sign.document, { key: signKey, nowMs: Date.parse(sign.created) })).toEqual(
      sign.signedDocument,
    );
    const verifyKey = await importMultikey(verify.actor.assertionMethod[0]?.publicKeyMultibase ?? "");
    expect(await judged(verify.signedDocument, verifyKey)).toBe("good");
    const raw = (decodeMultibase(sign.publicKeyMultibase) ?? new Uint8Array()).slice(2);
    const [signature, data] = [steps.signatureHex, steps.hashDataHex].map((hex) => Buffer.from(hex, "hex"));
    expect(await noble.verifyAsync(signature ?? Buffer.of(), data ?? Buffer.of(), raw)).toBe(true);
  },
);

interface DataIntegrity {
  keyPair: { publicKeyMultibase: string };
  signedDocument: JsonObject;
}

test.skipIf(!hasVectors("integrity-proofs/w3c-eddsa-jcs-2022.json"))(
  "the published W3C credential is verified",
  async () => {
    const { keyPair, signedDocument } = readVectors<DataIntegrity>(
      "integrity-proofs/w3c-eddsa-jcs-2022.json",
    );
    const verifyKey = await importMultikey(keyPair.publicKeyMultibase);
    expect(await judged(signedDocument, verifyKey)).toBe("good");
    expect(await judged({ ...signedDocument, name: "Forged Credential" }, verifyKey)).toBe("forged");
  },
);
