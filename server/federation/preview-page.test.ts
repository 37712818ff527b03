/** What pages say of themselves, in the forms in which they do, and in hostile ones. */
import { expect, test } from "bun:test";
import { readMore, readPage } from "./preview-page.ts";

const URL = "https://news.example/a/b?c=1";
const of = (head: string) =>
  readPage(`<!doctype html><html lang="de-AT"><head>${head}</head><body>x</body></html>`, URL);

test("OpenGraph goes before the title and the description", () => {
  const { preview } = of(`<title>Plain</title><meta name="description" content="plain">
    <meta property="og:title" content="Told &amp; true"><meta property="og:description" content="words">
    <meta property="og:site_name" content="News"><meta property="og:image" content="/pic.jpg">
    <meta property="og:image:width" content="1200"><meta property="og:image:alt" content="A picture">
    <meta name="author" content="Ada"><meta property="og:locale" content="en_GB">`);
  expect(preview).toEqual({
    title: "Told & true",
    description: "words",
    provider: "News",
    author: "Ada",
    authorUrl: "",
    imageUrl: "https://news.example/pic.jpg",
    imageText: "A picture",
    width: 1200,
    height: 0,
    language: "en",
  });
});

test("a page with a title alone is shown with it, one without is not", () => {
  expect(of("<title>\n  Two\n lines </title>").preview).toMatchObject({ title: "Two lines", language: "de" });
  expect(of("").preview).toBeNull();
  expect(readPage("", URL).preview).toBeNull();
});

test("what is no address of the web is none", () => {
  const cases = ["javascript:alert(1)", "data:image/png;base64,x", "http://user:pass@x/", "https://[", ""];
  for (const image of cases)
    expect(of(`<title>x</title><meta property="og:image" content="${image}">`).preview?.imageUrl).toBeNull();
});

test("long, endless and broken pages are read in their first part, and quickly", () => {
  const long = "é".repeat(5_000);
  const { preview } = of(
    `<meta property="og:title" content="${long}"><meta property="og:description" content="${long}">`,
  );
  expect([preview?.title.length, preview?.description.length]).toEqual([200, 500]);
  for (const page of [
    "<".repeat(300_000),
    "<meta ".repeat(100_000),
    `<title>${"x".repeat(600_000)}`,
    "<div>".repeat(200_000),
  ])
    expect(() => readPage(page, URL)).not.toThrow();
  expect(of("<title>\u202eevil\u0000 </title>").preview?.title).toBe("evil");
});

test("oEmbed is told of by the page, and read in the same words", () => {
  const { preview, moreUrl } = of(
    '<link rel="alternate" type="application/json+oembed" href="/oembed?x=1&amp;y=2">',
  );
  expect([preview, moreUrl]).toEqual([null, "https://news.example/oembed?x=1&y=2"]);
  const more = readMore(
    JSON.stringify({
      title: "Film",
      author_name: "Ada",
      thumbnail_url: "https://i.example/x.jpg",
      html: "<script>",
    }),
    URL,
  );
  expect(more).toMatchObject({ title: "Film", author: "Ada", imageUrl: "https://i.example/x.jpg" });
  const odd =
    '{"title":"x","thumbnail_width":{"toString":1,"valueOf":1},"thumbnail_height":[[{"toString":1}]]}';
  expect(readMore(odd, URL)).toMatchObject({ width: 0, height: 0 });
  for (const bad of ["", "[]", "{}", '{"title":5}']) expect(readMore(bad, URL)).toBeNull();
});
