/** Who moderates a group elsewhere: its own collection says so (FEP-1b12), asked rarely. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, embedded, id, idOf, values } from "../core/object.ts";
import type { JobKind } from "../jobs/job.ts";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { parseHttpUrl, sameOrigin } from "../lib/url.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { retry } from "./jobs.ts";

/** How long a list is believed. */
const KEPT_FOR_MS = HOUR_MS;
/** Somebody who is not in it may have been named since, and a server that was away be back; it is asked no more often. */
const ASKED_EVERY_MS = 60_000;
/** Groups being asked at one time. */
const ASKING = 2;
/** Groups remembered: about 1 MB. */
const MAX_GROUPS = 1_000;
/** More moderators than this no group has. */
const MAX_MODERATORS = 500;

export interface Moderators {
  /**
   * Whether the group's own list has the actor; false as well where the group has none, or shows it to nobody.
   * @throws Problem `upstream` where the list cannot be had now: nobody is refused for that, nor believed.
   */
  includes(group: Entity, actorIri: string): Promise<boolean>;
}

export function createModerators(deps: {
  now: Now;
  look: Look;
  fetchDocument: FetchDocument;
  /** Keeps the list as it is now, for whoever reads about the group here. */
  save: (group: number, iris: readonly string[]) => Promise<void>;
}): Moderators & { readonly job: JobKind } {
  const now = steady(deps.now);
  const known = createLru<{ readonly iris: ReadonlySet<string>; readonly readMs: number }>(MAX_GROUPS);
  const failedMs = createLru<number>(MAX_GROUPS);
  const running = new Map<string, Promise<ReadonlySet<string>>>();

  /** However many need the list at the same time, the group's server is asked once. */
  function read(group: Entity): Promise<ReadonlySet<string>> {
    const already = running.get(group.iri);
    if (already) return already;
    const work = fetched(group).finally(() => running.delete(group.iri));
    running.set(group.iri, work);
    return work;
  }

  async function fetched(group: Entity): Promise<ReadonlySet<string>> {
    try {
      const listed = await listOf(group);
      if (listed !== null) await deps.save(group.key, listed);
      const iris = new Set(listed);
      known.set(group.iri, { iris, readMs: now() });
      return iris;
    } catch (error) {
      if (isProblem(error, "upstream")) failedMs.set(group.iri, now());
      throw error;
    }
  }

  /** Null where the group's server says that there is no such list, or none for us. */
  async function listOf({ iri, document }: Entity): Promise<readonly string[] | null> {
    const list = id(document ?? {}, "moderators") ?? id(document ?? {}, "attributedTo");
    if (list === null || !sameOrigin(list, iri)) return null;
    const collection = await collectionAt(list);
    if (collection === null) return null;
    const page = await firstPage(collection, iri);
    const all = [...itemsOf(collection), ...(page === null ? [] : itemsOf(page))];
    return [...new Set(all.filter((each) => parseHttpUrl(each) !== null))].slice(0, MAX_MODERATORS);
  }

  async function collectionAt(iri: string): Promise<AsObject | null> {
    const { status, finalUrl, document } = await deps.fetchDocument(iri);
    if (status >= 500 || status === 429) throw new Problem("upstream", `${iri} answered ${status}.`);
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
      retry,
      concurrency: ASKING,
      /** Payload: `{ group }`, its key. Of a group that somebody here has come into. */
      async run(job) {
        const { group } = job.payload as { group: number };
        const entity = await deps.look.byKey(group);
        if (entity !== null && !entity.isLocal) await read(entity);
        return [];
      },
    },
    async includes(group, actorIri) {
      const nowMs = now();
      const before = known.get(group.iri);
      const ageMs = nowMs - (before?.readMs ?? Number.NEGATIVE_INFINITY);
      if (before?.iris.has(actorIri) && ageMs < KEPT_FOR_MS) return true;
      if (ageMs < ASKED_EVERY_MS) return false;
      if (nowMs - (failedMs.get(group.iri) ?? Number.NEGATIVE_INFINITY) < ASKED_EVERY_MS)
        throw new Problem("upstream", `The moderators of ${group.iri} could not be asked for a moment ago.`);
      return (await read(group)).has(actorIri);
    },
  };
}

const itemsOf = (collection: AsObject): readonly string[] =>
  [...values(collection, "orderedItems"), ...values(collection, "items")].flatMap((item) => idOf(item) ?? []);
