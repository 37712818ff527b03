/** Words that nobody here knows keep their meaning: through the door, together with others, and out again. */
import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../lib/json.ts";
import { expanded } from "../testing/meanings.ts";
import { vocabularies } from "../vocab/index.ts";
import { MAX_DEFINITIONS, MAX_DEFINITIONS_LENGTH, MAX_UNKNOWN_CONTEXTS } from "./kept.ts";
import { createNormalise } from "./normalise.ts";
import { createPublish } from "./publish.ts";
import { inherit, settle } from "./settle.ts";

const AS = "https://www.w3.org/ns/activitystreams";
const REC = "https://recipes.example/ns#";
const normalise = createNormalise(vocabularies);
const publish = createPublish(vocabularies);
const kept = async (context: Json, rest: JsonObject) =>
  (await normalise({ "@context": context, ...rest }))["@context"];

test("a document keeps the definitions of its unknown words, and is published with them", async () => {
  const document = {
    "@context": [
      AS,
      {
        Cook: `${REC}Cook`,
        rec: REC,
        servings: "rec:servings",
        unused: "rec:unused",
        sensitive: "as:sensitive",
      },
    ],
    type: "Cook",
    actor: "https://a.test/bob",
    object: { type: "Note", servings: 4, sensitive: true },
  };
  const read = await normalise(document);
  const { "@context": _, ...said } = document;
  expect(read).toEqual({ "@context": { Cook: `${REC}Cook`, servings: `${REC}servings` }, ...said });
  const published = publish(read);
  expect(published["@context"]).toEqual([
    AS,
    { Cook: `${REC}Cook`, sensitive: "as:sensitive", servings: `${REC}servings` },
  ]);
  expect(await expanded(published)).toEqual(await expanded(document));
});

describe("a processor understands the same before and after", () => {
  const note = (rest: JsonObject): JsonObject => ({ type: "Note", ...rest });
  test.each<[string, JsonObject]>([
    [
      "words with prefixes",
      { "@context": [AS, { rec: REC }], type: ["Note", "rec:Recipe"], "rec:servings": 4 },
    ],
    ["a prefix in an address", { "@context": [AS, { rec: REC }], ...note({ tag: { id: "rec:soup" } }) }],
    [
      "prefixes of prefixes",
      {
        "@context": [AS, { base: "https://r.example/", rec: "base:ns#", a: "rec:a" }],
        ...note({ a: 1, "rec:b": 2 }),
      },
    ],
    [
      "addresses, times, lists and sets",
      {
        "@context": [
          AS,
          {
            rec: REC,
            source1: { "@id": "rec:source", "@type": "@id" },
            best: { "@id": "rec:best", "@type": "xsd:dateTime" },
            unit: { "@id": "rec:unit", "@type": "rec:Unit" },
            steps: { "@id": "rec:steps", "@container": "@list" },
            tools: { "@id": "rec:tools", "@container": ["@set"], "@type": "@id" },
            "rec:photo": { "@type": "@id" },
          },
        ],
        ...note({
          source1: "https://a.test/1",
          best: "2026-01-01T00:00:00Z",
          unit: "g",
          steps: ["a", "b"],
          tools: ["https://a.test/pan"],
          "rec:photo": "https://a.test/p.jpg",
        }),
      },
    ],
    [
      "texts by language",
      {
        "@context": [AS, { dish: { "@id": `${REC}dish`, "@container": "@language" }, en: `${REC}en` }],
        ...note({ dish: { en: "soup", de: "Suppe" } }),
      },
    ],
    [
      "words as values",
      {
        "@context": [
          AS,
          { level: { "@id": `${REC}level`, "@type": "@vocab" }, easy: `${REC}easy`, rec: REC },
        ],
        ...note({ level: ["easy", "rec:hard"] }),
      },
    ],
    [
      "a vocabulary for all words",
      { "@context": [AS, { "@vocab": REC }], ...note({ servings: 4, content: "x" }) },
    ],
    [
      "a vocabulary before ActivityStreams, which is none",
      { "@context": [{ "@vocab": REC }, AS], ...note({ servings: 4 }) },
    ],
    ["a word that means another", { "@context": [AS, { a: "b", b: `${REC}b` }], ...note({ a: 1 }) }],
    [
      "a prefix of ours that means something else",
      {
        "@context": [AS, { toot: "https://o.example/#", t: "toot:t" }],
        ...note({ "toot:featured": 1, t: 2 }),
      },
    ],
    [
      "prefixes of ours",
      { "@context": [AS, { toot: "http://joinmastodon.org/ns#" }], ...note({ "toot:odd": 1 }) },
    ],
    [
      "words that another context of ours knows",
      {
        "@context": [AS, { dc: "http://purl.org/dc/terms/", creator: "dc:creator" }],
        ...note({ creator: "x" }),
      },
    ],
    [
      "a prefix that does not end as one",
      { "@context": [AS, { p: { "@id": `${REC}x-`, "@prefix": true } }], ...note({ "p:y": 1 }) },
    ],
    [
      "definitions one after the other",
      { "@context": [AS, { a: `${REC}1` }, { a: `${REC}2` }], ...note({ a: 1 }) },
    ],
    [
      "a part with a context of its own",
      { "@context": AS, ...note({ tag: [{ "@context": { a: `${REC}a` }, a: 1 }, { type: "Mention" }] }) },
    ],
    [
      "parts that mean something else by one word",
      {
        "@context": [AS, { a: `${REC}1` }],
        ...note({
          a: 1,
          tag: [
            { "@context": { a: `${REC}2` }, a: 2, tag: { a: 3 } },
            { "@context": { a: `${REC}1` }, a: 4 },
          ],
        }),
      },
    ],
    [
      "a part that defines what the whole does not",
      { "@context": AS, ...note({ a: 1, tag: { "@context": { a: `${REC}2` }, a: 2 } }) },
    ],
    [
      "value objects",
      {
        "@context": [AS, { rec: REC, servings: "rec:servings" }],
        ...note({ content: { "@value": "x" }, servings: 4 }),
      },
    ],
  ])("of %s", async (_, document) => {
    const read = await normalise(document);
    const published = publish(read);
    expect(await expanded(published)).toEqual(await expanded(document));
    expect(await normalise(published)).toEqual(read);
  });
});

describe("parts with a context of their own", () => {
  test("share one at the top where they agree, and keep theirs where they do not", async () => {
    const one = { "@context": [AS, { a: `${REC}1`, b: `${REC}b` }], type: "Note", a: 1, b: 1 };
    const other = { "@context": [AS, { a: `${REC}2`, b: `${REC}b` }], type: "Note", a: 2, b: 2 };
    const read: unknown = await normalise({ "@context": AS, type: "Collection", items: [other, one] });
    expect(read).toEqual({
      "@context": { a: `${REC}1`, b: `${REC}b` },
      type: "Collection",
      items: [
        { "@context": { a: `${REC}2` }, type: "Note", a: 2, b: 2 },
        { type: "Note", a: 1, b: 1 },
      ],
    });
  });

  test("are published so too, wherever they were stored", async () => {
    const one = await normalise({ "@context": [AS, { a: `${REC}1` }], type: "Note", a: 1 });
    const other = await normalise({ "@context": [AS, { a: `${REC}2` }], type: "Note", a: 2 });
    expect(publish({ type: "Create", object: one })).toEqual({
      "@context": [AS, { a: `${REC}1` }],
      type: "Create",
      object: { type: "Note", a: 1 },
    });
    expect(publish({ type: "Collection", items: [other, one] })).toMatchObject({
      "@context": [AS, { a: `${REC}1` }],
      items: [{ "@context": { a: `${REC}2` } }, { type: "Note", a: 1 }],
    });
  });

  test("take along what they use when they are taken out, and leave what only they used", () => {
    const context = ["https://unknown.test/", { Cook: `${REC}Cook`, a: `${REC}a` }];
    const cook = { "@context": context, type: "Cook", object: { type: "Note", a: 1 } };
    const taken: unknown = inherit(cook, cook.object);
    expect(taken).toEqual({
      "@context": ["https://unknown.test/", { a: `${REC}a` }],
      type: "Note",
      a: 1,
    });
    expect(settle({ ...cook, object: "https://a.test/1" })["@context"]).toEqual([
      "https://unknown.test/",
      { Cook: `${REC}Cook` },
    ]);
  });
});

describe("contexts that only their address tells", () => {
  const urls = (...more: string[]): Json => [AS, ...more];

  test("are named again where a word has no other meaning, before ours", async () => {
    const read = await normalise({ "@context": urls("https://c.test/1"), type: "Note", mystery: 1 });
    expect(read["@context"]).toBe("https://c.test/1");
    expect(publish(read)["@context"]).toEqual(["https://c.test/1", AS]);
    expect(await kept(["https://c.test/1", AS, { a: "theirs:a" }], { a: 1 })).toEqual([
      "https://c.test/1",
      { a: "theirs:a" },
    ]);
  });

  test("are forgotten where every word is known", async () => {
    expect(await kept(urls("https://c.test/1"), { type: "Note", content: "x" })).toBeUndefined();
    expect(await kept([AS, "https://c.test/1", { a: `${REC}a` }], { "as:name": "x", a: 1 })).toEqual({
      a: `${REC}a`,
    });
  });

  test("are few, and https", async () => {
    const many = Array.from({ length: 9 }, (_, i) => `https://c.test/${i}`);
    expect(await kept(urls(...many), { mystery: 1 })).toEqual(many.slice(0, MAX_UNKNOWN_CONTEXTS));
    for (const url of [
      "http://c.test/",
      "ftp://c.test/",
      "/c",
      'https://c.test/"',
      `https://c.test/${"x".repeat(999)}`,
    ])
      expect([url, await kept(urls(url), { mystery: 1 })]).toEqual([url, undefined]);
  });
});

describe("a hostile context", () => {
  const actor = "https://a.test/bob";
  const like = { id: "https://a.test/1", type: "Like", actor, object: "https://b.test/1" };
  const chain = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`t${i}`, `t${i + 1}:aaaaaaaa`]));

  test.each<[string, Json]>([
    ["gives our words another meaning", { actor: "as:object", object: "as:actor", id: "@type", type: "@id" }],
    ["gives our words the meaning of keywords", { actor: "@id", object: "@graph", Like: "as:Delete" }],
    ["has keywords of its own", { "@id": "as:actor", "@type": "as:object", "@foo": "as:actor" }],
    ["puts ours under a prefix", { "as:actor": "https://evil.test/", "as:Like": "as:Delete" }],
    ["lends a prototype", JSON.parse('{"__proto__":{"actor":"as:object"},"constructor":"as:actor"}')],
    ["turns in circles", { a: "b:x", b: "a:x", c: "c:c", d: "d", e: { "@id": "e:e", "@type": "e" } }],
    ["is deep", Array.from({ length: 40 }).reduce<Json>((inner) => [inner], { actor: "as:object" })],
    ["is long", chain],
    ["is longer", Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`t${i}`, "as:actor"]))],
    ["is of the wrong kind", [7, null, true, { actor: 7, type: [], id: null, a: { "@id": {} } }]],
    ["has definitions of the wrong kind", { a: { "@id": `${REC}a`, "@type": 7, "@container": [7] } }],
    ["imports", { "@import": "https://evil.test/", "@propagate": false, "@base": "https://evil.test/" }],
    ["protects", { "@protected": true, "@version": 1.1, actor: { "@id": "as:object", "@protected": true } }],
  ])("that %s changes nothing", async (_, context) => {
    const read = await normalise({ "@context": [AS, context], ...like });
    expect(read).toEqual(like);
    expect(publish(read)).toEqual({ "@context": AS, ...like });
    const smuggled = publish({ "@context": context, ...like, object: { "@context": context, type: "Note" } });
    expect(smuggled).toEqual({ "@context": AS, ...like, object: { type: "Note" } });
    expect(publish(inherit({ "@context": context }, like))).toEqual({ "@context": AS, ...like });
  });

  test.each<[string, Json]>([
    ["a keyword by another name", { a: "@reverse" }],
    ["a context of its own", { a: { "@id": `${REC}a`, "@context": { actor: "as:object" } } }],
    ["what it is the reverse of", { a: { "@reverse": "as:object" } }],
    ["an odd container", { a: { "@id": `${REC}a`, "@container": "@index" } }],
    ["no address", { a: "no address" }],
    ["no end", { a: `https://e.test/${"x".repeat(999)}` }],
    ["something with markup in it", { a: "https://e.test/<script>" }],
  ])("that gives a word %s gives it no meaning", async (_, context) => {
    expect((await normalise({ "@context": [AS, context], a: "x" }))["@context"]).toBeUndefined();
  });

  test("leaves at most so many definitions, of so many characters", async () => {
    const many = (count: number, length: number): JsonObject =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`t${i}`, `${REC}${"x".repeat(length)}${i}`]),
      );
    for (const definitions of [many(MAX_DEFINITIONS + 9, 1), many(MAX_DEFINITIONS, 200)]) {
      const used = Object.fromEntries(Object.keys(definitions).map((word) => [word, 1]));
      const left = (await kept([AS, definitions], used)) as JsonObject;
      expect(Object.keys(left).length).toBeGreaterThan(9);
      expect(Object.keys(left).length).toBeLessThanOrEqual(MAX_DEFINITIONS);
      expect(JSON.stringify(left).length).toBeLessThanOrEqual(MAX_DEFINITIONS_LENGTH);
    }
  });
});
