/** Secrets and hashes against published values; whom a limit counts. */
import { expect, test } from "bun:test";
import { addressPrefix } from "./address-prefix.ts";
import { hmac, newCode, newToken, sameSecret, sha256 } from "./secret.ts";

test("tokens carry 256 bits and never repeat", () => {
  const tokens = new Set(Array.from({ length: 1000 }, newToken));
  expect(tokens.size).toBe(1000);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
});

test("codes use only letters and digits that cannot be confused", () => {
  const all = Array.from({ length: 500 }, () => newCode()).join("");
  expect(all).toHaveLength(6000);
  expect(all).not.toMatch(/[^a-z2-9]|[il]/);
  expect(new Set(all).size).toBe(31);
});

test("hashes agree with the published values", () => {
  // FIPS 180-4 "abc"; RFC 4231 §4.3
  expect(Buffer.from(sha256("abc"), "base64url").toString("hex")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(Buffer.from(hmac("Jefe", "what do ya want for nothing?"), "base64url").toString("hex")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("secrets are the same only when every character is", () => {
  expect(sameSecret("abc", "abc")).toBe(true);
  expect(sameSecret("abc", "abd")).toBe(false);
  expect(sameSecret("abc", "abcd")).toBe(false);
  expect(sameSecret("", "")).toBe(true);
});

test("limits count one IPv4 address, and one IPv6 network", () => {
  expect(addressPrefix("203.0.113.7")).toBe("203.0.113.7");
  expect(addressPrefix("::ffff:203.0.113.7")).toBe("203.0.113.7");
  expect(addressPrefix("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(addressPrefix("2001:DB8:1:2::9")).toBe("2001:db8:1:2::/64");
  expect(addressPrefix("2001:db8:1:3::9")).not.toBe(addressPrefix("2001:db8:1:2::9"));
  expect(addressPrefix("@socket")).toBe("@socket");
});
