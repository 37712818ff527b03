/** What forums of the Lemmy kind (Lemmy, PieFed, Mbin) say beyond ActivityStreams. */
import type { Extension } from "../../core/behaviour.ts";

const LEMMY = "https://join-lemmy.org/ns#";

export const lemmy: Extension = {
  name: "lemmy",
  types: {
    /** No further replies to this. */
    Lock: { iri: `${LEMMY}Lock`, kind: "activity", extends: "Activity" },
    Warn: { iri: `${LEMMY}Warn`, kind: "activity", extends: "Activity" },
    /** A report was dealt with. */
    Resolve: { iri: `${LEMMY}Resolve`, kind: "activity", extends: "Activity" },
    /** Several communities that are followed as one. */
    Feed: { iri: `${LEMMY}Feed`, kind: "actor" },
  },
  words: {
    en: { Feed: "Feed" },
    de: { Feed: "Sammlung von Gruppen" },
  },
};
