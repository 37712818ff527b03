/** Funkwhale's types: recordings, and the albums and people behind them. */
import type { Extension } from "../../core/behaviour.ts";

const FW = "https://funkwhale.audio/ns#";

export const funkwhale: Extension = {
  name: "funkwhale",
  types: {
    Track: {
      iri: `${FW}Track`,
      kind: "object",
      extends: "Object",
      display: {
        title: "name",
        body: "description",
        facts: ["artist_credit.artist", "artists", "album", "position"],
      },
    },
    Album: {
      iri: `${FW}Album`,
      kind: "object",
      extends: "Object",
      display: { title: "name", body: "description", facts: ["artist_credit.artist", "artists", "released"] },
    },
    Artist: {
      iri: `${FW}Artist`,
      kind: "object",
      extends: "Object",
      display: { title: "name", body: "description" },
    },
    Library: { iri: `${FW}Library`, kind: "collection", extends: "Collection" },
  },
  shows: { Audio: { facts: ["track.artist_credit.artist", "track.artists", "track.album"] } },
  words: {
    en: {
      Track: "Recording",
      Album: "Album",
      Artist: "Artist",
      artists: "By",
      "artist_credit.artist": "By",
      album: "Album",
      released: "Released",
      "track.artists": "By",
      "track.artist_credit.artist": "By",
      "track.album": "Album",
    },
    de: {
      Track: "Aufnahme",
      Album: "Album",
      Artist: "Künstler",
      artists: "Von",
      "artist_credit.artist": "Von",
      album: "Album",
      released: "Erschienen",
      "track.artists": "Von",
      "track.artist_credit.artist": "Von",
      "track.album": "Album",
    },
  },
};
