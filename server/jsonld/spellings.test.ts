/** Several spellings of one thing, read as one and written as all. */
import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { vocabularies } from "../vocab/index.ts";
import { createJsonld } from "./jsonld.ts";

const { normalise, publish } = createJsonld({ vocabularies });
const QUOTED = "https://b.test/notes/1";
const LINK = {
  type: "Link",
  mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
  rel: "https://misskey-hub.net/ns#_misskey_quote",
  href: QUOTED,
};

test.each<[string, JsonObject]>([
  ["quote", { quote: QUOTED }],
  ["quoteUrl", { quoteUrl: QUOTED }],
  ["quoteUri", { quoteUri: QUOTED }],
  ["_misskey_quote", { _misskey_quote: QUOTED }],
  ["a link among the tags (FEP-e232)", { tag: [{ type: "Hashtag", name: "#x" }, LINK] }],
  ["its whole name", { "https://w3id.org/fep/044f#quote": QUOTED }],
])("a quote as %s is a quote, in whatever carries it", async (_, said) => {
  const note = { type: "Note", id: "https://a.test/1", ...said };
  expect(await normalise(note)).toMatchObject({ quote: QUOTED });
  const carried = await normalise({ type: "Announce", object: { type: "Create", object: note } });
  expect(carried).toMatchObject({ object: { object: { quote: QUOTED } } });
  for (const name of ["quoteUrl", "quoteUri", "_misskey_quote"])
    expect(await normalise(note)).not.toHaveProperty(name);
});

test("the newest name counts, and a link for something else is no quote", async () => {
  expect(await normalise({ type: "Note", quote: QUOTED, quoteUrl: "https://c.test/" })).toMatchObject({
    quote: QUOTED,
  });
  const other = await normalise({ type: "Note", tag: [{ ...LINK, rel: "canonical" }] });
  expect(other).not.toHaveProperty("quote");
});

test("a quote leaves under every name, once each, and a text that is called so stays a text", () => {
  const published = publish({ type: "Create", object: { type: "Note", quote: QUOTED } });
  expect(published.object).toMatchObject({
    quote: QUOTED,
    quoteUrl: QUOTED,
    quoteUri: QUOTED,
    _misskey_quote: QUOTED,
    tag: [LINK],
  });
  const again = publish({ type: "Note", quote: QUOTED, tag: [LINK] });
  expect(again.tag).toHaveLength(1);
  expect(JSON.stringify(published["@context"])).toContain("https://w3id.org/fep/044f#quote");
  expect(publish({ type: "Quotation", quote: "<p>Call me Ishmael.</p>" })).not.toHaveProperty("quoteUrl");
});

test.each(["🔥", "❤", "❤️", "👩‍🏫", "🇩🇪", "1️⃣", ":blobcat:", ":cat@b.test:"])(
  "a Like with %s is a reaction",
  async (content) => {
    expect(
      await normalise({ type: "Like", actor: "https://a.test/a", object: QUOTED, content }),
    ).toMatchObject({
      type: "EmojiReact",
      content,
    });
  },
);

test.each(["", "unused", "yes!", "1", "🔥🔥"])("a Like with “%s” is a like", async (content) => {
  expect(await normalise({ type: "Like", actor: "https://a.test/a", object: QUOTED, content })).toMatchObject(
    { type: "Like" },
  );
});

describe.skipIf(!hasVectors("documents"))("published documents", () => {
  test.each([
    [
      "fedibird/objects/fedibird_quote_uri.json",
      "https://fedibird.com/users/yamako/statuses/107699333438289729",
    ],
    ["misskey/objects/misskey_quote_post.json", "https://misskey.io/notes/8vs6wxufd0"],
    ["granary/quote.as2.json", "https://bsky.app/orig/post"],
  ])("%s quotes %s", async (path, quoted) => {
    expect(await normalise(readVectors<JsonObject>(`documents/${path}`))).toMatchObject({ quote: quoted });
  });
});
