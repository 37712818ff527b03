/** What we sign we accept, in both schemes with both kinds of key; whatever is changed on the way is refused. */
import { beforeAll, describe, expect, test } from "bun:test";
import { toHttpDate } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { verifyRequest } from "../testing/verify-request.ts";
import { cavageBase, writeCavage } from "./cavage.ts";
import { writeContentDigest } from "./digest.ts";
import {
  generateKeyPair,
  importPrivatePem,
  importPublicPem,
  type KeyKind,
  type SignKey,
  signBytes,
  type VerifyKey,
} from "./keys.ts";
import type { RequestParts, Scheme } from "./request.ts";
import { signRequest } from "./sign.ts";
import { readSignature } from "./verify.ts";

const nowMs = 1_700_000_000_000;
const keyId = "https://b.test/users/bob#main-key";
const signKeys = new Map<KeyKind, SignKey>();
const verifyKeys = new Map<KeyKind, VerifyKey>();

beforeAll(async () => {
  for (const kind of ["rsa", "ed25519"] as const) {
    const { publicPem, privatePem } = await generateKeyPair(kind);
    signKeys.set(kind, await importPrivatePem(keyId, privatePem));
    verifyKeys.set(kind, await importPublicPem(publicPem));
  }
});

const post: RequestParts = {
  method: "POST",
  url: "https://a.test/users/alice/inbox?x=1",
  headers: new Headers({ "content-type": "application/activity+json" }),
  body: new TextEncoder().encode('{"type":"Like"}'),
};

async function signed(scheme: Scheme, kind: KeyKind, request = post, atMs = nowMs): Promise<RequestParts> {
  const key = signKeys.get(kind);
  if (!key) throw new Error("no key");
  const added = await signRequest({ ...request, key, scheme, nowMs: atMs });
  return changed(request, { headers: { host: "a.test", ...added } });
}

const changed = (
  request: RequestParts,
  { headers = {}, ...rest }: Omit<Partial<RequestParts>, "headers"> & { headers?: Record<string, string> },
): RequestParts => ({
  ...request,
  ...rest,
  headers: new Headers({ ...Object.fromEntries(request.headers), ...headers }),
});

async function judged(request: RequestParts, kind: KeyKind, atMs = nowMs): Promise<string> {
  const key = verifyKeys.get(kind);
  if (!key) throw new Error("no key");
  return (await verifyRequest(request, key, { nowMs: atMs }))?.fault ?? "good";
}

describe.each([
  ["cavage", "rsa"],
  ["cavage", "ed25519"],
  ["rfc9421", "rsa"],
  ["rfc9421", "ed25519"],
] as const)("by %s with %s", (scheme, kind) => {
  const other = kind === "rsa" ? "ed25519" : "rsa";

  test("a signed POST is good, and says who signs", async () => {
    const request = await signed(scheme, kind);
    expect(await judged(request, kind)).toBe("good");
    expect(readSignature(request, { nowMs })).toMatchObject({ scheme, keyId });
    const digest = scheme === "cavage" ? "digest" : "content-digest";
    expect(readSignature(request, { nowMs })).toMatchObject({
      covered: expect.arrayContaining([digest, "content-type"]),
    });
  });

  test("a signed GET without a body is good", async () => {
    expect(
      await judged(await signed(scheme, kind, { ...post, method: "GET", body: new Uint8Array() }), kind),
    ).toBe("good");
  });

  test("the host may be written in capitals or with its port", async () => {
    expect(
      await judged(
        { ...(await signed(scheme, kind)), url: "https://A.test:443/users/alice/inbox?x=1" },
        kind,
      ),
    ).toBe("good");
  });

  test.each<[string, string, (request: RequestParts) => RequestParts]>([
    ["digest", "the body", (r) => ({ ...r, body: new TextEncoder().encode('{"type":"Undo"}') })],
    ["forged", "the method", (r) => ({ ...r, method: "PUT" })],
    ["forged", "the path", (r) => ({ ...r, url: "https://a.test/users/carol/inbox?x=1" })],
    ["forged", "the query", (r) => ({ ...r, url: "https://a.test/users/alice/inbox?x=2" })],
    ["forged", "the server it was meant for", (r) => ({ ...r, url: r.url.replace("a.test", "c.test") })],
    ["forged", "a covered field", (r) => changed(r, { headers: { "content-type": "text/plain" } })],
    [
      "forged",
      "the keyId's letters",
      (r) => swapped(r, scheme === "cavage" ? "signature" : "signature-input", /#main-key/, "#other-key"),
    ],
  ])("%s: a change of %s is seen", async (fault, what, change) => {
    const verdict = await judged(change(await signed(scheme, kind)), kind);
    // Cavage does not sign its parameters: the key that keyId then names refuses.
    const unsigned = scheme === "cavage" && what === "the keyId's letters";
    expect(verdict).toBe(unsigned ? "good" : fault);
  });

  test("another key of the kind refuses it, and one of the other kind cannot have made it", async () => {
    const request = await signed(scheme, kind);
    const stranger = await importPublicPem((await generateKeyPair(kind)).publicPem);
    expect(await verifyRequest(request, stranger, { nowMs })).toMatchObject({ fault: "forged" });
    const named = scheme === "cavage" && kind === "ed25519" ? "forged" : "key"; // hs2019 fits every kind.
    expect(await judged(request, other)).toBe(named);
  });

  test("it is good for two hours, and an hour before", async () => {
    const request = await signed(scheme, kind);
    expect(await judged(request, kind, nowMs + 2 * HOUR_MS)).toBe("good");
    expect(await judged(request, kind, nowMs + 2 * HOUR_MS + 1)).toBe("untimely");
    expect(await judged(request, kind, nowMs - HOUR_MS)).toBe("good");
    expect(await judged(request, kind, nowMs - HOUR_MS - 1)).toBe("untimely");
  });

  test("a body without a covered digest is refused", async () => {
    const empty = await signed(scheme, kind, { ...post, body: new Uint8Array() });
    expect(await judged({ ...empty, body: post.body }, kind)).toBe("uncovered");
    const withDigest = await signed(scheme, kind);
    expect(await judged({ ...withDigest, body: new Uint8Array() }, kind)).toBe("digest");
  });

  test("signatures of odd lengths are refused, not an accident", async () => {
    for (const bytes of [
      "",
      "AA==",
      Buffer.alloc(64).toString("base64"),
      Buffer.alloc(700).toString("base64"),
    ]) {
      const value = scheme === "cavage" ? `signature="${bytes}"` : `:${bytes}:`;
      const pattern = scheme === "cavage" ? /signature="[^"]*"/ : /:[^:]*:/;
      expect(await judged(swapped(await signed(scheme, kind), "signature", pattern, value), kind)).toBeOneOf([
        "forged",
        "malformed",
      ]);
    }
  });
});

test("a query that the sender left out of (request-target) is forgiven", async () => {
  const request = await signed("cavage", "rsa", { ...post, url: "https://a.test/users/alice/inbox" });
  expect(await judged({ ...request, url: post.url }, "rsa")).toBe("good");
});

test("a cavage signature may cover Content-Digest in place of Digest", async () => {
  const headers = new Headers({
    host: "a.test",
    date: toHttpDate(nowMs),
    "content-digest": writeContentDigest(post.body),
  });
  const covered = ["(request-target)", "host", "date", "content-digest"];
  const key = signKeys.get("rsa");
  if (!key) throw new Error("no key");
  const base = cavageBase({ ...post, headers }, covered) ?? "";
  const signature = await signBytes(key, new TextEncoder().encode(base));
  headers.set("signature", writeCavage({ keyId, algorithm: "rsa-sha256", covered, signature }));
  expect(await judged({ ...post, headers }, "rsa")).toBe("good");
  expect(await judged({ ...post, headers, body: new Uint8Array([1]) }, "rsa")).toBe("digest");
});

test("Collection-Synchronization is covered where it is sent", async () => {
  const both = { ...post, headers: new Headers({ "collection-synchronization": "x" }) };
  for (const scheme of ["cavage", "rfc9421"] as const) {
    expect(readSignature(await signed(scheme, "rsa", both), { nowMs })).toMatchObject({
      covered: expect.arrayContaining(["collection-synchronization"]),
    });
  }
});

test("an algorithm that is not the key's is refused, whatever it may be", async () => {
  for (const name of ["none", "hmac-sha256", "rsa-sha512", "rsa-pss-sha512"]) {
    const cavage = swapped(await signed("cavage", "rsa"), "signature", /rsa-sha256/, name);
    expect(await judged(cavage, "rsa")).toBe("key");
    const rfc9421 = swapped(await signed("rfc9421", "rsa"), "signature-input", /rsa-v1_5-sha256/, name);
    expect(await judged(rfc9421, "rsa")).toBe("key");
  }
});

test("a signature that says when it expires is not good after that", async () => {
  const request = await signed("cavage", "ed25519");
  const expires = (seconds: number) => swapped(request, "signature", /^/, `expires=${seconds},`);
  expect(await judged(expires(nowMs / 1000), "ed25519")).toBe("good");
  expect(await judged(expires(nowMs / 1000 - 3600), "ed25519")).toBe("good");
  expect(await judged(expires(nowMs / 1000 - 3601), "ed25519")).toBe("untimely");
});

test("a request without a signature is unsigned", async () => {
  expect(await judged(post, "rsa")).toBe("unsigned");
  expect(await judged(changed(post, { headers: { authorization: "Signature x" } }), "rsa")).toBe("unsigned");
});

function swapped(request: RequestParts, header: string, pattern: RegExp, replacement: string): RequestParts {
  const value = (request.headers.get(header) ?? "").replace(pattern, replacement);
  return changed(request, { headers: { [header]: value } });
}
