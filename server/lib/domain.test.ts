/** One spelling for every domain. */
import { describe, expect, test } from "bun:test";
import { domainsAbove, isObfuscated, normaliseDomain } from "./domain.ts";

describe("a domain is the same however it is written (CVE-2023-42451)", () => {
  const same: readonly [string, string][] = [
    ["b.test", "b.test"],
    ["B.TEST", "b.test"],
    [" b.test ", "b.test"],
    ["b.test.", "b.test"],
    ["b.test:443", "b.test"],
    ["b.test.:8443", "b.test"],
    ["@b.test", "b.test"],
    ["*.b.test", "b.test"],
    ["https://b.test", "b.test"],
    ["HTTPS://B.test:8443/about?x#y", "b.test"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example", "xn--bcher-kva.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["ｂ.ｔｅｓｔ", "b.test"],
    ["b。test", "b.test"],
    ["www.b.test", "www.b.test"],
    ["192.0.2.1:8080", "192.0.2.1"],
    ["0xC0.0.2.1", "192.0.2.1"],
    ["[2001:DB8::1]:443", "[2001:db8::1]"],
  ];
  for (const [written, meant] of same) {
    test(`${written} is ${meant}`, () => expect(normaliseDomain(written)).toBe(meant));
  }
});

test("what is no domain is none", () => {
  const wrong = [
    "",
    ".",
    "..",
    "b..test",
    "test",
    "b test",
    "b\u0000.test",
    "a@b@c.test",
    "-",
    "*",
    "*.*.test",
  ];
  for (const written of [...wrong, "exa***.com", `${"a".repeat(300)}.test`, null, 5, "b.test\n#c.test"])
    expect([written, normaliseDomain(written)]).toEqual([written, null]);
});

test("rules are looked for from the name itself upwards, whatever its port", () => {
  expect(domainsAbove("a.b.test")).toEqual(["a.b.test", "b.test", "test"]);
  expect(domainsAbove("a.b.test:8443")).toEqual(["a.b.test", "b.test", "test"]);
  expect(domainsAbove("192.0.2.1")).toEqual(["192.0.2.1"]);
  expect(domainsAbove("[2001:db8::1]:8443")).toEqual(["[2001:db8::1]"]);
});

test("a name that a list hides in part is told from a wildcard", () => {
  expect(isObfuscated("exa***.com")).toBe(true);
  expect(isObfuscated("*.b.test")).toBe(false);
});
