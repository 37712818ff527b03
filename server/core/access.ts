/** Who may change what, and whose word about it is believed without asking its origin (FEP-fe34). */
import { originOf, sameOrigin } from "../lib/url.ts";
import type { Entity } from "./entity.ts";
import { type AsObject, ids } from "./object.ts";

/** The actor answers for the object: made it, or is it; and both live on one server. */
export const mayChange = (actor: Entity, object: Entity): boolean =>
  actor.host === object.host && (object.owner === actor.key || object.key === actor.key);

/**
 * An embedded object may be believed without asking its origin: it has an address on the server of the
 * actor that sent it, and whoever it names as its authors lives there too.
 */
export function isVouchedFor(object: AsObject, actorIri: string): boolean {
  if (typeof object.id !== "string" || !sameOrigin(object.id, actorIri)) return false;
  return authorsOf(object).every((author) => sameOrigin(author, actorIri));
}

/** A document fetched from `iri` speaks for itself: its id and its author are of the origin that gave it. */
export function speaksForItself(document: AsObject, iri: string): boolean {
  if (document.id !== iri || originOf(iri) === null) return false;
  return authorsOf(document).every((author) => sameOrigin(author, iri));
}

/** All of them: one that is of another origin could not be asked. */
const authorsOf = (object: AsObject): readonly string[] => [
  ...ids(object, "attributedTo"),
  ...ids(object, "actor"),
];
