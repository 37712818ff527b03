/** Documents as they come in, in every legal shape, become one compact form. */
import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../lib/json.ts";
import { createNormalise } from "./normalise.ts";
import { MAX_ARRAY_LENGTH, MAX_CONTEXTS, MAX_DEPTH, MAX_NODES } from "./plain.ts";
import type { Vocabulary } from "./terms.ts";

const AS = "https://www.w3.org/ns/activitystreams";
const PUBLIC = `${AS}#Public`;
const vocabularies: readonly Vocabulary[] = [
  {
    context: {
      toot: "http://joinmastodon.org/ns#",
      featured: { "@id": "toot:featured", "@type": "@id" },
      Emoji: "toot:Emoji",
      schema: "http://schema.org#",
      PropertyValue: "schema:PropertyValue",
      license: { "@id": "schema:license", "@type": "@id" },
    },
    types: { EmojiReact: { iri: "http://litepub.social/ns#EmojiReact" } },
  },
];
const normalise = createNormalise(vocabularies);
const note = (rest: JsonObject): JsonObject => ({ "@context": AS, type: "Note", ...rest });

test.each<[string, JsonObject, JsonObject]>([
  [
    "loses its context and nothing else",
    note({ content: "x", unknown: { a: [1] } }),
    { type: "Note", content: "x", unknown: { a: [1] } },
  ],
  [
    "has whole texts and names, and addresses as they are",
    note({
      name: "half \ud83d",
      contentMap: { en: "\0" },
      tag: [{ name: "#\udc00" }],
      "ex:\ud800": 1,
      url: "\ud800",
    }),
    {
      type: "Note",
      name: "half \ufffd",
      contentMap: { en: "\ufffd" },
      tag: [{ name: "#\ufffd" }],
      "ex:\ufffd": 1,
      url: "\ud800",
    },
  ],
  ["needs no context", { type: "Note", name: "x" }, { type: "Note", name: "x" }],
  ["may be empty", {}, {}],
  [
    "has id and type in the place of keywords",
    { "@id": "https://a.test/", "@type": "Note" },
    { id: "https://a.test/", type: "Note" },
  ],
  [
    "may have several types",
    note({ type: ["as:Note", `${AS}#Article`, "x:Y"] }),
    { type: ["Note", "Article", "x:Y"] },
  ],
  [
    "may have prefixed terms",
    { "as:name": "x", "as:attributedTo": { "@id": "https://a.test/" } },
    { name: "x", attributedTo: { id: "https://a.test/" } },
  ],
  [
    "may spell terms out",
    { [`${AS}#name`]: "x", "http://www.w3.org/ns/activitystreams#summary": "y" },
    { name: "x", summary: "y" },
  ],
  [
    "keeps terms that nobody knows",
    { "ex:a": 1, "https://ex.test/b": 2, c: 3 },
    { "ex:a": 1, "https://ex.test/b": 2, c: 3 },
  ],
  [
    "keeps null, which removes a property in an Update",
    note({ summary: null }),
    { type: "Note", summary: null },
  ],
  [
    "keeps hidden recipients",
    note({ bto: "https://a.test/", bcc: ["https://b.test/"] }),
    { type: "Note", bto: "https://a.test/", bcc: ["https://b.test/"] },
  ],
  [
    "keeps maps from languages to texts",
    note({ contentMap: { as: "অ", id: "b", "@none": "c", de: ["d", "e"], x: 1 } }),
    { type: "Note", contentMap: { as: "অ", id: "b", und: "c", de: "d" } },
  ],
  [
    "has such a map under the map's name",
    note({ name: { en: "a", fr: "b" }, "as:summaryMap": { en: "c" } }),
    { type: "Note", nameMap: { en: "a", fr: "b" }, summaryMap: { en: "c" } },
  ],
  [
    "has no empty addresses",
    note({ inReplyTo: "", to: ["", "https://a.test/"], name: "" }),
    { type: "Note", to: ["https://a.test/"], name: "" },
  ],
])("a document %s", async (_, document, expected) => {
  expect(await normalise(document)).toEqual(expected);
});

test("a document cannot lend its object a prototype", async () => {
  const read = await normalise(JSON.parse('{"__proto__":{"type":"Note"},"constructor":"x"}'));
  expect(read).toEqual({ constructor: "x" } as never);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(read.type).toBeUndefined();
});

describe("Public", () => {
  test.each(["as:Public", "Public", PUBLIC, "http://www.w3.org/ns/activitystreams#Public"])(
    "is one address when spelt %s",
    async (spelling) => {
      expect(
        await normalise(note({ to: spelling, cc: [spelling], audience: { id: spelling } })),
      ).toMatchObject({
        to: PUBLIC,
        cc: [PUBLIC],
        audience: { id: spelling === "Public" ? "Public" : PUBLIC },
      });
    },
  );

  test("is a word like any other in texts and names", async () => {
    const document = { name: "Public", content: "as:Public", tag: "Public" };
    expect(await normalise(document)).toEqual(document);
  });

  test("may be followed, as relays ask for", async () => {
    expect(await normalise({ type: "Follow", object: "as:Public" })).toEqual({
      type: "Follow",
      object: PUBLIC,
    });
  });
});

describe("a document's own terms", () => {
  test("mean ours where they lead to the same address", async () => {
    const context = [
      AS,
      {
        m: "http://joinmastodon.org/ns#",
        sc: "https://schema.org/",
        pinned: "m:featured",
        licence: { "@id": "sc:license" },
        Smiley: "m:Emoji",
        react: { "@id": "as:object", "@type": "@id" },
        self: "@id",
        kind: "@type",
      },
    ];
    expect(
      await normalise({
        "@context": context,
        self: "https://a.test/1",
        kind: ["Smiley", "sc:PropertyValue"],
        pinned: "https://a.test/p",
        "m:featured": "https://a.test/q",
        licence: "https://l.test/",
        react: "https://b.test/",
      }),
    ).toEqual({
      id: "https://a.test/1",
      type: ["Emoji", "PropertyValue"],
      featured: "https://a.test/p",
      license: "https://l.test/",
      object: "https://b.test/",
    });
  });

  test("keep their names where they lead elsewhere", async () => {
    const document = {
      "@context": [AS, { sc: "http://schema.org/", location: { "@id": "sc:location", "@type": "sc:Place" } }],
      location: { name: "Town hall" },
      "sc:price": 3,
    };
    expect(await normalise(document)).toEqual({
      "@context": { sc: "http://schema.org/" },
      location: { name: "Town hall" },
      "sc:price": 3,
    });
  });

  test("cannot stand in front of what is said outright", async () => {
    const context = [AS, { a: "as:actor", b: "@id", c: { "@id": "as:id" }, d: "@type" }];
    const document = {
      "@context": context,
      a: "https://evil.test/",
      actor: "https://a.test/",
      b: "https://evil.test/1",
      id: "https://a.test/1",
      c: "https://evil.test/2",
    };
    expect(await normalise(document)).toMatchObject({ actor: "https://a.test/", id: "https://a.test/1" });
    expect(await normalise({ "@context": context, c: "https://evil.test/2" })).not.toHaveProperty("id");
  });

  test("hold inside embedded objects, which may add their own", async () => {
    const document = {
      "@context": [AS, { m: "http://joinmastodon.org/ns#" }],
      object: { "m:featured": "x", inner: { "@context": { f: "m:featured" }, f: "y" } },
      f: "z",
    };
    expect(await normalise(document)).toEqual({
      object: { featured: "x", inner: { featured: "y" } },
      f: "z",
    });
  });

  test("of contexts that we do not know keep their names, and nothing is fetched", async () => {
    const document = {
      "@context": ["https://unknown.test/context", { "@language": "und" }],
      type: "ChatMessage",
      directMessage: true,
    };
    expect(await normalise(document)).toEqual({
      "@context": "https://unknown.test/context",
      type: "ChatMessage",
      directMessage: true,
    });
  });
});

describe("JSON-LD", () => {
  test("in expanded form is compacted to our names", async () => {
    expect(
      await normalise({
        "@type": [`${AS}#Create`],
        [`${AS}#actor`]: [{ "@id": "https://a.test/" }],
        [`${AS}#to`]: [{ "@id": PUBLIC }],
        [`${AS}#object`]: [
          {
            "@type": [`${AS}#Note`],
            [`${AS}#content`]: [{ "@value": "hallo", "@language": "de" }, { "@value": "hello" }],
            "http://joinmastodon.org/ns#featured": [{ "@id": "https://a.test/f" }],
          },
        ],
      }),
    ).toMatchObject({
      type: "Create",
      actor: "https://a.test/",
      to: PUBLIC,
      object: { type: "Note", content: "hello", contentMap: { de: "hallo" }, featured: "https://a.test/f" },
    });
  });

  test("keeps unknown terms there too", async () => {
    const document = {
      "@context": [AS, "https://unknown.test/"],
      type: "Note",
      mystery: "x",
      content: { "@value": "y" },
    };
    expect(await normalise(document)).toEqual({
      "@context": "https://unknown.test/",
      type: "Note",
      mystery: "x",
      content: "y",
    });
  });

  test("with intricate definitions is read by a processor", async () => {
    const document = {
      "@context": [
        AS,
        { wrote: { "@reverse": "as:attributedTo" }, by: { "@id": "as:items", "@container": "@index" } },
      ],
      type: "Collection",
      by: { one: { type: "Note", name: "x" } },
    };
    expect(await normalise(document)).toMatchObject({
      type: "Collection",
      items: { type: "Note", name: "x" },
    });
  });

  test("that contradicts itself is read without it", async () => {
    const document = {
      "@context": [AS, { a: { "@id": "b:", "@container": "@index", "@type": 3 } }],
      type: "Note",
      name: { "@value": "x" },
      a: 1,
    };
    expect(await normalise(document)).toEqual({ type: "Note", name: "x", a: 1 });
  });

  test.each(["@graph", "@included", "@reverse"])("with %s is refused at any depth", async (keyword) => {
    for (const document of [{ [keyword]: [] }, { object: [{ [keyword]: {} }] }])
      await expect(normalise(document as JsonObject)).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("limits", () => {
  const nested = (depth: number): Json => (depth === 0 ? "x" : { a: nested(depth - 1) });

  test.each<[string, JsonObject, JsonObject]>([
    ["levels", { a: nested(MAX_DEPTH) }, { a: nested(MAX_DEPTH + 1) }],
    [
      "entries",
      { to: Array(MAX_ARRAY_LENGTH).fill("https://a.test/") },
      { to: Array(MAX_ARRAY_LENGTH + 1).fill("https://a.test/") },
    ],
    [
      "contexts",
      { items: Array(MAX_CONTEXTS).fill({ "@context": AS }) },
      { items: Array(MAX_CONTEXTS + 1).fill({ "@context": AS }) },
    ],
    [
      "values",
      { items: Array(29).fill(Array(1_000).fill(1)) },
      { items: Array(Math.ceil(MAX_NODES / 1_000)).fill(Array(1_000).fill(1)) },
    ],
  ])("a document with as many %s as allowed is read, one with more is refused", async (_, good, bad) => {
    expect(await normalise(good)).toBeDefined();
    await expect(normalise(bad)).rejects.toMatchObject({ code: "invalid" });
  });

  test.each([null, [], "x", 1])("%p is no document", async (document) => {
    await expect(normalise(document)).rejects.toMatchObject({ code: "invalid" });
  });

  test("contexts inside definitions are not read, so that a short document cannot cost seconds", async () => {
    const scope = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`t${i}`, "as:name"]));
    const document = {
      "@context": [AS, { T: { "@id": "as:T", "@context": scope } }],
      items: Array(1_900).fill({ type: "T", t1: "x", content: { "@value": "y" } }),
    };
    expect(await normalise(document)).toMatchObject({ items: { 0: { type: "T", t1: "x", content: "y" } } });
  });

  test("a context of thousands of terms is not looked at", async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`t${i}`, "as:name"]));
    expect(await normalise({ "@context": [AS, many], t1: "x" })).toEqual({ t1: "x" });
  });
});
