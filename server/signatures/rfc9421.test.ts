/** The published examples of RFC 9421, and what of its headers is refused. */
import { describe, expect, test } from "bun:test";
import * as noble from "@noble/ed25519";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { importPrivatePem, importPublicPem, signBytes, verifyBytes } from "./keys.ts";
import { isFault, type RequestParts } from "./request.ts";
import { readRfc9421, rfc9421Base } from "./rfc9421.ts";
import { type InnerList, isInnerList, parseDictionary } from "./structured.ts";

interface Vector {
  name: string;
  algorithm: string;
  deterministic: boolean;
  key: string;
  label: string;
  message: {
    kind: "request" | "response";
    method: string;
    target: string;
    headers: [string, string][];
    body: string;
  };
  signatureInput: string;
  signature: string;
  signatureBase: string;
  valid: boolean;
  allSignatureInput?: string;
  allSignature?: string;
}
type Keys = Record<string, { publicKeyPem: string; privateKeyPem: string; jwk: { x: string } }>;

const FILES = ["rfc9421-appendix-b", "rfc9421-body-examples"].map((name) => `http-signatures/${name}.json`);
const vectors = FILES.flatMap((file) => (hasVectors(file) ? readVectors<Vector[]>(file) : []));
const keys = vectors.length > 0 ? readVectors<Keys>("http-signatures/rfc9421-keys.json") : {};

describe.skipIf(vectors.length === 0)("published examples", () => {
  const requests = vectors.filter(({ message }) => message.kind === "request");
  test.each(requests)("$name has our signature base", (vector) => {
    const base = rfc9421Base(partsOf(vector), inputOf(vector));
    expect(isFault(base) ? base.reason : base.text).toBe(vector.signatureBase);
  });

  test.each(requests.filter(isOfOurKinds))("$name is $valid, and signed by us the same", async (vector) => {
    const { publicKeyPem = "", privateKeyPem = "", jwk } = keys[vector.key] ?? {};
    const base = new TextEncoder().encode(vector.signatureBase);
    const given = signatureOf(vector);
    expect(await verifyBytes(await importPublicPem(publicKeyPem), given, base)).toBe(vector.valid);
    const signed = await signBytes(await importPrivatePem(vector.key, privateKeyPem), base);
    if (vector.valid) expect(signed).toEqual(given);
    if (vector.algorithm !== "ed25519") return;
    const raw = Buffer.from(jwk?.x ?? "", "base64url");
    expect(await noble.verifyAsync(given, base, raw)).toBe(vector.valid);
  });

  test.each(vectors.filter(({ message }) => message.kind === "response"))(
    "$name, a response, cannot be mistaken for a request",
    (vector) => {
      expect(
        rfc9421Base({ ...parts, headers: new Headers(vector.message.headers) }, inputOf(vector)),
      ).toMatchObject({
        fault: "malformed",
      });
    },
  );

  test.each(vectors.filter(({ allSignature }) => allSignature))(
    "$name beside another is refused",
    (vector) => {
      const headers = new Headers(vector.message.headers);
      headers.set("signature-input", vector.allSignatureInput ?? "");
      headers.set("signature", vector.allSignature ?? "");
      expect(readRfc9421({ ...partsOf(vector), headers })).toEqual({
        fault: "malformed",
        reason: "Send exactly one signature.",
      });
    },
  );
});

const isOfOurKinds = ({ algorithm }: Vector): boolean => ["ed25519", "rsa-v1_5-sha256"].includes(algorithm);

function partsOf({ message }: Vector): RequestParts {
  const headers = new Headers(message.headers);
  const url = `https://${headers.get("host")}${message.target}`;
  return { method: message.method, url, headers, body: Buffer.from(message.body) };
}

function inputOf({ signatureInput, label }: Vector): InnerList {
  const input = parseDictionary(signatureInput)?.get(label);
  if (!isInnerList(input)) throw new Error("the vector is broken");
  return input;
}

function signatureOf({ signature, label }: Vector): Uint8Array<ArrayBuffer> {
  const member = parseDictionary(signature)?.get(label);
  if (!member || isInnerList(member) || member.bare.type !== "binary")
    throw new Error("the vector is broken");
  return member.bare.value;
}

const parts: RequestParts = {
  method: "GET",
  url: "https://A.test:443/users/alice?page=1&q=a%20b%21",
  headers: new Headers({ host: "a.test", accept: "application/json", "x-e": "" }),
  body: new Uint8Array(),
};
const withInput = (input: string, signature = "s=:AAAA:"): RequestParts => ({
  ...parts,
  headers: new Headers([...parts.headers, ["signature-input", input], ["signature", signature]]),
});
const PARAMETERS = ';created=1700000000;keyid="https://b.test/k"';

test("every derived component of a request has its value", () => {
  const input = `s=("@method" "@target-uri" "@authority" "@scheme" "@request-target" "@path" "@query" "@query-param";name="q" "x-e")${PARAMETERS}`;
  const read = readRfc9421(withInput(input));
  expect(isFault(read) ? read.reason : read.bases).toEqual([
    [
      '"@method": GET',
      '"@target-uri": https://a.test/users/alice?page=1&q=a%20b%21',
      '"@authority": a.test',
      '"@scheme": https',
      '"@request-target": /users/alice?page=1&q=a%20b%21',
      '"@path": /users/alice',
      '"@query": ?page=1&q=a%20b%21',
      '"@query-param";name="q": a%20b%21',
      '"x-e": ',
      `"@signature-params": ${input.slice(2)}`,
    ].join("\n"),
  ]);
  expect(read).toMatchObject({ keyId: "https://b.test/k", signedAtMs: [1_700_000_000_000], expiresMs: null });
});

test.each([
  '"@method" "@target-uri"',
  '"@method" "@authority" "@request-target"',
  '"@method" "@authority" "@path" "@query"',
])("%s say whom a request is for and what it asks", (covered) => {
  expect(isFault(readRfc9421(withInput(`s=(${covered})${PARAMETERS}`)))).toBe(false);
});

test("an address without a query is covered by its path", () => {
  const given = withInput(`s=("@method" "@authority" "@path")${PARAMETERS}`);
  expect(isFault(readRfc9421({ ...given, url: "https://a.test/users/alice" }))).toBe(false);
});

describe("a signature is refused", () => {
  const GOOD = '"@method" "@target-uri"';
  test.each([
    ["uncovered", "when it covers nothing", `s=()${PARAMETERS}`],
    ["uncovered", "without @method", `s=("@target-uri")${PARAMETERS}`],
    ["uncovered", "without the address", `s=("@method" "@authority")${PARAMETERS}`],
    ["uncovered", "without the query that there is", `s=("@method" "@authority" "@path")${PARAMETERS}`],
    ["malformed", "without created", `s=(${GOOD});keyid="https://b.test/k"`],
    ["malformed", "with created as text", `s=(${GOOD});created="1";keyid="https://b.test/k"`],
    ["malformed", "without keyid", `s=(${GOOD});created=1`],
    ["malformed", "with a parameter that nobody has registered", `s=(${GOOD})${PARAMETERS};crit="x"`],
    [
      "malformed",
      "with a component of the request that a response answers",
      `s=(${GOOD} "accept";req)${PARAMETERS}`,
    ],
    ["malformed", "with a reshaped field", `s=(${GOOD} "accept";bs)${PARAMETERS}`],
    ["malformed", "with the status of a response", `s=(${GOOD} "@status")${PARAMETERS}`],
    ["malformed", "with its own parameters as component", `s=(${GOOD} "@signature-params")${PARAMETERS}`],
    ["malformed", "with a component twice", `s=(${GOOD} "@method")${PARAMETERS}`],
    ["malformed", "with a field that is missing", `s=(${GOOD} "date")${PARAMETERS}`],
    ["malformed", "with a field in capitals", `s=(${GOOD} "Accept")${PARAMETERS}`],
    ["malformed", "with a component as token", `s=(${GOOD} accept)${PARAMETERS}`],
    [
      "malformed",
      "with a query parameter that is missing",
      `s=(${GOOD} "@query-param";name="z")${PARAMETERS}`,
    ],
    ["malformed", "beside a second", `s=(${GOOD})${PARAMETERS}, t=(${GOOD})${PARAMETERS}`],
    ["malformed", "when it is no list", `s="@method"${PARAMETERS}`],
    ["malformed", "when it is no structured field", `s=(${GOOD}`],
    ["malformed", "when it is too long", `s=(${GOOD})${PARAMETERS};nonce="${"n".repeat(9000)}"`],
  ])("%s: %s", (fault, _, input) => {
    expect(readRfc9421(withInput(input))).toMatchObject({ fault });
  });

  test("malformed: with more components than anyone needs", () => {
    const judged = [32, 33].map((covered) => {
      const fields = Array.from({ length: covered - 2 }, (_, n) => `x-${n}`);
      const input = `s=(${[GOOD, ...fields.map((name) => `"${name}"`)].join(" ")})${PARAMETERS}`;
      const given = withInput(input);
      for (const name of fields) given.headers.set(name, "1");
      const read = readRfc9421(given);
      return isFault(read) ? read.fault : "read";
    });
    expect(judged).toEqual(["read", "malformed"]);
  });

  test.each(["t=:AAAA:", 's="AAAA"', "s=(1)", ":", ""])("malformed: with %p as Signature", (signature) => {
    expect(readRfc9421(withInput(`s=(${GOOD})${PARAMETERS}`, signature))).toMatchObject({
      fault: "malformed",
    });
  });
});
