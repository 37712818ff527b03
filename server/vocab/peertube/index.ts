/** PeerTube's types: what belongs to a film besides the film. */
import type { Extension } from "../../core/behaviour.ts";

const PT = "https://joinpeertube.org/ns#";

export const peertube: Extension = {
  name: "peertube",
  context: {
    pt: PT,
    /** In bytes; of a link to a file there, of what is saved here. */
    size: { "@type": "http://schema.org#Number", "@id": "pt:size" },
  },
  types: {
    Infohash: { iri: `${PT}Infohash`, kind: "object", extends: "Link" },
    CacheFile: { iri: `${PT}CacheFile`, kind: "object", extends: "Object" },
    WatchAction: { iri: "http://schema.org#WatchAction", kind: "object", extends: "Object" },
    Playlist: { iri: `${PT}Playlist`, kind: "collection", extends: "OrderedCollection" },
    PlaylistElement: { iri: `${PT}PlaylistElement`, kind: "object", extends: "Object" },
    ApproveReply: { iri: `${PT}ApproveReply`, kind: "activity", extends: "Activity" },
    RejectReply: { iri: `${PT}RejectReply`, kind: "activity", extends: "Activity" },
  },
  shows: { Video: { facts: ["category", "licence"] } },
  words: {
    en: { category: "Category", licence: "Licence", Playlist: "Playlist" },
    de: { category: "Thema", licence: "Lizenz", Playlist: "Abspielliste" },
  },
};
