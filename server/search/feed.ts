/** Keeps the index of words true: whatever changes waits in a table, written in the very batch, until it is put in. */

import { LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embeddedAll, ids, types } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { fromStored } from "../core/stored.ts";
import { MAX_KEY } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db, SearchIndex } from "../storage/db.ts";
import { type Around, actorEntry, parentOf, thingEntry } from "./entry.ts";
import * as store from "./store.ts";

/** Rows put in with one commit. */
const CHUNK = 100;
/** Entries made in one go: a page is not held up for longer than a few milliseconds. */
const AT_ONCE = 20;
/**
 * A server that works puts in for so small a part of its time that nothing else slows down noticeably: after each chunk it
 * waits this many times as long as it took to read and cut the words. Some 700 posts a second are still put in.
 */
const PAUSE_FACTOR = 11;
const MAX_PAUSE_MS = 5_000;
/** Rows of a walk that are made to wait at once. */
const STRETCH = 500;
/** How long what was written may be missing: nobody types a question sooner. */
const EVERY_MS = 1_000;
/** Addresses that one thing names and that are looked up. */
const MAX_MENTIONS = 50;

export interface SearchFeed {
  /** Makes the index where there is none in the form of this program; what is there already is then put in by and by. */
  ensure(): Promise<void>;
  /** Empties the index and puts everything in anew, by and by. */
  rebuild(): Promise<void>;
  /** Puts in what waits, until nothing does; calls back from time to time with how much of it was done. */
  drain(progress?: (done: number) => void): Promise<void>;
  /** Looks from time to time whether something waits. */
  start(): void;
  stop(): Promise<void>;
}

/** Something changed between reading it and putting it in: it is read again. */
const changed = (): Error => new Error("It changed while it was put into the index.");

export function createSearchFeed(deps: {
  readonly db: Db;
  readonly index: SearchIndex;
  readonly registry: Registry;
  readonly log: Log;
}): SearchFeed {
  const { db, index, registry } = deps;
  let chunk = CHUNK;
  /** How long the last step read and cut words, in milliseconds. */
  let workedMs = 0;

  /** How many were put in, or null where nothing waits. */
  async function step(): Promise<number | null> {
    const begunMs = performance.now();
    // In the order of their keys: FTS5 begins a new part of its index with each that is less than the one before.
    const rows = (await store.findPending(db, chunk)).toReversed();
    if (rows.length === 0) return (await walk()) ? 0 : null;
    const statements = await statementsFor(rows);
    workedMs = performance.now() - begunMs;
    let isStale = false;
    try {
      await db.batch([
        ...rows.map(({ key, stamp }) =>
          expecting(1, store.settlePending(db.dialect, key, stamp), () => {
            isStale = true;
            return changed();
          }),
        ),
        ...statements,
      ]);
      chunk = CHUNK;
      return rows.length;
    } catch (error) {
      if (!isStale) throw error;
      // One by one, so that what changes all the time holds up nothing else.
      chunk = 1;
      return 0;
    }
  }

  /** Takes the next steps of a walk; false where there is none. */
  async function walk(): Promise<boolean> {
    const [found] = await store.findWalks(db, 1);
    if (found === undefined) return false;
    const keys = await store.findStretch(db, found, STRETCH);
    const last = keys.at(-1);
    await db.batch(
      last === undefined
        ? [store.endWalk(found.owner)]
        : [store.insertPending(keys), store.moveWalk({ ...found, before: last })],
    );
    return true;
  }

  async function statementsFor(rows: readonly store.PendingRow[]): Promise<readonly Sql[]> {
    const read = rows.map((row) => ({ row, document: documentOf(row) }));
    const actors = read.filter(({ row }) => row.kind === "actor");
    const things = read.filter(({ row }) => row.kind === "object" || row.kind === "collection");
    const consenting = await store.findConsenting(db, [
      ...new Set([...actors.map(({ row }) => row.key), ...things.flatMap(({ row }) => row.owner ?? [])]),
    ]);
    const [aroundOf, greatWalk] = await Promise.all([
      surroundings(things, consenting),
      actors.length === 0 ? null : store.findGreatWalk(db),
    ]);
    const statements: Sql[] = [];
    for (const { row, document } of actors) {
      statements.push(entryOf(row.key, document && actorEntry(document, row.type, row.handle)));
      const agrees = document?.indexable === true;
      if (agrees === consenting.has(row.key)) continue;
      statements.push(agrees ? store.insertConsent(row.key) : store.dropConsent(row.key));
      // What a walk over everything has not come to yet needs none of its own.
      if (greatWalk !== MAX_KEY) statements.push(store.startWalk(row.key, MAX_KEY));
    }
    for (const [i, { row, document }] of things.entries()) {
      if (i % AT_ONCE === AT_ONCE - 1) await nextTurn();
      const { key, host, kind, visibility } = row;
      const isThing = document !== null && host !== null && (kind === "object" || kind === "collection");
      const entry = isThing
        ? thingEntry(registry, { ...row, host, kind, document, visibility: visibility ?? 0 }, aroundOf(row))
        : null;
      statements.push(entryOf(key, entry));
      const parent =
        document !== null && host === LOCAL_HOST && row.is_echo === 0 ? parentOf(document) : null;
      if (parent !== null) statements.push(store.echoTo(parent));
    }
    return statements;
  }

  const entryOf = (key: number, words: readonly string[] | null): Sql =>
    words === null ? index.drop(key) : index.put(key, words);

  async function surroundings(
    things: readonly Read[],
    consenting: ReadonlySet<number>,
  ): Promise<(row: store.PendingRow) => Around> {
    const keys = things.map(({ row }) => row.key);
    const mentions = new Map(things.map(({ row, document }) => [row.key, mentionsIn(document)]));
    const iris = [...new Set([...mentions.values()].flat())];
    const [involved, groups, named] = await Promise.all([
      keys.length === 0 ? [] : store.findInvolved(db, keys),
      keys.length === 0 ? [] : store.findGroups(db, keys),
      iris.length === 0 ? [] : store.findNamedActors(db, iris),
    ]);
    const actors = new Map(named.map(({ iri, key }) => [iri, key]));
    const residents = new Map(
      named.flatMap(({ iri, key, host }) => (host === LOCAL_HOST ? [[iri, key]] : [])),
    );
    const peopleOf = Map.groupBy(involved, ({ key }) => key);
    const groupsOf = Map.groupBy(groups, ({ key }) => key);
    return ({ key, owner }) => ({
      isAgreed: owner !== null && consenting.has(owner),
      people: new Set([
        ...(peopleOf.get(key) ?? []).map(({ person }) => person),
        ...(mentions.get(key) ?? []).flatMap((iri) => residents.get(iri) ?? []),
      ]),
      groups: (groupsOf.get(key) ?? []).map(({ group, host }) => ({ group, isLocal: host === LOCAL_HOST })),
      actors,
    });
  }

  let timer: ReturnType<typeof setTimeout> | null = null;
  let isStopped = false;
  let working: Promise<void> | null = null;
  let wake = (): void => {};

  async function drain(progress?: (done: number) => void): Promise<void> {
    for (let done = 0; !isStopped; ) {
      const some = await step();
      if (some === null) return;
      done += some;
      progress?.(done);
    }
  }

  async function drainGently(): Promise<void> {
    while (!isStopped && (await step()) !== null) {
      const rest = Promise.withResolvers<void>();
      wake = rest.resolve;
      setTimeout(rest.resolve, Math.min(workedMs * PAUSE_FACTOR, MAX_PAUSE_MS)).unref();
      await rest.promise;
    }
  }

  function look(): void {
    working = drainGently()
      .catch((error: unknown) => {
        // @NOTE Nothing is lost: it waits in its table, and is tried again.
        if (!isStopped) deps.log.error("The search index could not be written", error);
      })
      .finally(() => {
        working = null;
        if (isStopped) return;
        timer = setTimeout(look, EVERY_MS);
        timer.unref();
      });
  }

  const rebuild = async (): Promise<void> =>
    void (await db.batch([
      ...index.make(),
      store.startWalk(store.ALL.actors, MAX_KEY),
      store.startWalk(store.ALL.things, MAX_KEY),
    ]));

  return {
    rebuild,
    async ensure() {
      if (await index.isMade()) return;
      try {
        await rebuild();
      } catch (error) {
        // Another node that starts at the same time was first.
        if (!(await index.isMade())) throw error;
      }
    },
    drain,
    start: look,
    async stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      wake();
      await working;
    },
  };
}

/** Lets whatever waits have its turn. */
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

interface Read {
  readonly row: store.PendingRow;
  readonly document: AsObject | null;
}

/** Null of what is gone, or was never here. */
function documentOf(row: store.PendingRow): AsObject | null {
  const { document, iri, deleted, owner_iri: ownerIri } = row;
  return document === null || iri === null || deleted !== null
    ? null
    : fromStored(document, { ...row, iri, ownerIri });
}

const mentionsIn = (document: AsObject | null): readonly string[] =>
  embeddedAll(document ?? {}, "tag")
    .filter((tag) => types(tag).includes("Mention"))
    .slice(0, MAX_MENTIONS)
    .flatMap((tag) => ids(tag, "href"));
