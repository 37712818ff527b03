/** Canonical JSON against the published pairs, and on what JSON itself cannot hold. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { hasVectors, readVectors, vectorsPath } from "../testing/vectors.ts";
import { canonicalJson } from "./jcs.ts";
import type { Json } from "./json.ts";

const missing = !hasVectors("jcs");

describe.skipIf(missing)("published vectors", () => {
  const names = missing ? [] : readdirSync(vectorsPath("jcs/input"));
  test.each(names)("%s comes out byte for byte", (name) => {
    const hex = readFileSync(vectorsPath(`jcs/outhex/${name.replace(".json", ".txt")}`), "utf8");
    const canonical = canonicalJson(readVectors<Json>(`jcs/input/${name}`));
    expect(Buffer.from(canonical).toString("hex")).toBe(hex.replace(/\s/g, ""));
    expect(canonical).toBe(readFileSync(vectorsPath(`jcs/output/${name}`), "utf8"));
  });

  const numbers = missing ? [] : readVectors<{ ieee754: string; json: string | null }[]>("jcs/numbers.json");
  test.each(numbers)("the double $ieee754 is written $json", ({ ieee754, json }) => {
    const number = Buffer.from(ieee754, "hex").readDoubleBE(0);
    if (json === null) expect(() => canonicalJson(number)).toThrow("finite");
    else expect(canonicalJson(number)).toBe(json);
  });
});

test("a lone surrogate is refused, as value and as name", () => {
  expect(() => canonicalJson({ a: "\ud800" })).toThrow("surrogate");
  expect(() => canonicalJson({ "\udc00": 1 })).toThrow("surrogate");
  expect(canonicalJson("\ud83d\ude00")).toBe('"\ud83d\ude00"');
});

test("undefined members are left out, and a member named __proto__ stays", () => {
  expect(canonicalJson({ b: undefined, a: 1 } as Json)).toBe('{"a":1}');
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":2}}'))).toBe('{"__proto__":{"x":2},"b":1}');
});
