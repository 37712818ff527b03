/** ActivityStreams 2.0: the vocabulary that everything else extends. */
import type { Extension } from "../../core/behaviour.ts";
import { acceptJoin, answers, invite, joinIn, leave, offer, rejectJoin } from "./attend.ts";
import { block, flag } from "./block-flag.ts";
import { add, removeFrom } from "./collections.ts";
import { create, remove, undo, update } from "./create-update-delete.ts";
import { types } from "./definitions.ts";
import { acceptFollow, follow, rejectFollow } from "./follow.ts";
import { move } from "./move.ts";
import { announce, dislike, like, quietActivities } from "./react.ts";
import { undoMove } from "./undo-move.ts";

export const activitystreams: Extension = {
  name: "activitystreams",
  types,
  behaviours: [
    create,
    update,
    remove,
    undo,
    follow,
    acceptFollow,
    rejectFollow,
    like,
    dislike,
    announce,
    ...quietActivities,
    add,
    removeFrom,
    block,
    flag,
    joinIn,
    leave,
    invite,
    offer,
    acceptJoin,
    rejectJoin,
    ...answers,
    move,
    undoMove,
  ],
  words: {
    en: {
      Note: "Post",
      Article: "Article",
      Page: "Page",
      Event: "Event",
      Question: "Poll",
      Image: "Picture",
      Video: "Video",
      Audio: "Sound",
      Document: "Document",
      Object: "Thing",
      startTime: "Begins",
      endTime: "Ends",
      location: "Place",
      duration: "Length",
      Place: "Place",
      Profile: "Profile",
    },
    de: {
      Note: "Beitrag",
      Article: "Artikel",
      Page: "Seite",
      Event: "Termin",
      Question: "Umfrage",
      Image: "Bild",
      Video: "Film",
      Audio: "Ton",
      Document: "Dokument",
      Object: "Etwas",
      startTime: "Beginn",
      endTime: "Ende",
      location: "Ort",
      duration: "Dauer",
      Place: "Ort",
      Profile: "Profil",
    },
  },
};
