/** The published examples of draft-cavage-12, and what of a Signature header is refused. */
import { describe, expect, test } from "bun:test";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { cavageBase, readCavage, writeCavage } from "./cavage.ts";
import { importPrivatePem, importPublicPem, signBytes, verifyBytes } from "./keys.ts";
import { isFault, type RequestParts } from "./request.ts";

interface Vectors {
  key: { publicKeyPem: string; privateKeyPem: string };
  request: { method: string; target: string; headers: [string, string][]; body: string };
  cases: {
    name: string;
    coveredHeaders: string | null;
    signingString: string;
    signature: string;
    signatureHeader: string;
  }[];
}

const FILE = "http-signatures/cavage-12-appendix-c.json";

test.skipIf(!hasVectors(FILE))("the published examples have our base and our signature", async () => {
  const { key, request, cases } = readVectors<Vectors>(FILE);
  const parts: RequestParts = {
    method: request.method,
    url: `https://example.com${request.target}`,
    headers: new Headers(request.headers),
    body: Buffer.from(request.body),
  };
  const signKey = await importPrivatePem("Test", key.privateKeyPem);
  for (const { coveredHeaders, signingString, signature, signatureHeader } of cases) {
    // Without `headers`, the examples (but not the draft's text) sign the date alone.
    const covered = (coveredHeaders ?? "date").split(" ");
    const base = cavageBase(parts, covered);
    expect(base).toBe(signingString);
    const bytes = await signBytes(signKey, new TextEncoder().encode(signingString));
    expect(Buffer.from(bytes).toString("base64")).toBe(signature);
    const verifyKey = await importPublicPem(key.publicKeyPem);
    expect(await verifyBytes(verifyKey, bytes, new TextEncoder().encode(base ?? ""))).toBe(true);
    if (coveredHeaders === null) continue; // Read as covering nothing, so refused: see below.
    expect(writeCavage({ keyId: "Test", algorithm: "rsa-sha256", covered, signature: bytes })).toBe(
      signatureHeader,
    );
    const read = readCavage(withSignature(parts, signatureHeader));
    expect(read).toMatchObject({ keyId: "Test", algorithm: "rsa-sha256", covered, signature: bytes });
    expect(isFault(read) ? [] : read.bases[0]).toBe(signingString);
  }
});

const parts: RequestParts = {
  method: "GET",
  url: "https://a.test/users/alice?page=1",
  headers: new Headers({ host: "a.test", date: "Sun, 05 Jan 2014 21:31:40 GMT" }),
  body: new Uint8Array(),
};
const withSignature = (request: RequestParts, signature: string): RequestParts => ({
  ...request,
  headers: new Headers([...request.headers, ["signature", signature]]),
});
const header = (given: Record<string, string>): string =>
  Object.entries({
    keyId: "https://b.test/k",
    headers: "(request-target) host date",
    signature: "AAAA",
    ...given,
  })
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");

test("the base is offered with the query and without it", () => {
  expect(readCavage(withSignature(parts, header({})))).toMatchObject({
    bases: [
      "(request-target): get /users/alice?page=1\nhost: a.test\ndate: Sun, 05 Jan 2014 21:31:40 GMT",
      "(request-target): get /users/alice\nhost: a.test\ndate: Sun, 05 Jan 2014 21:31:40 GMT",
    ],
  });
});

test("the host that counts is ours, whatever a proxy put into Host", () => {
  const behind = { ...parts, headers: new Headers({ host: "10.0.0.7:3000" }) };
  expect(cavageBase(behind, ["host"])).toBe("host: a.test");
  const loud = { ...parts, headers: new Headers({ host: "A.test:443" }) };
  expect(cavageBase(loud, ["host"])).toBe("host: A.test:443");
});

test("created and expires are signed and read as seconds", () => {
  const covered = "(request-target) host (created) (expires)";
  const text = header({
    headers: covered,
    algorithm: "hs2019",
    created: "1700000000",
    expires: "1700000300",
  });
  const read = readCavage(withSignature(parts, text.replace(/"(1700000\d+)"/g, "$1")));
  expect(read).toMatchObject({ signedAtMs: [1_700_000_000_000], expiresMs: 1_700_000_300_000 });
  expect(isFault(read) ? "" : read.bases[0]).toEndWith("(created): 1700000000\n(expires): 1700000300");
});

test("an uncovered created time is held against the sender too", () => {
  const read = readCavage(withSignature(parts, header({ created: "1700000000" })));
  expect(read).toMatchObject({ signedAtMs: [1_388_957_500_000, 1_700_000_000_000] });
});

describe("a Signature header is refused", () => {
  test.each([
    ["uncovered", "when it covers nothing", header({ headers: "" })],
    ["uncovered", "without (request-target)", header({ headers: "host date" })],
    ["uncovered", "without host", header({ headers: "(request-target) date" })],
    ["uncovered", "without a time", header({ headers: "(request-target) host" })],
    [
      "malformed",
      "when a covered field is missing",
      header({ headers: "(request-target) host date digest" }),
    ],
    ["malformed", "when it covers a field twice", header({ headers: "(request-target) host date date" })],
    [
      "malformed",
      "with (created) and an old algorithm",
      header({ algorithm: "rsa-sha256", created: "1", headers: "(request-target) host (created)" }),
    ],
    [
      "malformed",
      "when covered (created) is not given",
      header({ headers: "(request-target) host (created)" }),
    ],
    ["malformed", "with a time that is none", header({ created: "soon" })],
    ["malformed", "without keyId", header({ keyId: "" })],
    ["malformed", "without a signature", header({ signature: "" })],
    ["malformed", "with a parameter twice", `${header({})},keyid="https://c.test/k"`],
    ["malformed", "when it is no list of parameters", "Bearer abc"],
    ["malformed", "with an open quote", 'keyId="https://b.test/k'],
    ["malformed", "when it is too long", header({ signature: "A".repeat(9000) })],
  ])("%s: %s", (fault, _, text) => {
    expect(readCavage(withSignature(parts, text))).toMatchObject({ fault });
  });
});
