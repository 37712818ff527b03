/** Assembles actors and objects for one viewer, in a fixed number of statements whatever their number. */
import type { Addresses } from "../core/addresses.ts";
import { VISIBILITIES } from "../core/entity.ts";
import type { Registry } from "../core/registry.ts";
import { findMemberships } from "../core/store.ts";
import { type Now, steady } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { createLru } from "../lib/lru.ts";
import type { Db } from "../storage/db.ts";
import { actorViewOf } from "./actor-parts.ts";
import { knownAddresses } from "./known-addresses.ts";
import { type Extent, type ObjectParts, objectPartsOf, parseStored } from "./object-parts.ts";
import type { Pictures } from "./pictures.ts";
import { createRemembered } from "./remembered.ts";
import { createSameViews } from "./same-views.ts";
import * as store from "./store.ts";
import { findQuotes } from "./store-quotes.ts";
import type { ActorView, ObjectView, QuoteView } from "./view.ts";

/** What cleaned documents may take in memory: some 2 000 posts, of the 120 MB that a whole server has. */
const MAX_OBJECT_BYTES = 8 * 1024 * 1024;
/** The same for people: some 1 700. */
const MAX_ACTOR_BYTES = 4 * 1024 * 1024;

/**
 * Who wrote something is not asked for again for so long: a feed that is read often asked for little else. Whoever changes
 * something here is forgotten at once; news from another node or server may wait for it.
 */
const AUTHORS_LAST_MS = 1000;
/** Authors of the first pages of a hundred people. */
const MAX_AUTHORS = 2000;

export interface ViewDeps {
  readonly db: Db;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly now: Now;
  readonly log: Log;
  /** `lib/html-clean.ts`, or what stands for it: any HTML to HTML that a page may hold. */
  readonly clean: (html: string) => string;
  readonly pictures: Pictures;
  /** Of the words of the vocabularies, and of texts that come in several, where a call names no other. */
  readonly language: string;
}

/** What a row is made into before it is known for whom. */
export type PartsByKey = ReadonlyMap<number, ObjectParts>;

export interface Views {
  /** Actors by their key, with true counts; keys that are none are left out. */
  actors(keys: readonly number[]): Promise<Map<number, ActorView>>;
  /** Objects that the viewer (an actor's key, or null) may see; deleted ones that anybody could see, as such. */
  objects(
    keys: readonly number[],
    viewer: number | null,
    language?: string,
    extent?: Extent,
  ): Promise<Map<number, ObjectView>>;
  /** The documents of rows, read and cleaned; most come from memory. Excerpts where nothing else is said. */
  parts(rows: readonly store.ObjectRow[], language?: string, extent?: Extent): Promise<PartsByKey>;
  /** Somebody here, or elsewhere, has done something that may have changed how they are shown. */
  forget(actor: number): void;
  /** Gives back what it keeps only to be quick, and what the faces have made of it: the greater part. */
  releaseMemory(): void;
  /** Views of rows that were found visible already, with their parts; and of any further actors that are wanted. */
  assemble(
    rows: readonly store.ObjectRow[],
    parts: PartsByKey,
    viewer: number | null,
    alsoActors?: readonly number[],
  ): Promise<{ readonly objects: Map<number, ObjectView>; readonly actors: Map<number, ActorView> }>;
}

export function createViews(deps: ViewDeps): Views {
  const { db, addresses, now, pictures } = deps;
  const knownObjects = createRemembered<ObjectParts>(MAX_OBJECT_BYTES);
  const knownActors = createRemembered<ActorView>(MAX_ACTOR_BYTES);
  const passed = steady(now);
  const knownAuthors = createLru<{ readonly view: ActorView; readonly atMs: number }>(MAX_AUTHORS);
  const sameViews = createSameViews();
  const authorKey = (key: number) => `${key} ${pictures.version()}`;
  const keyOf = (row: store.PersonRow) => `${personKey(row)} ${pictures.version()}`;

  async function actors(keys: readonly number[]): Promise<Map<number, ActorView>> {
    const rows = await store.findCounted(db, [...new Set(keys)]);
    const views = await people(rows);
    for (const row of rows) {
      const view = views.get(row.key);
      const counts = countsOf(row);
      const lastPostMs = lastOf(row);
      if (!view || (isSameCounts(view.counts, counts) && view.lastPostMs === lastPostMs)) continue;
      const counted = { ...view, counts, lastPostMs };
      views.set(row.key, counted);
      knownActors.set(keyOf(row), row, counted, textOf(counted));
    }
    return views;
  }

  /** Authors beside what they wrote, where nobody counts: the counts are those of when they were last asked for. */
  async function authors(keys: readonly number[]): Promise<Map<number, ActorView>> {
    const views = new Map<number, ActorView>();
    const asked: number[] = [];
    const atMs = passed();
    for (const key of new Set(keys)) {
      const known = knownAuthors.get(authorKey(key));
      if (known && atMs - known.atMs < AUTHORS_LAST_MS) views.set(key, known.view);
      else asked.push(key);
    }
    if (asked.length === 0) return views;
    for (const [key, view] of await people(await store.findPeople(db, asked))) {
      views.set(key, view);
      knownAuthors.set(authorKey(key), { view, atMs });
    }
    return views;
  }

  /** What a stranger wrote costs itself where we fail to read it, and not the page on which it would stand. */
  function legible<T>(key: number, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      // @NOTE A fault of ours, which is seen in the log; whoever reads goes on without the thing.
      deps.log.error("A document could not be read, and is left out", error, { key });
      return null;
    }
  }

  async function people(rows: readonly store.PersonRow[]): Promise<Map<number, ActorView>> {
    const views = new Map<number, ActorView>();
    const missing = new Map<number, store.PersonRow>();
    for (const row of rows) {
      const known = knownActors.get(keyOf(row), row);
      if (known) views.set(row.key, known);
      else missing.set(row.key, row);
    }
    if (missing.size === 0) return views;
    const keys = [...missing.keys()];
    const [documents, counted] = await Promise.all([
      store.findPersonDocuments(db, keys),
      store.findCounted(db, keys),
    ]);
    const counts = new Map(counted.map((row) => [row.key, row]));
    for (const read of documents) {
      const row = missing.get(read.key);
      if (!row) continue;
      const made = legible(read.key, () => actorViewOf(deps, read, parseStored(read), row.handle));
      if (made === null) continue;
      const of = counts.get(read.key);
      const view = of === undefined ? made : { ...made, counts: countsOf(of), lastPostMs: lastOf(of) };
      knownActors.set(keyOf(row), row, view, textOf(view));
      views.set(row.key, view);
    }
    return views;
  }

  async function parts(
    rows: readonly store.ObjectRow[],
    language = deps.language,
    extent: Extent = "excerpt",
  ): Promise<Map<number, ObjectParts>> {
    const found = new Map<number, ObjectParts>();
    const missing = new Map<number, store.ObjectRow>();
    const form = `${language} ${pictures.version()}`;
    const nameOf = (key: number, kept: Extent) => `${key} ${form} ${kept}`;
    for (const row of rows) {
      const brief = knownObjects.get(nameOf(row.key, "excerpt"), row);
      // Of most things the excerpt is the whole.
      const known =
        extent === "whole" && brief?.fixed.isCut !== false
          ? knownObjects.get(nameOf(row.key, "whole"), row)
          : brief;
      if (known) found.set(row.key, known);
      else missing.set(row.key, row);
    }
    if (missing.size === 0) return found;
    const read = (await store.findDocuments(db, [...missing.keys()])).map(
      (row) => [row, parseStored(row)] as const,
    );
    const known = await knownAddresses(
      db,
      addresses,
      read.map(([, document]) => document),
    );
    for (const [row, document] of read) {
      const made = legible(row.key, () =>
        objectPartsOf(deps, row, document, known(document), language, extent),
      );
      if (made === null) continue;
      const stamp = missing.get(row.key);
      if (stamp) knownObjects.set(nameOf(row.key, extent), stamp, made);
      found.set(row.key, made);
    }
    return found;
  }

  async function assembled(
    rows: readonly store.ObjectRow[],
    parts: PartsByKey,
    viewer: number | null,
    alsoActors: readonly number[],
    isWithin: boolean,
  ): Promise<{ objects: Map<number, ObjectView>; actors: Map<number, ActorView> }> {
    const keys = rows.map(({ key }) => key);
    const parentKeys = [...new Set([...parts.values()].flatMap(({ parentKey }) => parentKey ?? []))];
    const [tallyRows, parentRows, groups] = await Promise.all([
      store.findTallies(db, keys, viewer),
      store.findParents(db, parentKeys, viewer),
      store.findInGroups(db, keys),
    ]);
    const quotes = await quotesOf(rows, parts, viewer, isWithin);
    const people = await authors([
      ...[...rows, ...parentRows].flatMap(({ owner }) => owner ?? []),
      ...groups.values(),
      ...alsoActors,
    ]);
    const parents = new Map(parentRows.map((row) => [row.key, row]));
    const tallies = Map.groupBy(tallyRows, ({ owner }) => owner);
    const objects = new Map<number, ObjectView>();
    for (const row of rows) {
      const made = parts.get(row.key);
      if (!made) continue;
      const parent = made.parentKey === null ? undefined : parents.get(made.parentKey);
      objects.set(
        row.key,
        sameViews.of({
          row,
          parts: made,
          visibility: VISIBILITIES[row.visibility] ?? "direct",
          origin: addresses.origin,
          author: people.get(row.owner ?? 0) ?? null,
          group: people.get(groups.get(row.key) ?? 0) ?? null,
          parent: parent ? { key: parent.key, author: people.get(parent.owner ?? 0) ?? null } : null,
          quote: quotes.get(row.key) ?? null,
          pictures,
          tallies: tallies.get(row.key) ?? [],
          viewer,
          nowMs: now(),
        }),
      );
    }
    return { objects, actors: people };
  }

  /** What these rows quote, as far as consent and the viewer's eyes reach; a quote within a quote is an address. */
  async function quotesOf(
    rows: readonly store.ObjectRow[],
    made: PartsByKey,
    viewer: number | null,
    isWithin: boolean,
  ): Promise<Map<number, QuoteView>> {
    const quotes = new Map<number, QuoteView>();
    const quoting = rows.flatMap(({ key, deleted }) => {
      const { quoteIri = null, readIn = "" } = made.get(key) ?? {};
      return quoteIri === null || deleted !== null ? [] : [{ key, iri: quoteIri, readIn }];
    });
    for (const { key, iri } of quoting) quotes.set(key, { iri, state: "unseen", view: null });
    if (quoting.length === 0 || isWithin) return quotes;
    const keys = quoting.map(({ key }) => key);
    const found = new Map((await findQuotes(db, keys)).map((row) => [row.quote, row]));
    const allowed = [...found.values()]
      .filter(({ consented }) => consented === 1)
      .map(({ quoted }) => quoted);
    const quoted = await shownIn(await store.findRows(db, [...new Set(allowed)], viewer), viewer);
    const { objects } = await assembled(quoted, await parts(quoted, quoting[0]?.readIn), viewer, [], true);
    for (const { key, iri } of quoting) {
      const row = found.get(key);
      const view = row?.consented === 1 ? (objects.get(row.quoted) ?? null) : null;
      if (view?.isDeleted) quotes.set(key, { iri, state: "deleted", view: null });
      else if (view !== null) quotes.set(key, { iri, state: "shown", view });
      else if (row?.consented === 0) {
        const refusal = row.refusal === null ? {} : { refusal: row.refusal };
        quotes.set(key, { iri, state: "withheld", view: null, ...refusal });
      }
    }
    return quotes;
  }

  /** Whoever does not want to read somebody does not want to read them in a quote. */
  async function shownIn(rows: readonly store.ObjectRow[], viewer: number | null) {
    const owners = rows.flatMap(({ owner }) => owner ?? []);
    if (viewer === null || owners.length === 0) return rows;
    const lists = await findMemberships(db, viewer, ["blocked", "muted"], owners);
    const avoided = new Set([...lists.values()].flatMap((list) => [...list]));
    return rows.filter(({ owner }) => owner === null || !avoided.has(owner));
  }

  const assemble: Views["assemble"] = (rows, parts, viewer, alsoActors = []) =>
    assembled(rows, parts, viewer, alsoActors, false);

  return {
    actors,
    forget: (actor) => knownAuthors.delete(authorKey(actor)),
    releaseMemory() {
      sameViews.releaseMemory();
      for (const known of [knownObjects, knownActors, knownAuthors]) known.clear();
    },
    parts,
    assemble,
    async objects(keys, viewer, language, extent) {
      const rows = await store.findRows(db, [...new Set(keys)], viewer);
      return (await assemble(rows, await parts(rows, language, extent), viewer)).objects;
    },
  };
}

/** A handle is confirmed, or given to somebody else, without a new document. */
const personKey = (row: store.PersonRow): string => `${row.key} ${row.handle ?? ""}`;

/** Most of an actor's document are keys and addresses, of which a view keeps few. */
const textOf = ({ summaryHtml, fields }: ActorView): number =>
  fields.reduce((sum, { valueHtml }) => sum + valueHtml.length, summaryHtml.length);

const isSameCounts = (one: ActorView["counts"], other: ActorView["counts"]): boolean =>
  one.posts === other.posts && one.followers === other.followers && one.following === other.following;

const lastOf = ({ last }: store.CountedRow): number | null => (last === null ? null : timeOfKey(last));

const countsOf = (row: store.CountedRow): ActorView["counts"] => ({
  // A letter to somebody is no post that others are told of; Mastodon counts so too.
  posts: Math.max(0, (row.posts ?? 0) - (row.confided ?? 0)),
  followers: row.followers ?? 0,
  following: row.following ?? 0,
});
