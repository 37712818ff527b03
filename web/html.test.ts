/** The literal binding: what is escaped, what is left out, and that Preact renders the same from vnodes of its own. */
import { describe, expect, test } from "bun:test";
import htm from "htm";
import { h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { type Html, html } from "./html.ts";
import { safeHref } from "./safe-href.ts";

const markup = (node: Html): string => renderToString(node as VNode);
const plain = htm.bind(h);

describe("html", () => {
  test("text and attributes from outside are escaped", () => {
    const bad = `"><script>alert('x')</script>&`;
    expect(markup(html`<p title=${bad} class="a ${bad}">${bad}</p>`)).toBe(
      `<p title="&quot;>&lt;script>alert('x')&lt;/script>&amp;" class="a &quot;>&lt;script>alert('x')&lt;/script>&amp;">&quot;>&lt;script>alert('x')&lt;/script>&amp;</p>`,
    );
  });

  test("addresses that could run code are left out, wherever they stand", () => {
    const bad = " java\tscript:alert(1)";
    expect(markup(html`<a href=${bad}>x</a>`)).toBe("<a>x</a>");
    expect(markup(html`<form action=${bad}><button formaction=${bad}></button></form>`)).toBe(
      "<form><button></button></form>",
    );
    expect(markup(html`<img ...${{ src: "data:text/html,x", alt: "" }} />`)).toBe('<img alt=""/>');
    expect(markup(html`<a href="javascript:${"alert(1)"}">x</a>`)).toBe("<a>x</a>");
  });

  test("nothing, false and true leave no trace as children", () => {
    expect(markup(html`<p>${null}${undefined}${false}${true}${0}${""}</p>`)).toBe("<p>0</p>");
  });

  test("lists and nested literals keep their order, and their strings are escaped once", () => {
    const items = ["<a>", html`<b>1</b>`, ["&", html`<i>${"<"}</i>`]];
    expect(markup(html`<p>(${items})</p>`)).toBe("<p>(&lt;a><b>1</b>&amp;<i>&lt;</i>)</p>");
  });

  test("a vnode of another making is rendered where it stands", () => {
    const raw = h("div", { dangerouslySetInnerHTML: { __html: "<em>clean</em>" } });
    expect(markup(html`<p>a${[raw]}b${html`<q>${raw}</q>`}</p>`)).toBe(
      "<p>a<div><em>clean</em></div>b<q><div><em>clean</em></div></q></p>",
    );
  });

  test("several roots and no root are allowed", () => {
    expect(markup(html`<div>${html`<a></a> <b></b>text`}${html``}</div>`)).toBe(
      "<div><a></a> <b></b>text</div>",
    );
  });

  test("the same literal can be used again with other values", () => {
    const twice = (x: Html) => markup(html`<p id=${x}>${x}</p>`);
    expect(twice("a") + twice("b")).toBe('<p id="a">a</p><p id="b">b</p>');
  });

  const props = { required: true, disabled: false, hidden: null, "aria-pressed": false, "data-n": 1 };
  const shapes: readonly [name: string, ours: Html, theirs: unknown][] = [
    ["boolean attributes", html`<input ...${props} />`, plain`<input ...${props} />`],
    ["static attributes", html`<input required type="text" />`, plain`<input required type="text" />`],
    ["white space", html`<p> a ${"b"} c <b>d</b> e </p>`, plain`<p> a ${"b"} c <b>d</b> e </p>`],
    [
      "svg",
      html`<svg viewBox="0 0 1 1"><use href="#a" /></svg>`,
      plain`<svg viewBox="0 0 1 1"><use href="#a" /></svg>`,
    ],
    ["parts of a value", html`<a class="x ${1} y ${"z"}"></a>`, plain`<a class="x ${1} y ${"z"}"></a>`],
    ["keys", html`<li key=${1}>x</li>`, plain`<li key=${1}>x</li>`],
  ];
  test.each(shapes)("%s come out as from vnodes", (_name, ours, theirs) => {
    expect(markup(ours)).toBe(renderToString(theirs as VNode));
  });
});

describe("safeHref", () => {
  test.each([
    "/a",
    "a?b:c",
    "#x",
    "https://a.example/",
    "HTTP://A",
    "mailto:a@b.example",
    "//a.example",
    "",
    "data:image/bmp;base64,Qk2G=",
  ])("%p may be followed", (url) => expect(safeHref(url)).toBe(url));

  test.each([
    "javascript:x",
    "JavaScript:x",
    "\u0001javascript:x",
    "java\nscript:x",
    "data:text/html,x",
    "data:image/bmp,<svg onload=x>",
    "data:image/svg+xml;base64,AAAA",
    "vbscript:x",
    "blob:x",
    "file:///x",
  ])("%p may not", (url) => expect(safeHref(url)).toBeUndefined());
});
