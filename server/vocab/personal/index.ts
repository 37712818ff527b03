/** What somebody keeps for themselves: lists of people whom they follow. */
import type { Extension } from "../../core/behaviour.ts";
import { createList, deleteList, updateListOf } from "./list.ts";
import { LIST } from "./places.ts";

/** No other server ever reads these words: a list is its owner's alone. */
const COMMONS = "urn:pub-of-the-commons:ns:";

export const personal: Extension = {
  name: "personal",
  context: { commons: COMMONS, exclusive: "commons:exclusive", repliesFrom: "commons:repliesFrom" },
  types: {
    [LIST]: { iri: `${COMMONS}List`, kind: "collection", extends: "OrderedCollection", feed: false },
  },
  behaviours: [createList, updateListOf, deleteList],
  words: { en: { [LIST]: "List" }, de: { [LIST]: "Liste" } },
};
