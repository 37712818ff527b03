/** Structured fields against the working group's cases, read and written. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { hasVectors, readVectors, vectorsPath } from "../testing/vectors.ts";
import type { BareItem, Dictionary, Item, Member, Parameters } from "./structured.ts";
import { isInnerList, parseDictionary, parseItem, parseList } from "./structured.ts";
import { writeDictionary, writeList, writeMember } from "./structured-write.ts";

type Bare = number | string | boolean | { __type: string; value: string | number };
type Params = [string, Bare][];
type Plain = [Bare | Plain[], Params];

interface Case {
  name: string;
  raw?: string[];
  header_type: "item" | "list" | "dictionary";
  expected?: unknown;
  must_fail?: boolean;
  can_fail?: boolean;
  canonical?: string[];
}

const missing = !hasVectors("structured-fields");
const filesIn = (folder: string): string[] =>
  missing ? [] : readdirSync(vectorsPath(folder)).filter((name) => name.endsWith(".json"));

describe.skipIf(missing)("published cases", () => {
  test.each(filesIn("structured-fields"))("%s is read, and written canonically", (file) => {
    for (const { name, raw, header_type, ...wanted } of readVectors<Case[]>(`structured-fields/${file}`)) {
      const text = (raw ?? []).join(", ");
      const parsed = parse(header_type, text);
      if (wanted.must_fail) {
        expect([name, parsed]).toEqual([name, null]);
      } else if (parsed !== null || !wanted.can_fail) {
        expect([name, plainField(parsed)]).toEqual([name, wanted.expected]);
        const canonical = (wanted.canonical ?? raw ?? []).join(", ");
        expect([name, write(parsed)]).toEqual([name, canonical]);
      }
    }
  });

  test.each(filesIn("structured-fields/serialisation-tests"))("%s is written, or refused", (file) => {
    for (const one of readVectors<Case[]>(`structured-fields/serialisation-tests/${file}`)) {
      const written = attempt(() => write(richField(one.header_type, one.expected)));
      expect([one.name, written]).toEqual([
        one.name,
        one.must_fail ? "refused" : (one.canonical ?? []).join(", "),
      ]);
    }
  });
});

describe("by the grammar of RFC 9651", () => {
  test.each<[text: string, canonical: string]>([
    ["", ""],
    ["a=1", "a=1"],
    [" a=1 ", "a=1"],
    ["a=1 \t,\t b=2", "a=1, b=2"],
    ["a=1,a=2", "a=2"],
    ["a", "a"],
    ["a=?1, b=?0", "a, b=?0"],
    ["a;x;y=2", "a;x;y=2"],
    ["a=-0", "a=0"],
    ["a=-999999999999999", "a=-999999999999999"],
    ["a=999999999999.999", "a=999999999999.999"],
    ["a=1.5", "a=1.5"],
    ["a=1.50", "a=1.5"],
    ['a="\\"x\\\\"', 'a="\\"x\\\\"'],
    ["a=*t/k:1", "a=*t/k:1"],
    ["a=:aGk=:", "a=:aGk=:"],
    ["a=:aGk:", "a=:aGk=:"],
    ["a=::", "a=::"],
    ["a=@1659578233", "a=@1659578233"],
    ['a=%"f%c3%bc"', 'a=%"f%c3%bc"'],
    ["a=()", "a=()"],
    ['a=("x"  "y";p  1 );q=t', 'a=("x" "y";p 1);q=t'],
    ["*a_-.*9=1", "*a_-.*9=1"],
  ])("%j is %j", (text, canonical) => {
    expect(write(parseDictionary(text))).toBe(canonical);
  });

  test.each([
    "a=1,",
    ",a=1",
    "a=1 b=2",
    "A=1",
    "9a=1",
    "a=",
    "a;",
    "a; =1",
    "a=1;B",
    "a=-",
    "a=--1",
    "a=1000000000000000",
    "a=1000000000000.1",
    "a=1.",
    "a=1.2345",
    'a="x',
    'a="\\n"',
    'a="é"',
    "a='x'",
    "a=?2",
    "a=?",
    "a=:aGk",
    "a=:a:",
    "a=:aGk==:",
    "a=:a-k=:",
    "a=@1.5",
    "a=@x",
    'a=%"%C3%BC"',
    'a=%"%ff"',
    'a=%"x',
    "a=%x",
    "a=(",
    'a=("x""y")',
    "a=(1,2)",
    "a=(1)2",
    "a=((1))",
    "\ta=1",
    "a=1\n",
  ])("%j is no dictionary", (text) => {
    expect(parseDictionary(text)).toBeNull();
  });

  test("a list and an item stand alone", () => {
    expect(write(parseList("1,(a b);p , t"))).toBe("1, (a b);p, t");
    expect([parseList("1,"), parseList("1 2"), parseItem("1, 2"), parseItem("(1)"), parseItem("")]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(parseList("")).toEqual([]);
    expect(write(parseItem("  t;p  "))).toBe("t;p");
  });

  test("an inner list is told from an item, and from nothing", () => {
    const members = parseDictionary("a=(1), b=1");
    expect([members?.get("a"), members?.get("b"), members?.get("c")].map(isInnerList)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test("a long field is read in time proportional to its length", () => {
  // A backtracking or copying parser would need minutes for these.
  const long = 1_000_000;
  expect(parseDictionary(`a="${'\\"'.repeat(long)}`)).toBeNull();
  expect(parseDictionary(`a=${"1".repeat(long)}`)).toBeNull();
  expect(parseDictionary(`a=(${" ".repeat(long)}`)).toBeNull();
  expect(parseDictionary(`a${";b".repeat(long)}!`)).toBeNull();
});

function parse(kind: Case["header_type"], text: string): Item | readonly Member[] | Dictionary | null {
  if (kind === "item") return parseItem(text);
  return kind === "list" ? parseList(text) : parseDictionary(text);
}

function write(field: Item | readonly Member[] | Dictionary | null): string {
  if (field === null) return "nothing";
  if (field instanceof Map) return writeDictionary(field);
  if (Array.isArray(field)) return writeList(field);
  return writeMember(field as Item);
}

function attempt(produce: () => string): string {
  try {
    return produce();
  } catch {
    return "refused";
  }
}

function plainField(field: Item | readonly Member[] | Dictionary | null): unknown {
  if (field === null) return null;
  if (field instanceof Map) return [...field].map(([name, member]) => [name, plainMember(member)]);
  return Array.isArray(field) ? field.map(plainMember) : plainMember(field as Item);
}

const plainMember = (member: Member): unknown =>
  isInnerList(member)
    ? [member.items.map(plainMember), plainParameters(member.parameters)]
    : [plainBare(member.bare), plainParameters(member.parameters)];

const plainParameters = (parameters: Parameters): unknown =>
  [...parameters].map(([name, bare]) => [name, plainBare(bare)]);

function plainBare(bare: BareItem): Bare {
  if (bare.type === "binary") return { __type: "binary", value: toBase32(bare.value) };
  if (bare.type === "token" || bare.type === "date") return { __type: bare.type, value: bare.value };
  return bare.type === "display" ? { __type: "displaystring", value: bare.value } : bare.value;
}

function richField(kind: Case["header_type"], field: unknown): Item | Member[] | Dictionary {
  if (kind === "item") return richMember(field as Plain) as Item;
  if (kind === "list") return (field as Plain[]).map(richMember);
  return new Map((field as [string, Plain][]).map(([name, member]) => [name, richMember(member)]));
}

function richMember([value, params]: Plain): Member {
  const parameters = new Map(params.map(([name, bare]) => [name, richBare(bare)]));
  if (Array.isArray(value)) return { items: value.map(richMember) as Item[], parameters };
  return { bare: richBare(value), parameters };
}

function richBare(bare: Bare): BareItem {
  if (typeof bare === "boolean") return { type: "boolean", value: bare };
  if (typeof bare === "string") return { type: "string", value: bare };
  if (typeof bare === "object") return { type: "token", value: String(bare.value) };
  return { type: Number.isInteger(bare) ? "integer" : "decimal", value: bare };
}

function toBase32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  const letters = (bits.match(/.{1,5}/g) ?? []).map(
    (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five.padEnd(5, "0"), 2)],
  );
  return letters.join("").padEnd(Math.ceil(letters.length / 8) * 8, "=");
}
