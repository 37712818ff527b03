/** LitePub's terms: reactions with an emoji (FEP-c0e0), and messages of a chat. */
import type { Extension } from "../../core/behaviour.ts";
import { emojiReact } from "./reaction.ts";

export const litepub: Extension = {
  name: "litepub",
  context: { litepub: "http://litepub.social/ns#", EmojiReact: "litepub:EmojiReact" },
  types: {
    EmojiReact: { iri: "http://litepub.social/ns#EmojiReact", kind: "activity", extends: "Like" },
    ChatMessage: { iri: "http://litepub.social/ns#ChatMessage", kind: "object", extends: "Note" },
  },
  behaviours: [emojiReact],
  /** What somebody listens to, as Pleroma tells it. */
  shows: { Audio: { facts: ["artist", "album"] } },
  words: {
    en: { ChatMessage: "Message", artist: "By", album: "Album" },
    de: { ChatMessage: "Nachricht", artist: "Von", album: "Album" },
  },
};
