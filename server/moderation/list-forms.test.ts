/** Lists of rules in the forms of other programs. */
import { describe, expect, test } from "bun:test";
import { parseCsv } from "../lib/csv.ts";
import { isProblem } from "../lib/problem.ts";
import { MAX_LIST_BYTES, readList, writeList } from "./list-forms.ts";
import type { RuleDraft } from "./rules.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, plain: "allow" | "block" = "block") => readList(bytes(text), plain);
const brief = (text: string, plain: "allow" | "block" = "block") =>
  read(text, plain).rules.map(({ domain, level }) => `${domain} ${level}`);

function problem(text: string | Uint8Array): string {
  try {
    readList(typeof text === "string" ? bytes(text) : text, "block");
  } catch (error) {
    if (isProblem(error)) return error.message;
    throw error;
  }
  return "no problem";
}

const MASTODON = `#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
evil.test,suspend,False,False,"Spam, ""all"" day
and night",False
LOUD.test.,silence,true,true,,true
films.test,noop,True,false,heavy,false
`;

describe("a list is read", () => {
  test("in Mastodon's form, with quotes, commas and line breaks in the words", () => {
    const rule = { noMedia: false, noReports: false, publicComment: "", privateComment: "" };
    expect(read(MASTODON).rules).toEqual([
      { ...rule, domain: "evil.test", level: "block", publicComment: 'Spam, "all" day\nand night' },
      { ...rule, domain: "loud.test", level: "limit", noMedia: true, noReports: true },
      { ...rule, domain: "films.test", level: "none", noMedia: true, publicComment: "heavy" },
    ]);
  });
  test("with a byte order mark, with Windows' line ends, and in another order of columns", () => {
    const text = "\ufeff#severity,#domain\r\nsilence,evil.test\r\n\r\n";
    expect(brief(text)).toEqual(["evil.test limit"]);
  });
  test("of names alone, as blocked or as allowed", () => {
    expect(brief("#domain\na.test\nb.test\n", "allow")).toEqual(["a.test allow", "b.test allow"]);
    expect(brief("a.test\n# why\n*.b.test\n")).toEqual(["a.test block", "b.test block"]);
    expect(brief("a.test")).toEqual(["a.test block"]);
  });
  test("in GoToSocial's form", () => {
    const items = [
      { domain: "evil.test", suspended_at: "2020-05-13T13:29:12.000Z", comment: "rude" },
      { domain: "b.test", public_comment: "spam", obfuscate: false },
    ];
    expect(
      read(JSON.stringify(items)).rules.map(({ domain, publicComment }) => [domain, publicComment]),
    ).toEqual([
      ["evil.test", "rude"],
      ["b.test", "spam"],
    ]);
    expect(brief(`\n ${JSON.stringify(items)}`, "allow")).toEqual(["evil.test allow", "b.test allow"]);
  });
  test("with names that it hides in part left out, and counted", () => {
    const { rules, obfuscated } = read("#domain,#severity\nexa***.com,suspend\n*.b.test,suspend\n");
    expect([rules.map(({ domain }) => domain), obfuscated]).toEqual([["b.test"], 1]);
  });
  test("once for each domain, however it is written", () => {
    expect(brief("B.test,silence\nb.test.,suspend\nhttps://b.test/,noop\n")).toEqual(["b.test limit"]);
  });
});

describe("a list that cannot be read says in which line, and none of it counts", () => {
  const table: readonly [string, string | Uint8Array, string][] = [
    [
      "a word that is no domain",
      "#domain\ngood.test\nnot a domain\n",
      "Line 3: “not a domain” is not a domain.",
    ],
    [
      "a severity that every object has",
      "#domain,#severity\na.test,constructor\n",
      "Line 2: “constructor” is no severity.",
    ],
    ["an unknown severity", "#domain,#severity\na.test,maybe\n", "Line 2: “maybe” is no severity."],
    [
      "a word that is neither yes nor no",
      "#domain,#reject_media\na.test,perhaps\n",
      "Line 2: Write true or false",
    ],
    [
      "a quote that never ends",
      '#domain,#public_comment\na.test,"oh\nb.test,no\n',
      "Line 2: a quotation mark",
    ],
    [
      "a fault behind a text of several lines",
      '#domain,#public_comment\na.test,"1\n2"\n?,x\n',
      "Line 4: “?”",
    ],
    ["an entry without a domain", '[{"domain":"a.test"},{"x":1}]', "Entry 2:"],
    ["an entry that is no object", "[5, null]", "Entry 1:"],
    ["JSON that is no list", '{"domain":"a.test"}', "no JSON list"],
    ["broken JSON", "[{", "no JSON list"],
    ["nothing", "", "names no domain"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00]), "UTF-8"],
    ["a page", "<!doctype html><title>Not found</title>", "is not a domain"],
    ["too much", new Uint8Array(MAX_LIST_BYTES + 1), "at most 4 MB"],
    ["too many", Array.from({ length: 20_001 }, (_, i) => `a${i}.test`).join("\n"), "more than 20000"],
  ];
  for (const [name, text, sentence] of table) {
    test(name, () => expect(problem(text)).toContain(sentence));
  }
  test("with no more faults than anybody reads", () => {
    const message = problem(Array.from({ length: 500 }, () => "?").join("\n"));
    expect(message.match(/Line/g)).toHaveLength(10);
  });
});

test("what is written is read again as it was, but for what stays here", () => {
  const rules: RuleDraft[] = [
    {
      domain: "evil.test",
      level: "block",
      noMedia: false,
      noReports: true,
      publicComment: 'He said "no",\r\nthen =1+1',
      privateComment: "secret",
    },
    {
      domain: "loud.test",
      level: "limit",
      noMedia: true,
      noReports: false,
      publicComment: " ",
      privateComment: "",
    },
    {
      domain: "films.test",
      level: "none",
      noMedia: true,
      noReports: false,
      publicComment: "",
      privateComment: "",
    },
    {
      domain: "xn--bcher-kva.test",
      level: "allow",
      noMedia: false,
      noReports: false,
      publicComment: "",
      privateComment: "",
    },
  ];
  const known = (level: string) =>
    rules
      .filter((rule) => (rule.level === "allow") === (level === "allow"))
      .map((rule) => ({ ...rule, privateComment: "", publicComment: rule.publicComment.trim() }));
  expect(read(writeList(rules, "mastodon-blocks").text).rules).toEqual(known("block"));
  expect(read(writeList(rules, "mastodon-allows").text, "allow").rules).toEqual(known("allow"));
  expect(brief(writeList(rules, "gotosocial-blocks").text)).toEqual(["evil.test block"]);
  expect(brief(writeList(rules, "gotosocial-allows").text, "allow")).toEqual(["xn--bcher-kva.test allow"]);
  for (const form of ["mastodon-blocks", "gotosocial-blocks"] as const)
    expect(writeList(rules, form).text).not.toContain("secret");
});

test("hostile lists take time in proportion to their length", () => {
  const cases = [
    '"'.repeat(200_000),
    ",".repeat(200_000),
    '""'.repeat(100_000),
    `${'"a'.repeat(100_000)}"`,
    "\r".repeat(200_000),
  ];
  for (const text of cases) expect(problem(text)).toContain("Nothing was read in");
  expect(parseCsv('a,"b""c" junk,d')).toEqual([{ line: 1, cells: ["a", 'b"c', "d"] }]);
});
