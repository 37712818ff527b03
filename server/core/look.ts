/** Questions that behaviours and doors may ask of the core, answered from the database or, if need be, from afar. */
import type { Db } from "../storage/db.ts";
import type { Addresses } from "./addresses.ts";
import type { Look } from "./behaviour.ts";
import { type Entity, LOCAL_HOST } from "./entity.ts";
import type { Registry } from "./registry.ts";
import * as store from "./store.ts";
import { ITEMS } from "./store-lanes.ts";
import { findVersionTexts } from "./store-versions.ts";

/** `fetch` makes an address known that is not, or gives null when it cannot; `refresh` asks whatever is known. */
export function createLook(deps: {
  db: Db;
  addresses: Addresses;
  registry: Pick<Registry, "actingAs">;
  fetch: (iri: string) => Promise<Entity | null>;
  refresh: (iri: string) => Promise<Entity | null>;
  /** Whether somebody here wants nothing from that server (`moderation/tastes.ts`). */
  avoids?: NonNullable<Look["avoids"]>;
}): Look {
  const { db, addresses } = deps;
  const find = async (iri: string) => (await store.findByIris(db, [iri])).get(iri) ?? null;
  const byKey = async (key: number) => (await store.findByKeys(db, [key])).get(key) ?? null;

  return {
    find,
    findMany: (iris) => store.findByIris(db, iris),
    byKey,
    byKeys: (keys) => store.findByKeys(db, keys),
    async fetch(iri) {
      const known = await find(iri);
      if (known?.document || addresses.isOurs(iri)) return known;
      return deps.fetch(iri);
    },
    ...(deps.avoids ? { avoids: deps.avoids } : {}),
    refresh: (iri) => (addresses.isOurs(iri) ? find(iri) : deps.refresh(iri)),
    isMember: async (owner, name, item) => (await store.findMember(db, owner, name, item)) !== null,
    causeOf: async (owner, name, item) => (await store.findMember(db, owner, name, item))?.cause ?? null,
    async listsWith(owner, names, item) {
      return new Set((await store.findMemberships(db, owner, names, [item])).keys());
    },
    async groupsOf(object) {
      const groups = await store.findByKeys(db, await store.findGroupsOf(db, object));
      return [...groups.values()].filter((group) => group.deletedMs === null);
    },
    hasMembersElsewhere: (owner, name) => store.hasMembersElsewhere(db, owner, name),
    async totalOf(owner, name) {
      return (await store.findTotals(db, [owner], [name])).get(owner)?.get(name) ?? 0;
    },
    maySee: (viewer, key) => store.isVisible(db, viewer, key),
    isLimited: async ({ host }) => host !== LOCAL_HOST && store.isLimitedHost(db, host),
    async localMembers(owner, name) {
      const found = await store.findByKeys(db, await store.findLocalMembers(db, owner, name));
      return [...found.values()];
    },
    async activityAbout(type, owner, subject) {
      const key = await store.findActivityAbout(db, deps.registry.actingAs(type), owner, subject);
      return key === null ? null : byKey(key);
    },
    watchers: (actor) => store.findWatchers(db, actor),
    pointing: (object, property) => store.findPointing(db, object, property),
    versions: (object) => findVersionTexts(db, object),
    lists: (owner, beginning) => store.findListNames(db, owner, beginning),
    collection: (iri) => collectionAt(addresses, find, iri),
  };
}

/** Thrown by what `atHand` gives where another server would have to be asked. */
export const MUST_ASK = new Error("Another server must be asked.");

/** The same questions, answered from what is here: nobody elsewhere is asked. @throws MUST_ASK where that takes it. */
export function atHand(look: Look, addresses: Addresses): Look {
  return {
    ...look,
    async fetch(iri) {
      const known = await look.find(iri);
      if (known?.document || addresses.isOurs(iri)) return known;
      throw MUST_ASK;
    },
    async refresh(iri) {
      if (addresses.isOurs(iri)) return look.find(iri);
      throw MUST_ASK;
    },
  };
}

/**
 * `look` for one judgement: the rows of all `iris` are read at once, and what is asked of them again is answered from
 * there. An activity names its actor, object and audience over and over, and each question would be a statement.
 */
export async function glimpse(look: Look, addresses: Addresses, iris: readonly string[]): Promise<Look> {
  const asked = new Set(iris);
  const known = new Map(await look.findMany([...asked]));
  const byKey = new Map([...known.values()].map((entity) => [entity.key, entity]));
  const find = async (iri: string) => known.get(iri) ?? (asked.has(iri) ? null : look.find(iri));

  return {
    ...look,
    find,
    async findMany(wanted) {
      const others = wanted.filter((iri) => !asked.has(iri));
      const found = new Map(others.length === 0 ? [] : await look.findMany(others));
      for (const iri of wanted) {
        const entity = known.get(iri);
        if (entity) found.set(iri, entity);
      }
      return found;
    },
    byKey: async (key) => byKey.get(key) ?? look.byKey(key),
    async fetch(iri) {
      const found = known.get(iri);
      if (found?.document || (asked.has(iri) && addresses.isOurs(iri))) return found ?? null;
      const fetched = await look.fetch(iri);
      // What was stored with it may be among those that were not known.
      for (const other of asked) if (!known.has(other)) asked.delete(other);
      if (fetched !== null) {
        known.set(iri, fetched);
        byKey.set(fetched.key, fetched);
      }
      return fetched;
    },
    collection: (iri) => collectionAt(addresses, find, iri),
  };
}

async function collectionAt(addresses: Addresses, find: Look["find"], iri: string) {
  const place = addresses.parse(iri);
  if (place?.what === "actor" && place.collection !== null) {
    const owner = await find(addresses.actor(place.name));
    return owner && { owner, name: place.collection };
  }
  if (place?.what === "object") {
    const owner = await find(addresses.object(place.key));
    if (owner === null) return null;
    if (place.collection !== null) return { owner, name: place.collection };
    return owner.kind === "collection" ? { owner, name: ITEMS } : null;
  }
  return null;
}
