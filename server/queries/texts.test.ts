/** Titles, texts, warnings and previews, in the forms that programs give them. */
import { describe, expect, test } from "bun:test";
import { readParts as read, readActorParts as readActor } from "../testing/parts.ts";

const emoji = (name: string, url: string) => ({
  type: "Emoji",
  name: `:${name}:`,
  icon: { type: "Image", url },
});

describe("a summary", () => {
  const article = (summary: string, more = {}) =>
    read({
      type: "Article",
      name: "Seeds",
      summary,
      content: "<p>Wait for <em>warm</em> nights. Then sow.</p>",
      ...more,
    });

  test.each(["Seeds", "<p>Wait for warm nights.</p>", "Wait for warm [...]", " Wait for\n warm nights… "])(
    "that says %p once more is left out",
    (summary) => expect(article(summary).summary).toBeNull(),
  );

  test("that says something of its own stays", () => {
    expect(article("When to sow").summary).toBe("When to sow");
  });

  test("that warns stays, whatever it repeats", () => {
    expect(article("Seeds", { sensitive: true }).summary).toBe("Seeds");
    expect(read({ type: "Note", summary: "frogs", content: "frogs" }).summary).toBe("frogs");
  });
});

describe("a preview", () => {
  test("is the text that stands for the whole (FEP-b2b8)", () => {
    const preview = { type: "Note", content: "<p>Short <script>x</script></p>" };
    expect(read({ type: "Article", name: "A", content: "<p>Long</p>", preview }).previewHtml).toBe(
      "<p>Short </p>",
    );
  });

  test("that is the whole, or a picture, is none", () => {
    const preview = { type: "Note", content: "<p>Long</p>" };
    expect(read({ type: "Article", content: "<p>Long</p>", preview }).previewHtml).toBe("");
    expect(
      read({ type: "Video", preview: [{ type: "Image", url: "https://b.test/p.jpg" }] }).previewHtml,
    ).toBe("");
  });
});

describe("a text", () => {
  test("in Markdown that says so is read as such, and makes nothing that HTML may not", () => {
    const { contentHtml } = read({
      type: "Video",
      mediaType: "text/markdown",
      content: "One\r\ntwo **three** <b>four</b> [x](javascript:alert(1)) https://c.test/a_b_c",
    });
    expect(contentHtml).toContain("One<br>two <strong>three</strong> &lt;b&gt;four&lt;/b&gt;");
    expect(contentHtml).toContain('href="https://c.test/a_b_c"');
    expect(contentHtml).not.toContain("javascript:");
  });

  test("without any markup keeps its lines, one with markup is HTML", () => {
    expect(readActor({ type: "Person", summary: "One\n\ntwo\nthree" }).summaryHtml).toBe(
      "<p>One</p><p>two<br>three</p>",
    );
    expect(read({ type: "Note", content: "a\nb <br> c" }).contentHtml).toBe("a\nb <br> c");
    expect(read({ type: "Note", content: "a &amp;\nb" }).contentHtml).toBe("a &amp;\nb");
  });

  test("that a vocabulary looks for elsewhere is found there, or in its usual place", () => {
    const episode = { type: "PodcastEpisode", name: "E" };
    const description = { content: "<p>Of salt</p>", contentMap: { de: "<p>Vom Salz</p>" } };
    expect(read({ ...episode, description }, { language: "de" })).toMatchObject({
      contentHtml: "<p>Vom Salz</p>",
      language: "de",
    });
    expect(read({ ...episode, content: "<p>Of salt</p>" }).contentHtml).toBe("<p>Of salt</p>");
  });

  test("tells its language in a map, beside it, or not at all", () => {
    expect(read({ type: "Note", content: "x", contentMap: { de: "<bdi>x</bdi>" } }).language).toBe("de");
    expect(
      read({ type: "Page", content: "x", language: { identifier: "fr", name: "Français" } }).language,
    ).toBe("fr");
    expect(read({ type: "Event", content: "x", inLanguage: "it" }).language).toBe("it");
    expect(read({ type: "Note", content: "x", language: { identifier: "<script>" } }).language).toBeNull();
  });
});

describe("custom emoji", () => {
  const tag = [emoji("cat", "https://b.test/cat.png"), emoji("old", "http://b.test/old.png")];

  test("in names, titles, warnings and choices are told with them, over https only", () => {
    expect(readActor({ type: "Person", name: "Bo :cat: :old:", tag }).emoji).toEqual([
      { shortcode: "cat", url: "https://b.test/cat.png" },
    ]);
    expect(read({ type: "Question", oneOf: [{ name: ":cat:" }, { name: "b" }], tag }).emoji).toHaveLength(1);
    expect(read({ type: "Note", summary: ":cat:", content: "x", tag }).emoji).toHaveLength(1);
    expect(read({ type: "Note", content: ":cat:", tag }).emoji).toEqual([]);
  });

  test("in texts are pictures of one height with their words", () => {
    expect(read({ type: "Note", content: ":cat: :old:", tag }).contentHtml).toBe(
      '<img class="emoji" src="https://b.test/cat.png" alt=":cat:" title=":cat:" width="20" height="20" loading="lazy"> :old:',
    );
  });
});

describe("hashtags", () => {
  const tag = (name: string) => ({
    type: "Hashtag",
    name,
    href: `https://b.test/t/${name.replace("#", "")}`,
  });

  test("that the text does not show are told beside it, each once", () => {
    const { hashtags } = read({
      type: "Event",
      content: '<p>Come to <a href="https://b.test/t/Fair">#<span>Fair</span></a> & #Dance</p>',
      tag: [
        tag("#Fair"),
        tag("#dance"),
        tag("music"),
        tag("#Music"),
        { type: "Hashtag", name: "" },
        { type: "Mention" },
      ],
    });
    expect(hashtags).toEqual([{ name: "#music", path: "/tags/music" }]);
  });
});
