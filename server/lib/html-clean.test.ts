/** What survives cleaning, and that nothing else does. */
import { describe, expect, test } from "bun:test";
import { effortOf } from "../testing/effort.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { cleanHtml, MAX_HTML_LENGTH, toPlainText } from "./html-clean.ts";
import { ELEMENTS, isSafeHref } from "./html-rules.ts";

const REL = 'rel="nofollow noopener noreferrer ugc"';

test.each([
  ["plain text", "plain text"],
  ["<p>a<br>b</p>", "<p>a<br>b</p>"],
  ["<P>a<BR/>b</P>", "<p>a<br>b</p>"],
  ["<p>one<p>two", "<p>one</p><p>two</p>"],
  ["<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"],
  [
    "<table><tr><th scope=col>a<td colspan=2>b<tr><td>c</table>",
    '<table><tr><th scope="col">a</th><td colspan="2">b</td></tr><tr><td>c</td></tr></table>',
  ],
  ["<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"],
  ["<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"],
  ["<b><i>x</b>y</i>", "<b><i>x</i></b>y"],
  ["</p></div>a", "a"],
  ["<section><h1>T</h1>a</section>b", "<div><h1>T</h1>a</div>b"],
  ["a<script>alert(1)</script>b<style>p{}</style>c", "abc"],
  ["<p>a<svg><text>t</text></svg>b<svg/>c", "<p>abc</p>"],
  ["<p>a<select><option>x</p>after", "<p>a</p>after"],
  ["a<script>b", "a"],
  ["<!-- a --><![CDATA[b]]><!doctype html><?php c ?>d", "d"],
  ["1 < 2 & 3 > 2 &lt;b&gt; &eacute;&#8217;&nbsp;", "1 &lt; 2 &amp; 3 &gt; 2 &lt;b&gt; é’\u00a0"],
  ["a\u0000b\u0007c\ufffed\r\n", "abcd\n"],
  ["lone \ud800", "lone \ufffd"],
  ['<img src=x alt=":blob:" onerror=alert(1)>after', ":blob:after"],
  ['<img src=x alt="<b>">', "&lt;b&gt;"],
  [
    '<ol start="3" reversed type="a"><li value="7">x</ol>',
    '<ol start="3" reversed><li value="7">x</li></ol>',
  ],
  ['<p lang="de-AT" dir="rtl" id="x" style="y" data-z=1>a', '<p lang="de-AT" dir="rtl">a</p>'],
  ['<p lang="de<" dir="up">a', "<p>a</p>"],
  [
    '<span class="mention evil h-card h-&quot;x p-name">a</span>',
    '<span class="mention h-card p-name">a</span>',
  ],
  ['<p class="a" CLASS="mention">b</p>', "<p>b</p>"],
])("%p becomes %p", (html, cleaned) => {
  expect(cleanHtml(html)).toBe(cleaned);
  expect(cleanHtml(cleaned)).toBe(cleaned);
});

describe("links", () => {
  test("keep their address and what they say of themselves, and get the relations of a stranger's link", () => {
    expect(
      cleanHtml('<a href="https://a.test/?x=1&amp;y=2" target="_top" title="t" hreflang="de">x</a>'),
    ).toBe(`<a href="https://a.test/?x=1&amp;y=2" ${REL} title="t">x</a>`);
    expect(cleanHtml('<a rel="me opener noindex tag" href="mailto:a@b.test">x</a>')).toBe(
      '<a href="mailto:a@b.test" rel="me tag nofollow noopener noreferrer ugc">x</a>',
    );
  });

  test("do not nest", () => {
    expect(cleanHtml('<a href="https://a.test">x<b><a href="https://b.test">y</a></b>')).toBe(
      `<a href="https://a.test" ${REL}>x<b></b></a><a href="https://b.test" ${REL}>y</a>`,
    );
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "\u0001javascript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "javascript&Tab;:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a.test/x",
    "intent:x",
    "/relative",
    "relative",
    "//a.test/",
    "#here",
    "https:a.test",
    "https://user:password@a.test/",
    "https://a.test\\@b.test",
    "http:// a.test",
    "",
  ])("to %p become text", (href) => {
    expect(cleanHtml(`<a href="${href}" class="mention">x</a>`)).toBe('<span class="mention">x</span>');
  });

  test("with thousands of attributes cost nothing extra", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `a${i}=x`).join(" ");
    expect(cleanHtml(`<a ${many} href="https://a.test">x</a>`)).toBe(`<a href="https://a.test" ${REL}>x</a>`);
  });
});

/** Every element and attribute in the HTML, read by a parser that has nothing in common with ours. */
function inventory(
  html: string,
): readonly { name: string; attributes: readonly (readonly [string, string])[] }[] {
  const found: { name: string; attributes: [string, string][] }[] = [];
  new HTMLRewriter()
    .on("*", {
      element: ({ tagName, attributes }) => {
        found.push({ name: tagName, attributes: [...attributes] as [string, string][] });
      },
    })
    .transform(html);
  return found;
}

const ALLOWED_ATTRIBUTES =
  /^(?:href|rel|class|lang|dir|translate|title|start|value|reversed|colspan|rowspan|scope)$/;

function expectHarmless(payload: string): void {
  const cleaned = cleanHtml(payload);
  for (const { name, attributes } of inventory(cleaned)) {
    expect([payload, name, ELEMENTS.has(name)]).toEqual([payload, name, true]);
    for (const [attribute, value] of attributes) {
      expect([payload, attribute]).toEqual([payload, expect.stringMatching(ALLOWED_ATTRIBUTES)]);
      if (attribute === "href") expect([payload, value, isSafeHref(value)]).toEqual([payload, value, true]);
    }
  }
  expect([payload, cleanHtml(cleaned)]).toEqual([payload, cleaned]);
}

test.each([
  '<p title="</p><script>alert(1)</script>">x',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea><img title="</textarea><img src onerror=alert(1)>">',
  '<xmp><p title="</xmp><img src onerror=alert(1)>">',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  "<template><script>alert(1)</script></template>",
  '<a href="https://a.test/&quot; onclick=&quot;alert(1)">x</a>',
  "<a href='https://a.test/\" onclick=\"alert(1)'>x</a>",
  "<a href=https://a.test/><img/src=x/onerror=alert(1)>x</a>",
  "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "<b <script>alert(1)</script>0",
  '<img src="x` `<script>alert(1)</script>"` `>',
  "<<script>script>alert(1)<</script>/script>",
  "<scr<script>ipt>alert(1)</scr</script>ipt>",
  '<p class="h-x&quot; onmouseover=&quot;alert(1)">x',
  "<plaintext><script>alert(1)</script>",
  "<frameset onload=alert(1)><body onload=alert(1)><base href=//evil.test><meta http-equiv=refresh content=0>",
  "<isindex action=javascript:alert(1)><object data=x><embed src=x><applet code=x><link rel=stylesheet href=x>",
  "<p\u0000onclick=alert(1)>x</p><\u0000script>alert(1)</script>",
  "&lt;script&gt;alert(1)&lt;/script&gt;&#60;script&#62;",
])("%p is harmless once cleaned", expectHarmless);

test.skipIf(!hasVectors("sanitising"))("the published payloads are harmless once cleaned", () => {
  for (const { payload } of readVectors<{ payload: string }[]>("sanitising/payloads.json"))
    expectHarmless(payload);
});

describe("effort", () => {
  const HOSTILE = [
    "<b>",
    "<",
    "<p><a><b></p>",
    "<table><tr><td>",
    "<svg>",
    "<noscript>",
    "<!--",
    "&",
    "<a a=",
    "</",
    "<li>",
  ];

  test.each(HOSTILE)("a text of nothing but %p takes time in proportion to its length", async (unit) => {
    const effort = (length: number): Promise<number> => {
      const html = unit.repeat(length / unit.length);
      return effortOf(() => cleanHtml(html));
    };
    const [short, long] = [await effort(50_000), await effort(400_000)];
    // Eight times the text: linear is 8, quadratic 64.
    expect(long).toBeLessThan(Math.max(short, 2) * 40);
  });

  test("what is too long is cut off and what is too deep is flattened", () => {
    expect(cleanHtml(`<p>${"x".repeat(MAX_HTML_LENGTH)}</p>`)).toBe(
      `<p>${"x".repeat(MAX_HTML_LENGTH - 3)}</p>`,
    );
    const deep = cleanHtml(`${"<blockquote>".repeat(1000)}x`);
    expect(deep).toBe(`${"<blockquote>".repeat(50)}x${"</blockquote>".repeat(50)}`);
  });
});

test("as plain text, blocks stand apart and lines stay lines", () => {
  expect(toPlainText("<p>Hello <b>there</b>,<br>you &amp; I</p>\n<p>again</p>")).toBe(
    "Hello there,\nyou & I\n\nagain",
  );
  expect(toPlainText("<ul><li>a</li><li>b</li></ul>c")).toBe("a\nb\n\nc");
  expect(toPlainText("<pre>a\n  b</pre>")).toBe("a\n  b");
  expect(toPlainText("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>")).toBe("1 2\n3");
  expect(toPlainText("<script>x</script>&lt;b&gt; 1 &lt; 2")).toBe("<b> 1 < 2");
  expect(toPlainText("")).toBe("");
});
