/** Mastodon's terms: properties that most of the fediverse reads and writes. */
import type { Extension } from "../../core/behaviour.ts";

export const mastodon: Extension = {
  name: "mastodon",
  context: {
    toot: "http://joinmastodon.org/ns#",
    sensitive: "as:sensitive",
    manuallyApprovesFollowers: "as:manuallyApprovesFollowers",
    copiedTo: { "@id": "as:copiedTo", "@type": "@id" },
    movedTo: { "@id": "as:movedTo", "@type": "@id" },
    alsoKnownAs: { "@id": "as:alsoKnownAs", "@type": "@id" },
    Hashtag: "as:Hashtag",
    featured: { "@id": "toot:featured", "@type": "@id" },
    featuredTags: { "@id": "toot:featuredTags", "@type": "@id" },
    discoverable: "toot:discoverable",
    indexable: "toot:indexable",
    attributionDomains: { "@id": "toot:attributionDomains", "@type": "@id" },
    suspended: "toot:suspended",
    memorial: "toot:memorial",
    votersCount: "toot:votersCount",
    blurhash: "toot:blurhash",
    focalPoint: { "@container": "@list", "@id": "toot:focalPoint" },
    Emoji: "toot:Emoji",
    schema: "http://schema.org#",
    PropertyValue: "schema:PropertyValue",
    value: "schema:value",
  },
  types: {
    Hashtag: { iri: "https://www.w3.org/ns/activitystreams#Hashtag", kind: "object", extends: "Link" },
    Emoji: { iri: "http://joinmastodon.org/ns#Emoji", kind: "object", extends: "Object" },
    PropertyValue: { iri: "http://schema.org#PropertyValue", kind: "object", extends: "Object" },
  },
};
