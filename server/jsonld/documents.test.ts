/** Every published document is read, and nothing in it is lost, nor what its words mean. */
import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../lib/json.ts";
import { meanings } from "../testing/meanings.ts";
import { hasVectors, listVectors, readVectors } from "../testing/vectors.ts";
import { vocabularies } from "../vocab/index.ts";
import { createNormalise } from "./normalise.ts";
import { createPublish } from "./publish.ts";

const AS = "https://www.w3.org/ns/activitystreams";
const normalise = createNormalise([
  { context: { toot: "http://joinmastodon.org/ns#", schema: "http://schema.org#", Emoji: "toot:Emoji" } },
]);
const isThere = hasVectors("documents") && hasVectors("activitystreams");

/** The document as it stands, without its contexts: what reading gives back unless the document uses other names. */
function withoutContexts(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(withoutContexts);
  if (typeof value !== "object" || value === null) return value ?? null;
  const entries = Object.entries(value as JsonObject).filter(([name]) => name !== "@context");
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutContexts(inner)]));
}

/** Documents that use other names than ours somewhere, and what is to be read there, as paths. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "documents/concrnt/objects/ccworld-ap-bridge_note.json": { inReplyTo: undefined },
  "documents/friendica/objects/person_1.json": { "vcard:hasAddress/type": "vcard:Home" },
  "documents/friendica/objects/person_2.json": { "vcard:hasAddress/type": "vcard:Home" },
  "documents/mastodon/activities/mastodon-undo-announce.json": { "object/to/0": `${AS}#Public` },
  "activitystreams/documents/simple0011.json": { name: undefined, "nameMap/en": expect.any(String) },
  "activitystreams/documents/simple0012.json": {
    name: undefined,
    "nameMap/en": expect.any(String),
    "nameMap/fr": expect.any(String),
  },
};

/** What a document means by one of our words, where that is not what we mean: our meaning stands. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  "documents/mobilizon/objects/event.json": ["http://schema.org/location"],
  "documents/mobilizon/objects/group.json": ["http://schema.org/location"],
  // Misskey's own word, under the address of one of its servers.
  "documents/misskey/objects/misskey_quote_post.json": ["https://misskey.io/ns#_misskey_quote"],
  // Empty texts and addresses are not kept.
  "documents/concrnt/objects/ccworld-ap-bridge_note.json": [`${AS}#inReplyTo`],
};

const at = (value: unknown, path: string): unknown =>
  path.split("/").reduce((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

describe.skipIf(!isThere)("published documents", () => {
  const paths = [...listVectors("documents"), ...listVectors("activitystreams/documents")].filter(
    (path) => !path.endsWith("/index.json"),
  );

  test("are many", () => {
    expect(paths.length).toBeGreaterThan(400);
  });

  test("are all read, and read whole", async () => {
    for (const path of paths) {
      const document = readVectors<JsonObject>(path);
      const read = await normalise(document);
      const renamed = RENAMED[path];
      if (renamed === undefined)
        expect([path, withoutContexts(read)]).toEqual([path, withoutContexts(document)]);
      for (const [place, said] of Object.entries(renamed ?? {}))
        expect([path, place, at(read, place)]).toEqual([path, place, said]);
      expect([path, JSON.stringify(withoutContexts(read))]).toEqual([
        path,
        expect.not.stringMatching(/"@(?:id|type)":/),
      ]);
    }
  });

  test("mean the same to a processor once they were read and published, and stay so", async () => {
    const read = createNormalise(vocabularies);
    const publish = createPublish(vocabularies);
    for (const path of paths) {
      const { signature: _, ...document } = readVectors<JsonObject>(path);
      const kept = await read(document);
      const published = publish(kept);
      expect<unknown>([path, await read(published)]).toEqual([path, kept]);
      const after = new Set(await meanings(published));
      const lost = (await meanings(document)).filter((iri) => !after.has(iri));
      expect<unknown>([path, lost]).toEqual([path, LOST[path] ?? []]);
    }
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    [
      "documents/mastodon/activities/create_note.json",
      { type: "Create", "object/type": "Note", "cc/0": `${AS}#Public`, "object/summary": null },
    ],
    [
      "documents/mastodon/activities/mastodon-question-activity.json",
      { "object/type": "Question", "object/oneOf/0/type": "Note" },
    ],
    ["documents/mastodon/activities/mastodon-post-activity-hashtag.json", { "object/tag/1/type": "Hashtag" }],
    [
      "documents/mastodon/activities/mastodon-post-activity-contentmap.json",
      { "object/contentMap/en": expect.any(String) },
    ],
    [
      "documents/lemmy/activities/community/announce_create_page.json",
      { type: "Announce", "object/type": "Create", "object/object/type": "Page" },
    ],
    [
      "documents/peertube/objects/video.json",
      { type: "Video", "attributedTo/1/type": "Group", "url/0/type": "Link" },
    ],
    [
      "documents/mobilizon/objects/event.json",
      { type: "Event", "location/address/type": "PostalAddress", "ical:status": "CONFIRMED" },
    ],
    ["documents/misskey/activities/custom-emoji-reaction.json", { type: "Like", "tag/0/type": "Emoji" }],
    ["documents/pleroma/objects/chat_message.json", { type: "ChatMessage", content: expect.any(String) }],
    [
      "documents/prismo/activities/prismo-url-map.json",
      { "actor/0/type": "Person", "object/url/type": "Link", "object/votes": 12 },
    ],
    [
      "documents/activity-relay/objects/relay.json",
      {
        "publicKey/publicKeyPem": expect.stringContaining("PUBLIC KEY"),
        "endpoints/sharedInbox": expect.any(String),
      },
    ],
    [
      "documents/hubzilla/objects/hubzilla-actor.json",
      { type: "Person", "endpoints/sharedInbox": expect.any(String) },
    ],
    ["documents/granary/invite.as2.json", { type: "Invite", "object/attachment/0/type": "PropertyValue" }],
    ["documents/kroeg/activities/kroeg-post-activity.json", { type: "Create", "object/type": "Note" }],
    [
      "activitystreams/documents/core-ex17-jsonld.json",
      { "actor/type": ["Person", "vcard:Individual"], "actor/vcard:given-name": "Sally" },
    ],
    ["activitystreams/documents/vocabulary-extype-jsonld.json", { type: "http://example.org/Foo" }],
    ["activitystreams/documents/simple0001.json", { type: undefined }],
  ])("%s says what it means", async (path, expected) => {
    const read = await normalise(readVectors<JsonObject>(path));
    for (const [place, said] of Object.entries(expected))
      expect([place, at(read, place)]).toEqual([place, said]);
  });
});
