/** Properties of things as words: lengths, names, paths, and what else is attached. */
import { describe, expect, test } from "bun:test";
import { readParts as read } from "../testing/parts.ts";

const factsOf = (document: Record<string, unknown>, language = "en") =>
  Object.fromEntries(
    read(document, { language }).facts.map(({ label, values }) => [label, values.join(" | ")]),
  );

describe("lengths", () => {
  test.each([
    ["PT1145S", "19 min, 5 sec"],
    ["PT2H30M", "2 hr, 30 min"],
    ["P1DT1H", "25 hr"],
    [213, "3 min, 33 sec"],
    ["half an hour", "half an hour"],
  ])("%p is %p", (duration, said) => expect(factsOf({ type: "Video", duration })).toEqual({ Length: said }));

  test.each(["PT0S", 0, {}, "P999999999D"])("of nothing or beyond sense are not told (%p)", (duration) => {
    expect(Object.keys(factsOf({ type: "Video", duration }))).toEqual(
      duration === "P999999999D" ? ["Length"] : [],
    );
  });

  test("are told in the language of whoever looks", () => {
    expect(factsOf({ type: "Video", duration: "PT90S" }, "de")).toEqual({ Dauer: "1 Min., 30 Sek." });
  });
});

describe("paths", () => {
  const artist = { type: "Artist", name: "Choir" };

  test("lead through things and lists, and one fact told in two ways is told once", () => {
    const track = { artists: [artist], artist_credit: [{ artist }], album: { name: "Ice" } };
    expect(factsOf({ type: "Audio", track })).toEqual({ By: "Choir", Album: "Ice" });
    expect(factsOf({ type: "Audio", track: { artists: [artist] } })).toEqual({ By: "Choir" });
  });

  test.each([null, "x", [[]], { artists: { name: {} } }, { album: [null, 4, []] }])(
    "through %j lead nowhere",
    (track) => {
      expect(Object.values(factsOf({ type: "Audio", track })).join("")).toMatch(/^4?$/);
    },
  );
});

describe("what hangs on a thing", () => {
  const urls = (document: Record<string, unknown>) =>
    read(document).attachments.map(({ kind, url, posterUrl }) => [kind, url, posterUrl ?? null]);

  test("a film that only its page can play is that page, with its widest still", () => {
    const icon = (width: number) => ({ type: "Image", url: `https://b.test/${width}.jpg`, width });
    const film = { type: "Video", url: [{ type: "Link", mediaType: "text/html", href: "https://b.test/w" }] };
    expect(urls({ ...film, icon: [icon(280), icon(850)] })).toEqual([
      ["link", "https://b.test/w", "https://b.test/850.jpg"],
    ]);
    const attached = { type: "Video", url: "https://b.test/v.mp4" };
    expect(urls({ ...film, attachment: [attached] })).toEqual([["video", "https://b.test/v.mp4", null]]);
  });

  test("a page at another host is what the post is about", () => {
    const page = { type: "Page", name: "News", url: "https://news.test/a" };
    expect(urls(page)).toEqual([["link", "https://news.test/a", null]]);
    expect(read(page).originUrl).toBe("https://b.test/1");
    expect(urls({ type: "Page", url: "https://b.test/p/1" })).toEqual([]);
  });

  test("ampersands that were escaped once too often are put right", () => {
    expect(urls({ type: "Article", image: { url: "https://b.test/i?w=1&#038;h=2&amp;c=3" } })).toEqual([
      ["image", "https://b.test/i?w=1&h=2&c=3", null],
    ]);
  });

  test("what a review is about is a link by its own name, or by what it is", () => {
    const named = { type: "Review", inReplyToBook: "https://b.test/book/1" };
    expect(read(named).attachments).toMatchObject([{ kind: "link", name: "About this book" }]);
    const told = { type: "Review", inReplyToBook: { id: "https://b.test/book/1", title: "Ice" } };
    expect(read(told).attachments).toMatchObject([{ url: "https://b.test/book/1", name: "Ice" }]);
  });

  test("a type that is an address is called by its end", () => {
    expect(read({ type: "https://forge.test/ns#Ticket" }).typeLabel).toBe("Ticket");
    expect(read({ type: "ValueFlows:Intent" }).typeLabel).toBe("Intent");
  });
});
