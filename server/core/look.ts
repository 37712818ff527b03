/** Questions that behaviours and doors may ask of the core, answered from the database or, if need be, from afar. */
import type { Db } from "../storage/db.ts";
import type { Addresses } from "./addresses.ts";
import type { Look } from "./behaviour.ts";
import type { Entity } from "./entity.ts";
import * as store from "./store.ts";

/** `fetch` makes an address known that is not, or gives null when it cannot. */
export function createLook(deps: {
  db: Db;
  addresses: Addresses;
  fetch: (iri: string) => Promise<Entity | null>;
}): Look {
  const { db, addresses } = deps;
  const find = async (iri: string) => (await store.findByIris(db, [iri])).get(iri) ?? null;
  const byKey = async (key: number) => (await store.findByKeys(db, [key])).get(key) ?? null;

  return {
    find,
    byKey,
    async fetch(iri) {
      const known = await find(iri);
      if (known?.document || addresses.isOurs(iri)) return known;
      return deps.fetch(iri);
    },
    isMember: async (owner, name, item) => (await store.findMember(db, owner, name, item)) !== null,
    causeOf: async (owner, name, item) => (await store.findMember(db, owner, name, item))?.cause ?? null,
    maySee: (viewer, key) => store.isVisible(db, viewer, key),
    async localMembers(owner, name) {
      const found = await store.findByKeys(db, await store.findLocalMembers(db, owner, name));
      return [...found.values()];
    },
    async activityAbout(type, owner, subject) {
      const key = await store.findActivityAbout(db, type, owner, subject);
      return key === null ? null : byKey(key);
    },
    async collection(iri) {
      const place = addresses.parse(iri);
      if (place?.what === "actor" && place.collection !== null) {
        const owner = await find(addresses.actor(place.name));
        return owner && { owner, name: place.collection };
      }
      if (place?.what === "object") {
        const owner = await find(addresses.object(place.key));
        if (owner === null) return null;
        if (place.collection !== null) return { owner, name: place.collection };
        return owner.kind === "collection" ? { owner, name: "items" } : null;
      }
      return null;
    },
  };
}
