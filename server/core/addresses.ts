/** The addresses that this server gives out, and what an address of ours means. They never change once given out. */

export type Place =
  | { readonly what: "actor"; readonly name: string; readonly collection: string | null }
  | { readonly what: "object"; readonly key: number; readonly collection: string | null }
  | { readonly what: "activity"; readonly key: number }
  | { readonly what: "tag"; readonly name: string };

export interface Addresses {
  readonly origin: string;
  actor(name: string): string;
  object(key: number): string;
  activity(key: number): string;
  tag(name: string): string;
  /** A collection below an actor or object of ours. */
  collection(owner: string, name: string): string;
  readonly sharedInbox: string;
  isOurs(iri: string): boolean;
  /** What an address of ours means, or null for everything else. */
  parse(iri: string): Place | null;
}

const COLLECTION = "([a-z]+(?:-[a-z]+)*)";
const ACTOR = new RegExp(`^/users/([A-Za-z0-9_.-]{1,64})(?:/${COLLECTION})?$`);
const OBJECT = new RegExp(`^/objects/(\\d{1,16})(?:/${COLLECTION})?$`);
const ACTIVITY = /^\/activities\/(\d{1,16})$/;
const TAG = /^\/tags\/([^/?#]{1,200})$/;

/** `origin` as `https://school.example`, without a trailing slash. */
export function createAddresses(origin: string): Addresses {
  const isOurs = (iri: string) => iri === origin || iri.startsWith(`${origin}/`);
  return {
    origin,
    actor: (name) => `${origin}/users/${name}`,
    object: (key) => `${origin}/objects/${key}`,
    activity: (key) => `${origin}/activities/${key}`,
    tag: (name) => `${origin}/tags/${encodeURIComponent(name.toWellFormed())}`,
    collection: (owner, name) => `${owner}/${name}`,
    sharedInbox: `${origin}/inbox`,
    isOurs,
    parse(iri) {
      if (!isOurs(iri)) return null;
      const path = iri.slice(origin.length);
      const actor = ACTOR.exec(path);
      if (actor) return { what: "actor", name: actor[1] ?? "", collection: actor[2] ?? null };
      const object = OBJECT.exec(path);
      if (object) return { what: "object", key: Number(object[1]), collection: object[2] ?? null };
      const activity = ACTIVITY.exec(path);
      if (activity) return { what: "activity", key: Number(activity[1]) };
      const tag = TAG.exec(path);
      return tag ? { what: "tag", name: tag[1] ?? "" } : null;
    },
  };
}
