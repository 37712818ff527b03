/** What is stored is short, and what is read is what was given, whatever was given. */
import { describe, expect, test } from "bun:test";
import { keyAt } from "../lib/id.ts";
import type { AsObject } from "./object.ts";
import { PUBLIC } from "./object.ts";
import { fromStored, type RowWords, toStored } from "./stored.ts";

const OWNER = "https://a.test/users/ann";
const AT = "2026-11-22T10:00:00Z";
const row: RowWords = {
  key: keyAt(Date.parse(AT)) + 300 * 2048 + 7,
  iri: "https://a.test/objects/1",
  kind: "object",
  type: "Note",
  ownerIri: OWNER,
};
const note: AsObject = {
  id: row.iri,
  type: "Note",
  attributedTo: OWNER,
  published: AT,
  to: [PUBLIC],
  cc: [`${OWNER}/followers`, "https://b.test/users/bob"],
  content: "<p>Hello, world</p>",
  source: { content: "Hello, world", mediaType: "text/markdown" },
};

const again = (document: AsObject, of: RowWords = row, hasSubject = false): AsObject =>
  fromStored(toStored(document, of, hasSubject), of);

describe("a post of somebody here", () => {
  test("is stored without what its row says, and read whole", () => {
    expect(JSON.parse(toStored(note, row, false))).toEqual({
      "=": "tosPw",
      cc: ["https://b.test/users/bob"],
      content: "Hello, world",
    });
    expect(again(note)).toEqual(note);
  });

  test("of one for everybody the text alone is stored", () => {
    const { cc: _, ...rest } = note;
    const plain = { ...rest, cc: [`${OWNER}/followers`] };
    expect(toStored(plain, row, false)).toBe('{"=":"tosPw","content":"Hello, world"}');
    expect(again(plain)).toEqual(plain);
  });

  test.each<[string, string, AsObject]>([
    ["quiet", "Q", { to: [`${OWNER}/followers`], cc: [PUBLIC, "https://b.test/users/bob"] }],
    ["for followers", "F", { to: [`${OWNER}/followers`, "https://b.test/users/bob"], cc: [] }],
    ["in a group", "P", { to: [PUBLIC, "https://a.test/users/club"] }],
    ["for its author's lists", "P", { audience: [`${OWNER}/lists/1`] }],
  ])("one that is %s is read whole", (_, letter, audience) => {
    const document = { ...note, ...audience };
    expect(JSON.parse(toStored(document, row, false))["="]).toContain(letter);
    expect(again(document)).toEqual(document);
  });

  test.each<[string, AsObject]>([
    ["in the one language that it says", { contentMap: { en: "<p>Hello, world</p>" } }],
    ["with a translation", { contentMap: { en: "<p>Hello, world</p>", de: "<p>Hallo, Welt</p>" } }],
    ["with a translation alone", { contentMap: { de: "<p>Hallo, Welt</p>" } }],
    [
      "with markup",
      { content: "<p><b>Hello</b></p>", source: { content: "**Hello**", mediaType: "text/markdown" } },
    ],
    ["without markup", { source: { content: "Hello, world", mediaType: "text/plain" } }],
    ["in another form of text", { source: { content: "Hello, world", mediaType: "text/bbcode" } }],
    ["in a form of text that nobody names", { source: { content: "Hello, world" } }],
    [
      "with more to say of its source",
      { source: { content: "Hello, world", mediaType: "text/plain", name: "x" } },
    ],
    ["that says nothing", { content: "<p></p>", source: { content: "", mediaType: "text/markdown" } }],
  ])("a text %s is read whole", (_, difference) => {
    expect(again({ ...note, ...difference })).toEqual({ ...note, ...difference });
  });

  test("one that was stored in a longer form is read whole", () => {
    const stored = {
      "=": "tosap",
      to: ["P"],
      cc: ["~followers", "https://b.test/users/bob"],
      content: "<p>Hello, world</p>",
      source: { mediaType: "text/markdown" },
    };
    expect(fromStored(JSON.stringify(stored), row)).toEqual(note);
  });

  test("its Create is a line", () => {
    const create: AsObject = {
      id: "https://a.test/activities/2",
      type: "Create",
      actor: OWNER,
      published: "2026-11-22T10:00:00.300Z",
      to: [PUBLIC],
      object: row.iri,
    };
    const ofCreate: RowWords = { ...row, iri: create.id ?? "", kind: "activity", type: "Create" };
    expect(toStored(create, ofCreate, true)).toBe('{"=":"toma","to":["P"]}');
    const { object: _, ...rest } = create;
    expect(again(create, ofCreate, true)).toEqual(rest);
  });
});

test("of a thing from elsewhere the lists at their usual addresses are not stored", () => {
  const theirs = {
    ...note,
    replies: `${row.iri}/replies`,
    likes: `${row.iri}/likes`,
    shares: `${row.iri}/shares`,
  };
  expect(toStored(theirs, row, false)).toBe(
    '{"=":"tosPwrlh","cc":["https://b.test/users/bob"],"content":"Hello, world"}',
  );
  expect(again(theirs)).toEqual(theirs);
  const others = {
    ...note,
    replies: `${row.iri}/comments`,
    likes: { id: `${row.iri}/likes`, totalItems: 3 },
  };
  expect(again(others)).toEqual(others);
});

describe("what is unlike its row is stored as it is", () => {
  test.each<[string, AsObject]>([
    ["another type, or several", { type: ["Note", "Recipe"] }],
    ["no type at all", { type: undefined as never }],
    ["an author who is not the owner", { attributedTo: "https://a.test/users/eve" }],
    ["several authors", { attributedTo: [OWNER, "https://a.test/users/eve"] }],
    ["an author as an object", { attributedTo: { id: OWNER, type: "Person" } }],
    ["another time", { published: "2026-11-22T10:00:01Z" }],
    ["the same time in another form", { published: "2026-11-22T11:00:00+01:00" }],
    ["a time that is none", { published: "yesterday" }],
    ["a source that is not the text", { source: { content: "Hello", mediaType: "text/markdown" } }],
    ["a source that is an address", { source: "https://a.test/source" }],
    ["a text with markup", { content: "<p>Hello, <b>world</b></p>" }],
    ["no text", { content: undefined as never }],
    ["one address that is no list", { to: PUBLIC, cc: `${OWNER}/followers` }],
    ["addresses with their objects", { to: [{ id: PUBLIC }, `${OWNER}/followers`] as never }],
  ])("%s", (_, difference) => {
    const document = JSON.parse(JSON.stringify({ ...note, ...difference }));
    expect(again(document)).toEqual(document);
  });

  test("a row without an owner, a type or a time of its own", () => {
    const bare: RowWords = { key: 0, iri: row.iri, kind: null, type: null, ownerIri: null };
    expect(again(note, bare)).toEqual(note);
  });
});

describe("nobody can make it read what was never written", () => {
  test.each<[string, AsObject]>([
    ["short forms as addresses", { to: ["P"], cc: ["~followers", PUBLIC] }],
    ["short forms beside true addresses", { to: [PUBLIC, "P"], cc: [`${OWNER}/followers`, "~x"] }],
    ["addresses that only begin like the owner's", { cc: [`${OWNER}s/followers`, `${OWNER}/`] }],
  ])("%s", (_, difference) => {
    const document = { ...note, ...difference };
    expect(again(document)).toEqual(document);
  });

  test("the mark of what is left out is not taken from others", () => {
    const { "=": _, ...rest } = { ...note, "=": "tosmap", type: "Article" } as AsObject;
    expect(again({ ...note, "=": "tosmap", type: "Article" })).toEqual(rest);
    expect(again({ content: "x", "=": "PQFwxrlh" } as AsObject)).toEqual({ id: row.iri, content: "x" });
  });

  test("hidden recipients are not stored", () => {
    expect(again({ ...note, bto: ["https://b.test/users/bob"], bcc: [OWNER] })).toEqual(note);
  });
});

test("whoever reads without the owner gets everything but whom it is from and for", () => {
  const { attributedTo: _, to: __, cc: ___, ...rest } = note;
  expect(fromStored(toStored(note, row, false), { ...row, ownerIri: null })).toMatchObject(rest);
});

test("what is damaged or buried is a document with an address", () => {
  for (const json of ["{}", "[]", "null", '"x"', '{"=":7}', '{"=":"?"}'])
    expect(fromStored(json, row)).toEqual({ id: row.iri });
});
