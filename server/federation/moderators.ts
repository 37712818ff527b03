/** Who moderates a group elsewhere: its own collection says so (FEP-1b12), asked rarely. */
import type { Entity } from "../core/entity.ts";
import { type AsObject, embedded, id, idOf, values } from "../core/object.ts";
import type { Now } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import { sameOrigin } from "../lib/url.ts";
import type { FetchDocument } from "./fetch-key.ts";

/** How long a list is believed. */
const KEPT_FOR_MS = 60 * 60_000;
/** Somebody who is not in it may have been named since; it is asked no more often than that. */
const ASKED_EVERY_MS = 60_000;
/** Groups at one time: about 1 MB. */
const MAX_GROUPS = 1_000;
/** More moderators than this no group has. */
const MAX_MODERATORS = 500;

export interface Moderators {
  /** Whether the group's own list has the actor. False where it cannot be had. */
  includes(group: Entity, actorIri: string): Promise<boolean>;
}

export function createModerators(deps: { now: Now; fetchDocument: FetchDocument }): Moderators {
  const known = createLru<{ readonly iris: ReadonlySet<string>; readonly atMs: number }>(MAX_GROUPS);

  async function fetched(group: Entity): Promise<ReadonlySet<string>> {
    const document = group.document ?? {};
    const list = id(document, "moderators") ?? id(document, "attributedTo");
    if (list === null || !sameOrigin(list, group.iri)) return new Set();
    try {
      const collection = await collectionAt(list);
      const page = collection === null ? null : await firstPage(collection, group.iri);
      const all = [collection, page].flatMap((part) => (part === null ? [] : itemsOf(part)));
      return new Set(all.slice(0, MAX_MODERATORS));
    } catch (error) {
      // @NOTE A list that cannot be had names nobody; what needs it is dropped, and the next one asks again.
      if (!isProblem(error, "upstream")) throw error;
      return new Set();
    }
  }

  async function collectionAt(iri: string): Promise<AsObject | null> {
    const { finalUrl, document } = await deps.fetchDocument(iri);
    return document !== null && document.id === iri && sameOrigin(finalUrl, iri) ? document : null;
  }

  async function firstPage(collection: AsObject, groupIri: string): Promise<AsObject | null> {
    if (itemsOf(collection).length > 0) return null;
    const first = embedded(collection, "first");
    if (first !== null) return first;
    const iri = id(collection, "first");
    return iri !== null && sameOrigin(iri, groupIri) ? collectionAt(iri) : null;
  }

  return {
    async includes(group, actorIri) {
      const nowMs = deps.now();
      const before = known.get(group.iri);
      const age = before === undefined ? Number.POSITIVE_INFINITY : nowMs - before.atMs;
      if (before?.iris.has(actorIri) && age < KEPT_FOR_MS) return true;
      if (before !== undefined && age < ASKED_EVERY_MS) return false;
      const iris = await fetched(group);
      known.set(group.iri, { iris, atMs: nowMs });
      return iris.has(actorIri);
    },
  };
}

const itemsOf = (collection: AsObject): readonly string[] =>
  [...values(collection, "orderedItems"), ...values(collection, "items")].flatMap((item) => idOf(item) ?? []);
