/** Documents of every shape are read for what they say, have and are. */
import { expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { effortOf } from "../testing/effort.ts";
import { contentOf, sayingOf } from "./content.ts";

const DISPLAY = { title: "name", body: "content", facts: ["teaches", "level"] };
const content = (document: object) => contentOf(document as AsObject, DISPLAY);

test.each([
  ["plain", "plain"],
  ["<p>one</p><p>two<br>three</p>", " one  two three "],
  ['<a href="x">#<span>tag</span></a>s', "#tags"],
  ["a &amp; b &lt;c&gt; &#233;&#xe9;&nbsp;&unknown;", "a & b <c> éé &unknown;"],
  ["<script>bad()</script>good<style>p{}</style>", " good "],
  ["1 < 2 > 1 <<p>", "1   1 < "],
  ["&#0;&#xd800;&#9999999;", " \ufffd "],
])("%p says %p", (html, said) => {
  expect(sayingOf(html)).toBe(said);
});

test.each(["<", "<script", "&#", "<a "])(
  "markup of many %p without an end takes time in proportion to its length",
  async (unit) => {
    const effort = (length: number): Promise<number> => {
      const hostile = unit.repeat(length / unit.length);
      return effortOf(() => sayingOf(hostile));
    };
    const [short, long] = [await effort(5_000), await effort(40_000)];
    // Eight times the text: linear is 8, quadratic 64.
    expect(long).toBeLessThan(Math.max(short, 2) * 40);
  },
);

test("every language of a text is read, and each text once", () => {
  const { texts, languages } = content({
    content: "<p>Hello</p>",
    contentMap: { en: "<p>Hello</p>", de: "<p>Hallo</p>" },
  });
  expect(texts.map((text) => text.trim())).toEqual(["Hello", "Hallo"]);
  expect(languages).toEqual(["en", "de"]);
});

test("of endless texts the beginning is read", () => {
  const long = "word ".repeat(20_000);
  const { texts } = content({ summary: long, content: long, contentMap: { de: `${long}x` } });
  expect(texts.join("").length).toBe(40_000);
});

test("descriptions, choices and facts are texts; addresses are none", () => {
  const { title, texts, has } = content({
    name: "Title",
    summary: "A summary",
    attachment: [
      { type: "Document", mediaType: "image/png", name: "a walrus" },
      { type: "Link", name: "a page" },
    ],
    anyOf: [{ name: "red" }, { name: "blue" }],
    teaches: ["fractions", { name: "ratios" }, "https://example.test/term"],
    level: 5,
  });
  expect(title).toBe("Title");
  expect(texts).toEqual(["A summary", "a walrus", "a page", "red", "blue", "fractions", "ratios"]);
  expect([...has].sort()).toEqual(["embed", "image", "media", "poll"]);
});

test.each<[object, readonly string[]]>([
  [{ attachment: { type: "Document", mediaType: "application/pdf" } }, ["file", "media"]],
  [{ attachment: [{ type: "Video", url: "x" }] }, ["video", "media"]],
  [{ type: "Audio", url: "x" }, ["audio", "media"]],
  [{ attachment: [{ type: "PropertyValue", name: "x", value: "y" }] }, []],
  [{ content: '<a href="https://a.test/@b" class="u-url mention">@b</a>' }, []],
  [{ content: '<a class="mention hashtag" href="https://a.test/tags/b">#b</a>' }, []],
  [{ content: '<a href="https://a.test/">a</a>' }, ["link"]],
  [{ quote: "https://a.test/1" }, ["embed"]],
])("%j has %p", (document, expected) => {
  expect(content(document).has.map(String).sort()).toEqual([...expected].sort());
});

test("a vote is no post, and a reply with a title is no vote", () => {
  expect(content({ inReplyTo: "https://a.test/1", name: "red" }).isVote).toBe(true);
  expect(content({ inReplyTo: "https://a.test/1", name: "red", content: "" }).isVote).toBe(false);
  expect(content({ name: "red" }).isVote).toBe(false);
});
