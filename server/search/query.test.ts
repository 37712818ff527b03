/** What people type is understood as they mean it, and nothing that they type can do harm. */
import { expect, test } from "bun:test";
import { keyAt } from "../lib/id.ts";
import { isEmpty, parseQuery, type SearchQuery } from "./query.ts";

const NOTHING: SearchQuery = parseQuery("");

const word = (text: string, isBeginning = false) => ({ words: [text], isBeginning });
const day = (text: string) => keyAt(Date.parse(text));

test.each<[string, Partial<SearchQuery>]>([
  ["Green  Cells", { terms: [word("green"), word("cells")] }],
  [
    '"the cell wall" -"dead cell"',
    {
      terms: [{ words: ["the", "cell", "wall"], isBeginning: false }],
      withoutTerms: [{ words: ["dead", "cell"], isBeginning: false }],
    },
  ],
  ["„Die Zelle“", { terms: [{ words: ["die", "zelle"], isBeginning: false }] }],
  ["photo* a* -bio*", { terms: [word("photo", true), word("a")], withoutTerms: [word("bio", true)] }],
  ["#Maths -#Exam", { marks: ["#maths"], withoutMarks: ["#exam"] }],
  [
    "from:alice FROM:@bob@b.test -from:me to:eve",
    { from: ["alice", "@bob@b.test"], notFrom: ["me"], to: ["eve"] },
  ],
  ["has:image has:Poll -has:video", { marks: ["!himage", "!hpoll"], withoutMarks: ["!hvideo"] }],
  ["is:reply -is:sensitive", { marks: ["!ireply"], withoutMarks: ["!isensitive"] }],
  ["language:de-AT language:EN -language:fr", { languages: ["!lde", "!len"], withoutMarks: ["!lfr"] }],
  ["in:library", { place: "library" }],
  ["in:public in:biology@b.test", { place: "public", groups: ["biology@b.test"] }],
  ["type:Event", { marks: ["!tevent"] }],
  ["before:2024-03-02", { before: day("2024-03-02") }],
  ["after:2024-03-02", { after: day("2024-03-03") - 1 }],
  ["during:2024-02", { after: day("2024-02-01") - 1, before: day("2024-03-01") }],
  ["during:2024", { after: day("2024-01-01") - 1, before: day("2025-01-01") }],
  ["during:2024 before:2024-06-01", { after: day("2024-01-01") - 1, before: day("2024-06-01") }],
])("%p", (typed, expected) => {
  expect(parseQuery(typed)).toEqual({ ...NOTHING, ...expected });
});

test.each<[string, readonly string[]]>([
  ["foo:bar", ["foo", "bar"]],
  ["has:wings", ["has", "wings"]],
  ["before:tomorrow", ["before", "tomorrow"]],
  ["before:2024-13-40", ["before", "2024", "13", "40"]],
  ["before:1969-12-31", ["before", "1969", "12", "31"]],
  ["before:2024-00-01", ["before", "2024", "00", "01"]],
  ["before:2024-13-01", ["before", "2024", "13", "01"]],
  ["before:2024-01-00", ["before", "2024", "01", "00"]],
  ["before:2024-01-32", ["before", "2024", "01", "32"]],
  ["language:klingonese", ["language", "klingonese"]],
  ["https://a.test/x", ["https", "a", "test", "x"]],
  ["constructor:x", ["constructor", "x"]],
])("%p is no operator, but words", (typed, words) => {
  expect(parseQuery(typed)).toEqual({ ...NOTHING, terms: [{ words, isBeginning: false }] });
});

test("what is no question asks for nothing", () => {
  for (const typed of ["", "   ", '"', '""', "-", "- -", "…", "*", "()", "from:", '"""""', "-#", "#"])
    expect([typed, isEmpty(parseQuery(typed)) || typed === "from:"]).toEqual([typed, true]);
});

test("a question that goes on for ever is cut, and takes no time", () => {
  const hostile = [
    '"'.repeat(10_000),
    '-"'.repeat(5_000),
    "a ".repeat(5_000),
    "(".repeat(10_000),
    "NEAR(".repeat(2_000),
    "from:x ".repeat(2_000),
    `"${"word ".repeat(2_000)}`,
    "*".repeat(10_000),
    "\ud800".repeat(500),
    "a:".repeat(5_000),
  ];
  for (const typed of hostile) {
    const { terms, withoutTerms, marks, from } = parseQuery(typed);
    expect(terms.length + withoutTerms.length + marks.length + from.length).toBeLessThanOrEqual(12);
    for (const { words } of terms) expect(words.length).toBeLessThanOrEqual(16);
  }
});
