/** What somebody keeps for themselves: lists of people whom they follow. */
import type { Extension, Look } from "../../core/behaviour.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, id, PUBLIC, typeOf } from "../../core/object.ts";
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
  addressed: addressedPin,
  words: { en: { [LIST]: "List" }, de: { [LIST]: "Liste" } },
};

/** What stands at the top of somebody's page is told to their followers' servers, which show it too (toot:featured). */
async function addressedPin(_look: Look, actor: Entity, activity: AsObject): Promise<AsObject | null> {
  const isChange = ["Add", "Remove"].includes(typeOf(activity));
  const document = actor.document ?? {};
  const featured = id(document, "featured");
  if (!isChange || featured === null || id(activity, "target") !== featured || actor.type === "Group")
    return null;
  const followers = id(document, "followers");
  return { to: [PUBLIC], ...(followers === null ? {} : { cc: [followers] }) };
}
