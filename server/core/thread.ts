/** Which conversation a thing says that it is part of (FEP-7888). */
import { parseHttpUrl } from "../lib/url.ts";
import type { Addresses } from "./addresses.ts";
import type { Entity } from "./entity.ts";
import { type AsObject, id } from "./object.ts";

/** The list below every object of ours that holds its conversation. */
export const CONTEXT = "context";

/**
 * The address of the conversation: `context`, or what Mastodon and Pleroma called `conversation` before; null where it
 * names none that could be asked (`tag:` addresses, plain words).
 */
export function contextOf(document: AsObject): string | null {
  for (const property of ["context", "conversation"]) {
    const iri = id(document, property);
    if (iri !== null && parseHttpUrl(iri) !== null) return iri;
  }
  return null;
}

/**
 * The conversation that an answer to `parent` joins (FEP-7888: replies inherit it); null where a thing elsewhere names
 * none, so that the answer begins one of its own.
 */
export function inheritedContext(addresses: Addresses, parent: Entity): string | null {
  const said = parent.document === null ? null : contextOf(parent.document);
  return said ?? (parent.isLocal ? addresses.collection(parent.iri, CONTEXT) : null);
}
