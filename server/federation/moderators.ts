/** Who moderates a group elsewhere: its own collection says so (FEP-1b12), asked rarely. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, embedded, id, idOf, values } from "../core/object.ts";
import type { JobKind } from "../jobs/job.ts";
import type { Now } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import { parseHttpUrl, sameOrigin } from "../lib/url.ts";
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

export function createModerators(deps: {
  now: Now;
  look: Look;
  fetchDocument: FetchDocument;
  /** Keeps the list as it is now, for whoever reads about the group here. */
  save: (group: number, iris: readonly string[]) => Promise<void>;
}): Moderators & { readonly job: JobKind } {
  const known = createLru<{ readonly iris: ReadonlySet<string>; readonly atMs: number }>(MAX_GROUPS);

  async function fetched(group: Entity): Promise<ReadonlySet<string>> {
    const document = group.document ?? {};
    const list = id(document, "moderators") ?? id(document, "attributedTo");
    if (list === null || !sameOrigin(list, group.iri)) return new Set();
    try {
      const collection = await collectionAt(list);
      if (collection === null) return new Set();
      const page = await firstPage(collection, group.iri);
      const all = [...itemsOf(collection), ...(page === null ? [] : itemsOf(page))];
      const iris = new Set(all.filter((iri) => parseHttpUrl(iri) !== null).slice(0, MAX_MODERATORS));
      known.set(group.iri, { iris, atMs: deps.now() });
      await deps.save(group.key, [...iris]);
      return iris;
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
    job: {
      retry: () => null,
      concurrency: 2,
      /** Payload: `{ group }`, its key. Of a group that somebody here has come into. */
      async run(job) {
        const { group } = job.payload as { group: number };
        const entity = await deps.look.byKey(group);
        if (entity !== null && !entity.isLocal) await fetched(entity);
        return [];
      },
    },
    async includes(group, actorIri) {
      const nowMs = deps.now();
      const before = known.get(group.iri);
      const age = before === undefined ? Number.POSITIVE_INFINITY : nowMs - before.atMs;
      if (before?.iris.has(actorIri) && age < KEPT_FOR_MS) return true;
      if (before !== undefined && age < ASKED_EVERY_MS) return false;
      known.set(group.iri, { iris: before?.iris ?? new Set(), atMs: nowMs });
      return (await fetched(group)).has(actorIri);
    },
  };
}

const itemsOf = (collection: AsObject): readonly string[] =>
  [...values(collection, "orderedItems"), ...values(collection, "items")].flatMap((item) => idOf(item) ?? []);
