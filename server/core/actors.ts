/** Makes an actor that lives here: its document, its collections and its keys. */
import { type Now, toIso } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import type { Sql } from "../lib/sql.ts";
import { exportMultikey, generateKeyPair, importPublicPem, type KeyPairPem } from "../signatures/keys.ts";
import type { Addresses } from "./addresses.ts";
import { LOCAL_HOST } from "./entity.ts";
import type { AsObject } from "./object.ts";
import { ensureCollection, insertActorKey, insertObject, upsertActor } from "./store-writes.ts";

/** Lists that every actor here has from the start, so that lanes can be filled in one statement. */
const COLLECTIONS = ["home", "inbox", "posts", "followers", "following"] as const;

/** `generateKeyPair`, or what tests give in its place. */
export type MakeKeyPair = typeof generateKeyPair;

export interface NewActor {
  /** Lower case, unique among all actors that ever lived here. */
  readonly name: string;
  readonly displayName: string;
  readonly type: "Person" | "Group" | "Organization" | "Service" | "Application";
  /** What its document says besides. */
  readonly properties?: AsObject;
}

/**
 * Gives the key of the new actor and the statements that make it; the caller batches them with its own rows.
 * A name that is taken makes the batch fail with Problem `conflict`.
 */
export async function newActor(
  deps: { addresses: Addresses; keys: Keys; now: Now; makeKeyPair?: MakeKeyPair },
  actor: NewActor,
): Promise<{ key: number; iri: string; statements: readonly Sql[] }> {
  const { addresses, keys, now, makeKeyPair = generateKeyPair } = deps;
  const key = keys.next();
  const iri = addresses.actor(actor.name);
  const rsa = await makeKeyPair("rsa");
  const ed25519 = await makeKeyPair("ed25519");
  const document = await actorDocument(deps, iri, actor, rsa, ed25519);
  return {
    key,
    iri,
    statements: [
      insertObject({
        key,
        iri,
        host: LOCAL_HOST,
        kind: "actor",
        type: actor.type,
        owner: null,
        subject: null,
        visibility: "public",
        document,
        updatedMs: null,
        fetchedMs: null,
      }),
      upsertActor(key, { handle: actor.name, inbox: `${iri}/inbox`, sharedInbox: addresses.sharedInbox }),
      ...COLLECTIONS.map((name) => ensureCollection(key, name)),
      ...([rsa, ed25519] as const).map((pair) => insertActorKey(key, keyIri(iri, pair.kind), pair, now())),
    ],
  };
}

/** `#main-key` for RSA, as every peer expects; `#ed25519-key` for the Multikey (FEP-521a). */
export const keyIri = (actorIri: string, kind: KeyPairPem["kind"]): string =>
  `${actorIri}#${kind === "rsa" ? "main-key" : "ed25519-key"}`;

async function actorDocument(
  deps: { addresses: Addresses; now: Now },
  iri: string,
  actor: NewActor,
  rsa: KeyPairPem,
  ed25519: KeyPairPem,
): Promise<AsObject> {
  const { addresses } = deps;
  const collection = (name: string) => addresses.collection(iri, name);
  return {
    type: actor.type,
    preferredUsername: actor.name,
    name: actor.displayName,
    summary: "",
    url: `${addresses.origin}/@${actor.name}`,
    inbox: collection("inbox"),
    outbox: collection("outbox"),
    followers: collection("followers"),
    following: collection("following"),
    liked: collection("liked"),
    featured: collection("featured"),
    ...(actor.type === "Person" || actor.type === "Service"
      ? { featuredTags: collection("featured-tags") }
      : {}),
    manuallyApprovesFollowers: false,
    discoverable: true,
    indexable: false,
    published: toIso(deps.now()),
    ...actor.properties,
    endpoints: {
      sharedInbox: addresses.sharedInbox,
      proxyUrl: `${addresses.origin}/api/c2s/proxy`,
      uploadMedia: `${addresses.origin}/api/c2s/upload`,
      oauthAuthorizationEndpoint: `${addresses.origin}/oauth/authorize`,
      oauthTokenEndpoint: `${addresses.origin}/oauth/token`,
    },
    ...(await publishedKeys(iri, rsa, ed25519)),
  };
}

/** What the document at `iri` says of its keys: for draft-cavage, and as a Multikey (FEP-521a). */
export async function publishedKeys(
  iri: string,
  rsa: Pick<KeyPairPem, "publicPem">,
  ed25519: Pick<KeyPairPem, "publicPem">,
): Promise<AsObject> {
  return {
    publicKey: { id: keyIri(iri, "rsa"), owner: iri, publicKeyPem: rsa.publicPem },
    assertionMethod: [
      {
        id: keyIri(iri, "ed25519"),
        type: "Multikey",
        controller: iri,
        publicKeyMultibase: await exportMultikey(await importPublicPem(ed25519.publicPem)),
      },
    ],
  };
}
