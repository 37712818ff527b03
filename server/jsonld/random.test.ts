/** What holds for every document, tried on hundreds that nobody wrote. */
import { expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import { meanings } from "../testing/meanings.ts";
import { randomDocuments } from "../testing/random-documents.ts";
import { vocabularies } from "../vocab/index.ts";
import { createNormalise } from "./normalise.ts";
import { createPublish } from "./publish.ts";
import { inherit, settle } from "./settle.ts";

const HONEST = 250;
const HOSTILE = 400;
const normalise = createNormalise(vocabularies);
const publish = createPublish(vocabularies);

/** The document as it is read, or null where it is refused. */
async function read(document: JsonObject): Promise<JsonObject | null> {
  try {
    return await normalise(document);
  } catch (error) {
    if (isProblem(error, "invalid")) return null;
    throw error;
  }
}

/** As the core stores them: what it is about apart from it, and put together again. */
function apartAndTogether(activity: JsonObject): JsonObject {
  const { object, ...rest } = activity;
  return isJsonObject(object) ? { ...settle(rest), object: inherit(activity, object) } : activity;
}

/** Shows the document where they differ; comparing first is ten times as quick. */
function expectSame(document: JsonObject, found: JsonObject, wanted: JsonObject): void {
  if (!isDeepStrictEqual(found, wanted)) expect([document, found]).toEqual([document, wanted]);
}

/** Which the door takes away at any depth. */
const withoutPrototypes = (document: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(document), (name, value) => (name === "__proto__" ? undefined : value));

test("what is read, published and read again is what was read, in one piece or in two", async () => {
  const documents = randomDocuments(1);
  for (let i = 0; i < HONEST; i++) {
    const document = documents.honest();
    const once = await normalise(document);
    const published = publish(once);
    expectSame(document, await normalise(published), once);
    expectSame(document, publish(apartAndTogether(once)), published);
  }
});

/** Empty addresses are not kept, which leaves a word of ActivityStreams out. */
const isForeign = (iri: string): boolean => !iri.startsWith("https://www.w3.org/ns/activitystreams#");

test("no word loses its meaning on the way", async () => {
  const documents = randomDocuments(2);
  for (let i = 0; i < HONEST; i++) {
    const document = documents.honest();
    const after = new Set(await meanings(publish(await normalise(document))));
    const lost = (await meanings(document)).filter((iri) => isForeign(iri) && !after.has(iri));
    expect([document, lost]).toEqual([document, []]);
  }
});

test("whatever is sent, it is read or refused, and is then stable", async () => {
  const documents = randomDocuments(3);
  let taken = 0;
  for (let i = 0; i < HOSTILE; i++) {
    const document = documents.hostile();
    const once = await read(document);
    if (once === null) continue;
    taken++;
    expectSame(document, await normalise(publish(once)), once);
  }
  expect(taken).toBeGreaterThan(HOSTILE / 2);
});

test("a context that went past the door breaks nothing on the way out", () => {
  const documents = randomDocuments(4);
  for (let i = 0; i < HOSTILE; i++) {
    const published = publish(apartAndTogether(withoutPrototypes(documents.hostile())));
    expectSame(published, publish(published), published);
  }
});
