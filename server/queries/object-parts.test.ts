/** What is read out of documents, in the shapes that servers send and in those that only fiends do. */
import { describe, expect, test } from "bun:test";
import type { Json } from "../lib/json.ts";
import { CAME_MS, readParts as read, readActorParts as readActor } from "../testing/parts.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";

describe("words", () => {
  test("a text comes in the wanted language where there is one, else as it is", () => {
    const document = { type: "Note", content: "Hallo", contentMap: { de: "Hallo", en: "Hello" } };
    expect(read(document)).toMatchObject({ contentHtml: "Hello", language: "en" });
    expect(read(document, { language: "de" })).toMatchObject({ contentHtml: "Hallo", language: "de" });
    expect(read(document, { language: "fr" })).toMatchObject({ contentHtml: "Hallo", language: "de" });
    expect(read({ type: "Note", contentMap: { ar: "مرحبا" } })).toMatchObject({ language: "ar" });
  });

  test("HTML is made safe, and plain text stays plain", () => {
    expect(read({ type: "Note", content: '<p onclick="x()">a<script>b</script></p>' }).contentHtml).toBe(
      "<p>a</p>",
    );
    expect(read({ type: "Note", content: "a < b\nc", mediaType: "text/plain" }).contentHtml).toMatch(
      /^<p>a &lt; b<br ?\/?>c<\/p>$/,
    );
  });

  test("a warning is plain text, whatever it was", () => {
    expect(read({ type: "Note", summary: "I <3 cats & dogs", content: "x" }).summary).toBe(
      "I <3 cats & dogs",
    );
    expect(read({ type: "Article", name: "T", summary: "<p>One</p><p>Two</p>" }).summary).toBe("One\n\nTwo");
    expect(read({ type: "Note", summary: "", content: "x" }).summary).toBeNull();
  });

  test("a title is one line", () => {
    expect(read({ type: "Article", name: " A\nlong\u202e title " }).name).toBe("A long title");
    expect(read({ type: "Article", nameMap: { en: "Title" } }).name).toBe("Title");
  });

  test("custom emoji become pictures, in text only and only when they are known", () => {
    const { contentHtml } = read({
      type: "Note",
      content: '<p>:cat: :dog: <a href="https://x.test/:cat:">:cat:</a></p>',
      tag: [{ type: "Emoji", name: ":cat:", icon: { type: "Image", url: 'https://x.test/c".png' } }],
    });
    expect(contentHtml.match(/<img /g)).toHaveLength(2);
    expect(contentHtml).toContain('src="https://x.test/c%22.png"');
    expect(contentHtml).toContain('href="https://x.test/:cat:"');
    expect(contentHtml).toContain(":dog:");
  });

  test("links to people and tags that are here lead to their pages here; all others stay", () => {
    const { contentHtml } = read(
      {
        type: "Note",
        content: '<a href="https://b.test/@bob">@bob</a> <a href="https://c.test/?a=1&amp;b=2">c</a>',
      },
      { links: new Map([["https://b.test/@bob", "/@bob@b.test"]]) },
    );
    expect(contentHtml).toContain('href="/@bob@b.test"');
    expect(contentHtml).toContain('href="https://c.test/?a=1&amp;b=2"');
  });
});

describe("times", () => {
  test("something said to come from the future is from when it came", () => {
    expect(read({ type: "Note", published: "2030-01-01T00:00:00Z" }).publishedMs).toBe(CAME_MS);
    expect(read({ type: "Note", published: "2020-01-01T00:00:00Z" }).publishedMs).toBe(Date.UTC(2020, 0, 1));
  });

  test("what was changed as it was written counts as unchanged", () => {
    const published = "2020-01-01T00:00:00Z";
    expect(read({ type: "Note", published, updated: published }).updatedMs).toBeNull();
    expect(read({ type: "Note", published, updated: "2020-01-01T01:00:00Z" }).updatedMs).toBe(
      Date.UTC(2020, 0, 1, 1),
    );
  });
});

describe("attachments", () => {
  const kinds = (document: Record<string, unknown>) =>
    read(document).attachments.map(({ kind, url }) => [kind, url.split("/").at(-1)]);

  test("pictures, sound, films, files and links are told apart by media type, type and address", () => {
    const at = (name: string) => `https://b.test/${name}`;
    expect(
      kinds({
        type: "Note",
        attachment: [
          { type: "Document", mediaType: "image/png", url: at("a"), name: "A cat", width: 10, height: 20 },
          { type: "Image", url: at("b") },
          { type: "Document", url: at("c.mp4") },
          { type: "Audio", url: [{ type: "Link", href: at("d"), mediaType: "audio/ogg" }] },
          { type: "Document", mediaType: "application/pdf", url: at("e.pdf") },
          { type: "Link", href: at("f") },
          at("g"),
          { type: "PropertyValue", name: "x", value: "y" },
          { type: "Image", url: "javascript:alert(1)" },
          { type: "Image", url: at("a") },
        ],
      }),
    ).toEqual([
      ["image", "a"],
      ["image", "b"],
      ["video", "c.mp4"],
      ["audio", "d"],
      ["file", "e.pdf"],
      ["link", "f"],
      ["link", "g"],
    ]);
  });

  test("of a film in many sizes the one nearest to 720 lines is shown, with its still", () => {
    const link = (height: number) => ({
      type: "Link",
      mediaType: "video/mp4",
      href: `https://b.test/${height}.mp4`,
      height,
    });
    const film = {
      type: "Video",
      name: "Film",
      icon: [{ type: "Image", url: "https://b.test/still.jpg" }],
      url: [
        { type: "Link", mediaType: "text/html", href: "https://b.test/watch" },
        {
          type: "Link",
          mediaType: "application/x-mpegURL",
          href: "https://b.test/list.m3u8",
          tag: [link(1080), link(720)],
        },
        link(240),
      ],
    };
    expect(kinds(film)).toEqual([["video", "720.mp4"]]);
    expect(read(film).attachments[0]?.posterUrl).toBe("https://b.test/still.jpg");
    expect(read(film).originUrl).toBe("https://b.test/watch");
  });

  test("the cover of an article comes before what is attached to it", () => {
    expect(
      kinds({ type: "Article", image: { url: "https://b.test/cover" }, attachment: "https://b.test/more" }),
    ).toEqual([
      ["image", "cover"],
      ["link", "more"],
    ]);
  });
});

describe("facts", () => {
  test("an event tells when and where, on the clock of its place", () => {
    const { facts } = read({
      type: "Event",
      name: "Fair",
      startTime: "2026-05-04T18:30:00+02:00",
      endTime: "2026-05-04T20:00:00Z",
      location: { type: "Place", name: "Hall", address: { streetAddress: "Way 1", addressLocality: "Town" } },
    });
    expect(facts.map(({ label }) => label)).toEqual(["Begins", "Ends", "Place"]);
    expect(facts[0]?.values[0]).toMatch(/May 4, 2026.* 6:30/);
    expect(facts[1]?.values[0]).toMatch(/8:00.* UTC$/);
    expect(facts[2]?.values).toEqual(["Hall, Way 1, Town"]);
  });

  test("a type that nobody knows is shown by its name", () => {
    expect(read({ type: "Spaceship", name: "X" })).toMatchObject({
      type: "Spaceship",
      typeLabel: "Spaceship",
      name: "X",
      facts: [],
    });
  });
});

describe("hostile documents", () => {
  const wrong: readonly Json[] = [
    null,
    true,
    0,
    -1,
    1e308,
    "",
    "\u0000\ud800",
    [],
    [[]],
    {},
    { id: {} },
    [null, { type: [{}] }],
  ];
  const properties = [
    ...["type", "name", "nameMap", "summary", "content", "contentMap", "mediaType", "published", "updated"],
    ...["url", "attachment", "tag", "image", "icon", "inReplyTo", "oneOf", "anyOf", "closed", "endTime"],
    ...[
      "startTime",
      "location",
      "language",
      "sensitive",
      "votersCount",
      "source",
      "width",
      "preferredUsername",
    ],
    ...[
      "duration",
      "timezone",
      "ical:status",
      "preview",
      "audio",
      "track",
      "category",
      "title",
      "inLanguage",
    ],
  ];

  test("values of the wrong kind in any property make a view all the same", () => {
    for (const property of properties) {
      for (const value of wrong) {
        for (const type of ["Note", "Event", "Question", "Video", "PodcastEpisode", "Review", "Odd"]) {
          const view = read({ type, [property]: value });
          expect(typeof view.contentHtml).toBe("string");
          expect(view.contentHtml.isWellFormed()).toBe(true);
          expect(typeof readActor({ type: "Person", [property]: value }).name).toBe("string");
        }
      }
    }
  });

  test("half a character in a tag is none, so that an address can be made of it", () => {
    const { tags } = read({ type: "Note", tag: [{ type: "Hashtag", name: "#Tea\ud83d" }] });
    expect(tags).toEqual(["tea\ufffd"]);
  });

  test("what is endless is cut", () => {
    const many = <T>(value: T) => Array.from({ length: 10_000 }, () => value);
    const emoji = { type: "Emoji", name: ":e:", icon: { url: `https://b.test/${"e".repeat(450)}` } };
    const view = read({
      type: "Question",
      name: "n".repeat(1e6),
      summary: "s".repeat(1e6),
      content: ":e:".repeat(1e6),
      attachment: Array.from({ length: 10_000 }, (_, i) => ({ type: "Image", url: `https://b.test/${i}` })),
      tag: [emoji, ...many({ type: "Mention", href: "https://b.test/x", name: "@x" })],
      oneOf: many({ name: "c".repeat(10_000) }),
    });
    expect(view.name?.length).toBe(500);
    expect(view.summary?.length).toBe(5000);
    expect(view.contentHtml.length).toBeLessThan(400_000);
    expect(view.attachments).toHaveLength(32);
    expect(view.poll?.options).toHaveLength(500);
    const actor = readActor({ attachment: many({ type: "PropertyValue", name: "n", value: "<b>v</b>" }) });
    expect(actor.fields).toHaveLength(20);
  });

  test("addresses that no browser may open are nowhere", () => {
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "https://u:p@b.test/",
    ]) {
      const view = read({ type: "Note", url, attachment: [{ type: "Image", url }], inReplyTo: url });
      expect(view).toMatchObject({ originUrl: "https://b.test/1", attachments: [], parentIri: null });
      expect(readActor({ url, icon: { url }, image: url })).toMatchObject({
        url: "https://b.test/users/bob",
        iconUrl: null,
        imageUrl: null,
      });
    }
  });
});

test("actors are shown with what they say of themselves", () => {
  const actor = readActor(
    {
      type: "Person",
      preferredUsername: "bob",
      name: "Bob",
      summary: "<p>Hi <script>x</script></p>",
      icon: [{ type: "Image", url: "https://b.test/i.png" }],
      url: [{ type: "Link", mediaType: "text/html", href: "https://b.test/@bob" }],
      manuallyApprovesFollowers: true,
      attachment: [{ type: "PropertyValue", name: "Web", value: '<a href="https://x.test">x</a>' }],
    },
    "bob@b.test",
  );
  expect(actor).toMatchObject({
    handle: "bob@b.test",
    name: "Bob",
    path: "/@bob@b.test",
    url: "https://b.test/@bob",
    host: "b.test",
    iconUrl: "https://b.test/i.png",
    approvesFollowers: true,
  });
  expect(actor.summaryHtml).not.toContain("script");
  expect(actor.fields[0]?.valueHtml).toContain("https://x.test");
});

test("an actor whose name was never confirmed has a page by its key", () => {
  expect(readActor({ preferredUsername: "bob" })).toMatchObject({
    handle: "bob@b.test",
    name: "bob",
    path: `/@~${readActor({}).key}`,
  });
});

interface Vector {
  readonly path: string;
}

test.skipIf(!hasVectors("documents/index.json"))(
  "every published document of a real server makes a view",
  () => {
    const index = readVectors<readonly Vector[]>("documents/index.json");
    for (const { path } of index) {
      const document = readVectors<Record<string, unknown>>(`documents/${path}`);
      const inner = document.object;
      for (const one of [document, ...(typeof inner === "object" && inner !== null ? [inner] : [])]) {
        const view = read(one as Record<string, unknown>);
        expect(view.ancestry.length).toBeGreaterThan(0);
        expect(readActor(one as Record<string, unknown>).handle).not.toBe("");
      }
    }
    expect(index.length).toBeGreaterThan(100);
  },
);
