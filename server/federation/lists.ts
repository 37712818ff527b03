/** The lists below an object of ours, and its conversation, as every document of it names them. */
import type { Addresses } from "../core/addresses.ts";
import type { Entity } from "../core/entity.ts";
import type { AsObject } from "../core/object.ts";
import { CONTEXT, contextOf } from "../core/thread.ts";

/**
 * `document` with `replies`, `likes`, `shares` and a `context` (FEP-7888): that of what it answers, which it was given
 * when it was made, or its own. They follow from its address and are not stored.
 */
export function withLists(addresses: Addresses, { iri, kind }: Entity, document: AsObject): AsObject {
  if (kind !== "object" || isVote(document)) return document;
  const below = (name: string) => addresses.collection(iri, name);
  const context = contextOf(document) === null ? { [CONTEXT]: below(CONTEXT) } : {};
  return {
    ...document,
    ...context,
    replies: below("replies"),
    likes: below("likes"),
    shares: below("shares"),
  };
}

/** A vote in a poll is nothing that anybody answers. */
const isVote = ({ name, content, inReplyTo }: AsObject): boolean =>
  name !== undefined && content === undefined && inReplyTo !== undefined;
