/** Who lives on the counterpart made with Fedify: actors with both kinds of keys, their followers and their notes. */
import type { Context } from "@fedify/fedify";
import type { Accept, Actor, Follow, Note, Person, Recipient } from "@fedify/fedify/vocab";
import type { Fedify } from "./fedify-library.ts";

export interface NoteGiven {
  readonly content: string;
  readonly cc?: readonly string[];
  readonly replyTo?: string;
}

export interface People {
  actor(context: Context<void>, name: string): Promise<Person>;
  /** RSA for requests, Ed25519 for proofs; made when they are first asked for. */
  keyPairs(name: string): Promise<CryptoKeyPair[]>;
  followers(name: string): Map<string, Recipient>;
  accept(context: Context<void>, name: string, follow: Follow): Accept;
  publish(context: Context<void>, name: string, given: NoteGiven): Note;
  note(number: string): Note | null;
  /** Who passes on what comes in, and to whom. */
  readonly forwarding: Map<string, Actor>;
}

export function createPeople(library: Fedify): People {
  const keys = new Map<string, Promise<CryptoKeyPair[]>>();
  const followers = new Map<string, Map<string, Recipient>>();
  const notes: Note[] = [];

  function keyPairs(name: string): Promise<CryptoKeyPair[]> {
    const known = keys.get(name);
    if (known) return known;
    const made = Promise.all([
      library.generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
      library.generateCryptoKeyPair("Ed25519"),
    ]);
    keys.set(name, made);
    return made;
  }

  return {
    keyPairs,
    forwarding: new Map(),

    async actor(context, name) {
      const pairs = await context.getActorKeyPairs(name);
      return new library.Person({
        id: context.getActorUri(name),
        preferredUsername: name,
        name: `${name} on Fedify`,
        inbox: context.getInboxUri(name),
        followers: context.getFollowersUri(name),
        endpoints: new library.Endpoints({ sharedInbox: context.getInboxUri() }),
        publicKey: pairs[0]?.cryptographicKey ?? null,
        assertionMethods: pairs.map(({ multikey }) => multikey),
        url: context.getActorUri(name),
      });
    },

    followers(name) {
      const known = followers.get(name) ?? new Map<string, Recipient>();
      followers.set(name, known);
      return known;
    },

    accept: (context, name, follow) =>
      new library.Accept({ actor: context.getActorUri(name), object: follow, to: follow.actorId }),

    publish(context, name, { content, cc = [], replyTo }) {
      const note = new library.Note({
        id: context.getObjectUri(library.Note, { number: String(notes.length) }),
        attribution: context.getActorUri(name),
        to: library.PUBLIC_COLLECTION,
        ccs: [context.getFollowersUri(name), ...cc.map((iri) => new URL(iri))],
        content,
        ...(replyTo === undefined ? {} : { replyTarget: new URL(replyTo) }),
      });
      notes.push(note);
      return note;
    },

    note: (number) => notes[Number(number)] ?? null,
  };
}
