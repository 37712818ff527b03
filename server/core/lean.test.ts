/** What is not stored of others' documents is missed by nobody. */
import { describe, expect, test } from "bun:test";
import { createNormalise } from "../jsonld/normalise.ts";
import { cleanHtml } from "../lib/html-clean.ts";
import { createKeys } from "../lib/id.ts";
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import { actorViewOf } from "../queries/actor-parts.ts";
import { objectPartsOf } from "../queries/object-parts.ts";
import { PLAIN_PICTURES } from "../queries/pictures.ts";
import { hasVectors, listVectors, readVectors } from "../testing/vectors.ts";
import { vocabularies } from "../vocab/index.ts";
import { createAddresses } from "./addresses.ts";
import { lean } from "./lean.ts";
import { type AsObject, idOf } from "./object.ts";
import { createRegistry } from "./registry.ts";
import { fromStored, toStored } from "./stored.ts";

/** A row that says nothing by itself. */
const ROW = { key: 0, iri: "", kind: null, type: null, ownerIri: null };

describe("of what others send", () => {
  const proof = { type: "DataIntegrityProof", proofValue: "z1" };
  test.each<[string, AsObject, AsObject]>([
    ["proofs are not stored", { proof, name: "x" }, { name: "x" }],
    ["several proofs are not stored", { proof: [proof, proof] }, {}],
    [
      "linked-data signatures are not stored, nor those of what is carried",
      { signature: { type: "RsaSignature2017", signatureValue: "x" }, object: { proof, type: "Note" } },
      { object: { type: "Note" } },
    ],
    [
      "a proof that proves no bytes is a word like any other",
      { proof: "see page 4", signature: "Yours, Bob", tag: [{ proof }] },
      { proof: "see page 4", signature: "Yours, Bob", tag: [{ proof }] },
    ],
    [
      "a conversation that cannot be asked, or has a context, is not stored",
      { conversation: "tag:b.test,2026:1", name: "x" },
      { name: "x" },
    ],
    [
      "nor one beside its context",
      { conversation: "https://b.test/c/1", context: "https://b.test/c/1" },
      { context: "https://b.test/c/1" },
    ],
    [
      "the only address of a conversation stays",
      { conversation: "https://b.test/c/1" },
      { conversation: "https://b.test/c/1" },
    ],
    [
      "what OStatus says twice is stored once",
      {
        id: "https://b.test/1",
        atomUri: "https://b.test/1",
        inReplyToAtomUri: null,
        conversation: "tag:b.test,2026:1",
        context: "https://b.test/contexts/1",
      },
      { id: "https://b.test/1", context: "https://b.test/contexts/1" },
    ],
    [
      "what is not there is not stored, and what is empty is",
      { summary: null, tag: [], name: "", content: "", attachment: [{ blurhash: null, type: "Image" }] },
      { name: "", content: "", attachment: [{ type: "Image" }] },
    ],
    [
      "collections to be asked for are stored as their address, votes as they are",
      {
        replies: { id: "https://b.test/1/replies", type: "Collection", first: { items: [] } },
        likes: { type: "Collection", totalItems: 3 },
        oneOf: [{ name: "Yes", replies: { id: "https://b.test/r", totalItems: 3 } }],
      },
      {
        replies: "https://b.test/1/replies",
        likes: { type: "Collection", totalItems: 3 },
        oneOf: [{ name: "Yes", replies: { id: "https://b.test/r", totalItems: 3 } }],
      },
    ],
    [
      "a source is stored once",
      { source: { content: "$[x]", mediaType: "text/x.misskeymarkdown" }, _misskey_content: "$[x]" },
      { source: { content: "$[x]", mediaType: "text/x.misskeymarkdown" } },
    ],
    ["another text is stored too", { _misskey_content: "$[x]" }, { _misskey_content: "$[x]" }],
    [
      "meanings of words stay",
      { "@context": { a: "https://r.example/#a" }, a: [] },
      { "@context": { a: "https://r.example/#a" } },
    ],
  ])("%s", (_, document, expected) => {
    expect(lean(document)).toEqual(expected);
  });

  test("the meanings of words that are not stored are not stored", async () => {
    const read = await createNormalise(vocabularies)({
      "@context": [
        "https://www.w3.org/ns/activitystreams",
        { ostatus: "http://ostatus.org#", atomUri: "ostatus:atomUri", mood: "https://r.example/#mood" },
      ],
      type: "Create",
      object: { type: "Note", atomUri: "x", mood: "y" },
    });
    expect(read["@context"]).toHaveProperty("atomUri");
    expect(JSON.parse(toStored(lean(read), ROW, false))["@context"]).toEqual({
      mood: "https://r.example/#mood",
    });
    expect(JSON.parse(toStored(lean(read), ROW, true))).toEqual({ type: "Create" });
  });
});

describe.skipIf(!hasVectors("documents"))("published documents", () => {
  const registry = createRegistry(vocabularies);
  const deps = {
    registry,
    addresses: createAddresses("https://a.test"),
    clean: cleanHtml,
    pictures: PLAIN_PICTURES,
  };
  const key = createKeys({ now: () => Date.parse("2026-03-01T12:00:00Z") }).next();
  const known = { links: new Map<string, string>(), mentions: [], parentKey: null };
  const normalise = createNormalise(vocabularies);

  function shown(document: AsObject) {
    const iri = document.id ?? "https://b.test/1";
    const row = { key, iri, host: 1, type: registry.knownType(document), document: "" };
    return [
      objectPartsOf(deps, { ...row, kind: "object", updated: null, fetched: null }, document, known, "en"),
      actorViewOf(deps, row, document, null),
      ["inbox", "followers", "replies", "actor", "attributedTo", "object"].map((name) =>
        idOf(document[name]),
      ),
    ];
  }

  test("look the same when they have been stored", async () => {
    const stored = (document: AsObject): AsObject => {
      const { id } = document;
      const { id: _, ...stored } = fromStored(toStored(lean(document), ROW, false), ROW);
      return { ...(id === undefined ? {} : { id }), ...stored };
    };
    for (const path of listVectors("documents").filter((path) => !path.endsWith("/index.json"))) {
      const read = (await normalise(readVectors<JsonObject>(path))) as AsObject;
      for (const document of [read, read.object].filter(isJsonObject) as AsObject[])
        expect<unknown>([path, shown(stored(document))]).toEqual([path, shown(document)]);
    }
  });
});
