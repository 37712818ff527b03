/** What people write, as a part of a page. */
import { describe, expect, test } from "bun:test";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { cleanHtml } from "../../server/lib/html-clean.ts";
import type { Html } from "../html.ts";
import { cannedContext } from "../testing/canned.ts";
import { objectView } from "../testing/people.ts";
import { objectCard } from "./object-card.ts";
import { quotedPost } from "./quote-card.ts";
import { richText } from "./rich-text.ts";

const context = cannedContext({ as: "member" });
const markup = (node: Html): string => renderToString(node as VNode);
const inside = (html: string, under?: number): string =>
  /^<div [^>]*>(.*)<\/div>$/s.exec(
    markup(richText({ cleanHtml: cleanHtml(html), ...(under === undefined ? {} : { under }) })),
  )?.[1] ?? "";
/** Levels of headings, in the order of the page. */
const levels = (node: Html): number[] => [...markup(node).matchAll(/<h([1-6])/g)].map(([, n]) => Number(n));

describe("headings that people write", () => {
  test.each([
    ["<h1>a</h1><h2>b</h2><h1>c</h1>", 1, "<h2>a</h2><h3>b</h3><h2>c</h2>"],
    ["<h4>a</h4><h2>b</h2><h6>c</h6><h3>d</h3>", 2, "<h3>a</h3><h3>b</h3><h4>c</h4><h4>d</h4>"],
    [
      "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5>",
      3,
      "<h4>a</h4><h5>b</h5><h6>c</h6><h6>d</h6><h6>e</h6>",
    ],
    ["<p title='<h1>'>no</p><hr>&lt;h1>", 1, "<p>no</p><hr>&lt;h1&gt;"],
  ])("%s follow level %d", (written, under, shown) => expect(inside(written, under)).toBe(shown));

  test("are never the heading of the page, and leave no gap in a card or where a post is quoted", () => {
    const contentHtml = "<h1>Part</h1><p>…</p><h4>Detail</h4>";
    const titled = objectView({ name: "Title", contentHtml });
    const plain = objectView({ name: null, contentHtml });
    expect(levels(objectCard(context, { view: titled }))).toEqual([2, 3, 4, 5]);
    expect(levels(objectCard(context, { view: plain }))).toEqual([2, 3, 4]);
    expect(levels(quotedPost(context, titled))).toEqual([2, 3, 4, 5]);
  });
});

test("lines that are wider than the page can be moved by keyboard", () =>
  expect(inside("<pre><code>x</code></pre>")).toBe('<pre tabindex="0"><code>x</code></pre>'));
