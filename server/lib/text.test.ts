/** What people type, and the HTML that it becomes. */
import { describe, expect, test } from "bun:test";
import { effortOf } from "../testing/effort.ts";
import { piecesOf } from "./find-links.ts";
import { cleanHtml, toPlainText } from "./html-clean.ts";
import { fromMarkdown, fromMarkdownText, fromPlain, fromPlainLinked, type TextLinks } from "./text.ts";

const REL = "nofollow noopener noreferrer ugc";
const link = (url: string, text = url) => `<a href="${url}" rel="${REL}">${text}</a>`;
/** A bare address: what says little about where it leads is hidden from those who see the page. */
const hidden = (text: string) => `<span class="invisible">${text}</span>`;
const bare = (url: string) => link(url, url.replace(/^https?:\/\//, hidden));
const mention = (handle: string) =>
  `<span class="h-card" translate="no"><a href="https://a.test/@${handle}" rel="${REL}" class="u-url mention">@<span>${handle.split("@")[0]}</span></a></span>`;
const hashtag = (name: string) =>
  `<a href="https://a.test/tags/${encodeURIComponent(name)}" rel="tag ${REL}" class="mention hashtag">#<span>${name}</span></a>`;

const links: TextLinks = {
  mention: (handle) =>
    handle.startsWith("nobody")
      ? null
      : { iri: `https://a.test/users/${handle}`, url: `https://a.test/@${handle}` },
  hashtag: (name) => `https://a.test/tags/${encodeURIComponent(name)}`,
};

test.each([
  ["a **b** _c_ ~~d~~ `e`", "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>"],
  ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
  ["*a*\n*b*", "<p><em>a</em><br><em>b</em></p>"],
  ["a  \nb", "<p>a<br>b</p>"],
  ["- a\n- b\n\n1. c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"],
  ["- [x] done", "<ul><li>[x] done</li></ul>"],
  ["> q\n> r", "<blockquote><p>q<br>r</p></blockquote>"],
  ["# T\n\n#tagged", `<h1>T</h1><p>${hashtag("tagged")}</p>`],
  ["    not code", "<p>not code</p>"],
  ["```js\na\n  b\n```", '<pre><code class="language-js">a\n  b\n</code></pre>'],
  [
    "|a|b|\n|-|-|\n|1|2|",
    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
  ],
  [
    "<b>x</b> <script>y</script> &lt; 1 < 2 <3",
    "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt; &lt; 1 &lt; 2 &lt;3</p>",
  ],
  ["[x](https://b.test/) [y](javascript:alert(1))", `<p>${link("https://b.test/", "x")} <span>y</span></p>`],
  ["![a cat](https://b.test/cat.png)", "<p>a cat</p>"],
  ["", ""],
])("Markdown %p becomes %p", async (typed, html) => {
  expect((await fromMarkdown(typed, links)).html).toBe(html);
});

describe("links", () => {
  test("lead to addresses, without the punctuation of the sentence", async () => {
    const { html } = await fromMarkdown(
      "See https://b.test/x_y_(z)?a=1&b=2. (https://b.test/), **http://b.test:80/~u/~v**",
    );
    expect(html).toBe(
      `<p>See ${bare("https://b.test/x_y_(z)?a=1&amp;b=2")}. (${bare("https://b.test/")}), <strong>${bare("http://b.test:80/~u/~v")}</strong></p>`,
    );
  });

  test("lead to people who are found, each told once", async () => {
    const asked: string[] = [];
    const written = await fromMarkdown("@alice, @_bob_ @alice @carol@B.Test. @nobody @dan@localhost:3001!", {
      mention(handle) {
        asked.push(handle);
        return links.mention?.(handle) ?? null;
      },
    });
    expect(written.html).toBe(
      `<p>${mention("alice")}, ${mention("_bob_")} ${mention("alice")} ${mention("carol@b.test")}. @nobody ${mention("dan@localhost:3001")}!</p>`,
    );
    expect(asked).toEqual(["alice", "_bob_", "carol@b.test", "nobody", "dan@localhost:3001"]);
    expect(written.mentions).toEqual(
      ["alice", "_bob_", "carol@b.test", "dan@localhost:3001"].map((handle) => ({
        handle,
        iri: `https://a.test/users/${handle}`,
      })),
    );
  });

  test("lead to hashtags in any script, each told once whatever its case", async () => {
    const written = await fromMarkdown("#One #one (#größe) #日本語 #a_b #1 #", links);
    expect(written.html).toBe(
      `<p>${["One", "one"].map(hashtag).join(" ")} (${hashtag("größe")}) ${hashtag("日本語")} ${hashtag("a_b")} #1 #</p>`,
    );
    expect(written.hashtags).toEqual(["One", "größe", "日本語", "a_b"]);
  });

  test.each([
    "`@alice #tag https://b.test`",
    "```\n@alice #tag https://b.test\n```",
    "[@alice #tag](https://b.test/)",
  ])("are not made inside code and links: %p", async (typed) => {
    const written = await fromMarkdown(typed, links);
    expect([written.mentions, written.hashtags]).toEqual([[], []]);
    expect(written.html.match(/<a /g) ?? []).toHaveLength(typed.startsWith("[") ? 1 : 0);
  });

  test.each([
    "mail bob@b.test",
    "a@b",
    "@@alice",
    "x/@alice",
    "https://b.test/@alice#part",
    "C# a#b &#39; ##x",
    "@ #",
    "@\u0430lice",
    `#${"x".repeat(101)}`,
  ])("%p speaks of no person and no hashtag", async (typed) => {
    const { mentions, hashtags } = await fromMarkdown(typed, links);
    expect([mentions, hashtags]).toEqual([[], []]);
  });

  test("are safe even where the addresses come from elsewhere", async () => {
    const { html } = await fromMarkdown('@alice #x "@alice"', {
      mention: () => ({ iri: "https://b.test/", url: 'https://b.test/"onclick="alert(1)' }),
      hashtag: () => "https://b.test/<script>",
    });
    expect(html).not.toContain('"onclick');
    expect(html).not.toContain("<script");
  });
});

test.each([
  "a *b* @alice #tag <i> & \"q\" 'r' https://b.test/?a&b",
  "> @alice\n\n```\n<x>\n```\n\n- #y\n- z",
  "\ue0f0 _a_",
])("the HTML of %p is clean already", async (typed) => {
  const { html } = await fromMarkdown(typed, links);
  expect(cleanHtml(html)).toBe(html);
});

test("plain text keeps its characters, lines and paragraphs", async () => {
  expect(fromPlain("a *b* <c>\r\nd https://b.test/\n\n\n@alice #e")).toBe(
    `<p>a *b* &lt;c&gt;<br>d ${bare("https://b.test/")}</p><p>@alice #e</p>`,
  );
  expect(fromPlain(" \n ")).toBe("");
  expect((await fromPlainLinked("@alice *x* #e", links)).html).toBe(
    `<p>${mention("alice")} *x* ${hashtag("e")}</p>`,
  );
});

test("a text about nobody links addresses only", () => {
  expect(fromMarkdownText("# Rules\n\nAsk @alice, #help, https://b.test")).toBe(
    `<h1>Rules</h1><p>Ask @alice, #help, ${bare("https://b.test")}</p>`,
  );
});

describe("a bare address", () => {
  const shown = (address: string): string =>
    /<a [^>]*>(.*)<\/a>/.exec(fromPlain(address))?.[1]?.replace(/<span class="invisible">.*?<\/span>/g, "") ??
    "";
  const ellipsis = (text: string) => `<span class="ellipsis">${text}</span>`;

  test.each([
    ["https://b.test/short", "b.test/short"],
    ["http://www.school.test/", "school.test/"],
    ["https://www.test/", "www.test/"],
    [`https://b.test/${"x".repeat(23)}`, `b.test/${"x".repeat(23)}`],
    [`https://b.test/${"x".repeat(24)}`, ellipsis(`b.test/${"x".repeat(23)}`)],
    [`https://b.test/${"🚀".repeat(24)}`, ellipsis(`b.test/${"🚀".repeat(23)}`)],
    [`https://b.test/?${"&".repeat(40)}a`, ellipsis(`b.test/?${"&amp;".repeat(22)}`)],
  ])("%s is shown as %s", (address, text) => expect(shown(address)).toBe(text));

  test("shows its host as a whole, and is no link where a name stands before it", () => {
    const host = `school.test.${"a".repeat(40)}.evil.test`;
    expect(shown(`https://${host}/login`)).toBe(ellipsis(host));
    const posing = `https://school.test%2flogin%2f${"a".repeat(40)}@evil.test/`;
    expect(fromPlain(posing)).toBe(`<p>${posing}</p>`);
  });

  test("is whole to whoever reads the text or sends it on", () => {
    const address = `https://b.test/${"long/".repeat(20)}?a=1&b=2`;
    const html = fromPlain(address);
    expect(html).toBe(
      `<p>${link(
        address.replace("&", "&amp;"),
        `${hidden("https://")}${ellipsis(address.slice(8, 38))}${hidden(address.slice(38).replace("&", "&amp;"))}`,
      )}</p>`,
    );
    expect(toPlainText(html)).toBe(address);
    expect(cleanHtml(html)).toBe(html);
  });
});

test("the pieces of a text join to the text", () => {
  for (const text of [
    "",
    "a",
    "@a@b.test. #c https://d.test/). @",
    "@a.-. @b@c-. #1#d ＃e https:// http://x",
  ])
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
});

test.each(["@a", "@a@", "#x", "https://", "https://a.test/)", "@a.", "@a@b.", "*a_", "[", "> ", "`", "_ "])(
  "a long text of %p takes time in proportion to its length",
  async (unit) => {
    const effort = (length: number): Promise<number> => {
      const typed = unit.repeat(length / unit.length);
      return effortOf(() => fromMarkdown(typed, {}));
    };
    const [short, long] = [await effort(5_000), await effort(40_000)];
    // Eight times the text: linear is 8, quadratic 64.
    expect(long).toBeLessThan(Math.max(short, 2) * 40);
  },
);
