/** What an actor of ours says when it goes for good. */
import type { Entity } from "./entity.ts";
import { type AsObject, id, PUBLIC } from "./object.ts";

/** A draft: the Delete of an actor by itself, to everybody who may have heard of it (AP §6.4). */
export const farewellOf = (actor: Pick<Entity, "iri" | "document">): AsObject => {
  const followers = id(actor.document ?? {}, "followers");
  return {
    type: "Delete",
    object: actor.iri,
    to: [PUBLIC],
    ...(followers === null ? {} : { cc: [followers] }),
  };
};
