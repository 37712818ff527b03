/** Digest and Content-Digest over the raw bytes: made, and checked without mercy. */
import { expect, test } from "bun:test";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { isContentDigestOf, isDigestOf, writeContentDigest, writeDigest } from "./digest.ts";

const body = new TextEncoder().encode('{"hello": "world"}');
const SHA256 = "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=";
const SHA512 = "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==";

test("a digest is written as peers read it", () => {
  expect(writeDigest(body)).toBe(`SHA-256=${SHA256}`);
  expect(writeContentDigest(body)).toBe(`sha-256=:${SHA256}:`);
});

test.each([
  [`SHA-256=${SHA256}`, true],
  [`sha-256=${SHA256}`, true],
  [`SHA-256=${SHA256.replace("=", "")}`, true],
  [`MD5=Sd/dVLAcvNLSq16eXua5uQ==, SHA-256=${SHA256}`, true],
  [`SHA-512=${SHA512}`, true],
  [`SHA-256=${SHA512}`, false],
  [`SHA-256=${SHA256},SHA-512=${SHA256}`, false],
  [`SHA-256=${SHA256},SHA-256=${SHA512}`, false],
  ["MD5=Sd/dVLAcvNLSq16eXua5uQ==", false],
  [`sha-256=:${SHA256}:`, false],
  ["SHA-256=", false],
  ["", false],
])("Digest: %s proves the body: %p", (value, proven) => {
  expect(isDigestOf(value, body)).toBe(proven);
  expect(isDigestOf(value, body.slice(1))).toBe(false);
});

test.each([
  [`sha-256=:${SHA256}:`, true],
  [`sha-512=:${SHA512}:`, true],
  [`md5=:AAAA:, sha-256=:${SHA256}:;x=1`, true],
  [`sha-256=:${SHA256}:, sha-512=:${SHA256}:`, false],
  [`sha-256=:${SHA512}:`, false],
  [`sha-256="${SHA256}"`, false],
  ["sha-256=::", false],
  ["sha-256", false],
  ["md5=:AAAA:", false],
  [`SHA-256=${SHA256}`, false],
  ["", false],
])("Content-Digest: %s proves the body: %p", (value, proven) => {
  expect(isContentDigestOf(value, body)).toBe(proven);
  expect(isContentDigestOf(value, body.slice(1))).toBe(false);
});

interface Vector {
  message: { headers: [string, string][]; body: string };
}

test.each(
  ["rfc9421-appendix-b", "rfc9421-body-examples"].filter((name) =>
    hasVectors(`http-signatures/${name}.json`),
  ),
)("the Content-Digest of every message in %s is true", (name) => {
  for (const { message } of readVectors<Vector[]>(`http-signatures/${name}.json`)) {
    const value = new Headers(message.headers).get("content-digest");
    if (value) expect(isContentDigestOf(value, Buffer.from(message.body))).toBe(true);
  }
});
