/** The context that our documents carry: just the words they use. */
import { expect, test } from "bun:test";
import { createNormalise } from "./normalise.ts";
import { createPublish } from "./publish.ts";
import type { Vocabulary } from "./terms.ts";

const AS = "https://www.w3.org/ns/activitystreams";
const vocabularies: readonly Vocabulary[] = [
  {
    context: {
      toot: "http://joinmastodon.org/ns#",
      sensitive: "as:sensitive",
      featured: { "@id": "toot:featured", "@type": "@id" },
      alsoKnownAs: { "@id": "as:alsoKnownAs", "@type": "@id" },
      Emoji: "toot:Emoji",
    },
    types: { Emoji: { iri: "http://joinmastodon.org/ns#Emoji" }, Note: { iri: `${AS}#Note` } },
  },
  { types: { Recipe: { iri: "https://recipes.test/ns#Recipe" } } },
];
const publish = createPublish(vocabularies);

test("a document of ActivityStreams words names that context alone, and its id and type come first", () => {
  const published = publish({ content: "x", type: "Note", alsoKnownAs: [], id: "https://a.test/1" });
  expect(JSON.stringify(published)).toBe(
    `{"@context":"${AS}","id":"https://a.test/1","type":"Note","content":"x","alsoKnownAs":[]}`,
  );
});

test("words of extensions are defined inline, with the prefixes that they need and no others", () => {
  expect(publish({ type: "Note", sensitive: true })["@context"]).toEqual([AS, { sensitive: "as:sensitive" }]);
  expect(publish({ type: "Person", featured: "https://a.test/f" })["@context"]).toEqual([
    AS,
    { featured: { "@id": "toot:featured", "@type": "@id" }, toot: "http://joinmastodon.org/ns#" },
  ]);
  expect(publish({ type: "Note", tag: [{ type: ["Emoji"], name: ":a:" }] })["@context"]).toEqual([
    AS,
    { Emoji: "toot:Emoji", toot: "http://joinmastodon.org/ns#" },
  ]);
  expect(publish({ type: "Recipe" })["@context"]).toEqual([AS, { Recipe: "https://recipes.test/ns#Recipe" }]);
});

test("keys and proofs name the contexts of security", () => {
  expect(publish({ type: "Person", publicKey: { publicKeyPem: "x" } })["@context"]).toEqual([
    AS,
    "https://w3id.org/security/v1",
  ]);
  expect(publish({ type: "Person", assertionMethod: [{ type: "Multikey" }], proof: {} })["@context"]).toEqual(
    [
      AS,
      "https://www.w3.org/ns/did/v1",
      "https://w3id.org/security/multikey/v1",
      "https://w3id.org/security/data-integrity/v2",
    ],
  );
});

test("languages and texts are no words", () => {
  expect(
    publish({ contentMap: { Emoji: "sensitive" }, content: "featured", constructor: 1 } as never)["@context"],
  ).toBe(AS);
});

test("a context from before is replaced", () => {
  expect(publish({ "@context": "https://evil.test/", type: "Note" })["@context"]).toBe(AS);
});

test("what is published reads as it was", async () => {
  const object = {
    id: "https://a.test/1",
    type: "Recipe",
    featured: "https://a.test/f",
    unknown: 1,
    tag: [{ type: "Emoji" }],
  };
  expect(await createNormalise(vocabularies)(publish(object))).toEqual(object);
});
