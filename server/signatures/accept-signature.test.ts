/** What receivers ask of signatures is read, and done where it can be. */
import { expect, test } from "bun:test";
import { pooledKeyPair } from "../testing/key-pairs.ts";
import { verifyRequest } from "../testing/verify-request.ts";
import { ACCEPT_SIGNATURE, readAcceptSignature } from "./accept-signature.ts";
import { importPrivatePem, importPublicPem } from "./keys.ts";
import { signRequest } from "./sign.ts";

const NOW = Date.UTC(2026, 10, 22);

test("the example of the standard is read (RFC 9421 §5.1)", () => {
  const value =
    'sig1=("@method" "@target-uri" "@authority" "content-digest" "cache-control");keyid="test-key-rsa-pss";created;tag="app-123"';
  expect(readAcceptSignature(value)).toEqual({
    label: "sig1",
    covered: ["@method", "@target-uri", "@authority", "content-digest", "cache-control"],
    nonce: null,
    tag: "app-123",
    expires: false,
    kind: null,
  });
});

test.each([
  ["nothing", ""],
  ["no structured field", "sig1=(("],
  ["an item in place of a list", "sig1=1"],
  ["a component of an answer", 'sig1=("@status")'],
  ["a component of the request that an answer belongs to", 'sig1=("@method";req)'],
  ["a component in another form", 'sig1=("content-digest";bs)'],
  ["a parameter that nobody knows", 'sig1=("@method");created;color="red"'],
  ["an algorithm that is not used here", 'sig1=("@method");alg="hmac-sha256"'],
  ["one thing twice", 'sig1=("@method" "@method")'],
  ["more than anybody wants", `sig1=(${Array.from({ length: 40 }, (_, i) => `"x-${i}"`).join(" ")})`],
  ["a megabyte", `sig1=("${"x".repeat(1_000_000)}")`],
])("%s is no wish that can be granted", (_, value) => {
  expect(readAcceptSignature(value)).toBeNull();
});

test("of several wishes the first that can be granted counts, and what we say of ourselves is one", () => {
  expect(readAcceptSignature('one=("@status"), two=("@authority");alg="ed25519"')).toMatchObject({
    label: "two",
    kind: "ed25519",
  });
  expect(readAcceptSignature(ACCEPT_SIGNATURE)).toMatchObject({ label: "sig1", kind: null });
});

test("a wish is granted: label, components, nonce, tag and end; and the signature is good", async () => {
  const pair = await pooledKeyPair("ed25519");
  const key = await importPrivatePem("https://a.test/users/x#key", pair.privatePem);
  const wanted = readAcceptSignature(
    'wish=("@authority" "content-type");created;expires;nonce="n1";tag="fediverse";alg="ed25519"',
  );
  const request = {
    method: "POST",
    url: "https://b.test/inbox",
    headers: new Headers({ "content-type": "application/activity+json" }),
    body: new TextEncoder().encode("{}"),
  };
  const added = await signRequest({ ...request, key, scheme: "rfc9421", nowMs: NOW, wanted });
  const input = added["signature-input"] ?? "";
  expect(input).toStartWith(
    'wish=("@method" "@target-uri" "content-digest" "content-type" "@authority");created=',
  );
  for (const said of [';nonce="n1"', ';tag="fediverse"', `;expires=${NOW / 1000 + 3600}`, ';alg="ed25519"'])
    expect(input).toContain(said);
  const headers = new Headers({ ...Object.fromEntries(request.headers), ...added });
  const verifyKey = await importPublicPem(pair.publicPem);
  expect(await verifyRequest({ ...request, headers }, verifyKey, { nowMs: NOW })).toBeNull();
});

test("a wish for a field that the request has not is passed over", async () => {
  const pair = await pooledKeyPair("rsa");
  const key = await importPrivatePem("https://a.test/users/x#key", pair.privatePem);
  const request = { method: "GET", url: "https://b.test/x", headers: new Headers(), body: new Uint8Array() };
  const added = await signRequest({
    ...request,
    key,
    scheme: "rfc9421",
    nowMs: NOW,
    wanted: readAcceptSignature('wish=("cache-control");created'),
  });
  expect(added["signature-input"]).toStartWith('sig1=("@method" "@target-uri");created=');
});
