/** A house that reads what other servers send, as its people see it: fetched or received, stored, viewed and shown. */
import { createAddresses } from "../core/addresses.ts";
import { type Entity, LOCAL_HOST } from "../core/entity.ts";
import { createListeners } from "../core/listeners.ts";
import { createLook } from "../core/look.ts";
import { type AsObject, id } from "../core/object.ts";
import { createCore, type Outcome } from "../core/process.ts";
import { createRegistry } from "../core/registry.ts";
import { createResolve } from "../core/resolve.ts";
import * as store from "../core/store.ts";
import { insertObject, upsertActor } from "../core/store-writes.ts";
import { createFetchRemote } from "../federation/fetch.ts";
import { createJsonld } from "../jsonld/jsonld.ts";
import { heldClock } from "../lib/clock.ts";
import { cleanHtml } from "../lib/html-clean.ts";
import { createKeys } from "../lib/id.ts";
import type { JsonObject } from "../lib/json.ts";
import { createLog } from "../lib/log.ts";
import { raw } from "../lib/sql.ts";
import { PLAIN_PICTURES } from "../queries/pictures.ts";
import type { ActorView, ObjectView } from "../queries/view.ts";
import { createViews } from "../queries/views.ts";
import type { Db } from "../storage/db.ts";
import { vocabularies } from "../vocab/index.ts";

export interface Reader {
  /** Somebody here, who follows nobody and to whom everything is sent. */
  readonly alice: { readonly key: number; readonly iri: string };
  /** As if somebody here had asked for this address. */
  fetch(iri: string): Promise<Entity | null>;
  /** As if it had come to alice's inbox from its own actor. */
  receive(document: JsonObject): Promise<Outcome>;
  /** As if what stands at this address had come so; nothing where nothing stands there. */
  receiveFrom(iri: string): Promise<Outcome | null>;
  find(iri: string): Promise<Entity | null>;
  /** As alice sees it; where she may not, as its author does. */
  object(key: number, language?: string): Promise<{ view: ObjectView | null; isHidden: boolean }>;
  actor(key: number): Promise<ActorView | null>;
  /** The total of a collection of this row. */
  total(key: number, collection: string): Promise<number>;
}

const ORIGIN = "https://pub.test";
const NOW = Date.parse("2026-11-22T12:00:00Z");

const registry = createRegistry(vocabularies);
const jsonld = createJsonld({ vocabularies: registry.extensions });

/** `db` is freshly migrated; `answer` is what stands at an address elsewhere, as it was published, or null. */
export async function reader(db: Db, answer: (iri: string) => JsonObject | null): Promise<Reader> {
  const { now } = heldClock(NOW);
  const log = createLog({ now, level: "error", form: "text", write: console.error });
  const addresses = createAddresses(ORIGIN);
  const keys = createKeys({ now });
  const enqueue = () => raw("SELECT 1 AS done");
  const resolve = createResolve({
    db,
    registry,
    addresses,
    keys,
    now,
    enqueue,
    fetchRemote: createFetchRemote({
      async fetchDocument(iri) {
        const found = answer(iri);
        return found === null
          ? { status: 404, finalUrl: iri, document: null }
          : { status: 200, finalUrl: iri, document: await jsonld.normalise(found) };
      },
      webfinger: {
        handleOf: async (actor) => `${actor.preferredUsername}@${new URL(actor.id ?? "").host}`,
        actorOf: async () => null,
        subscribeUrl: async () => null,
      },
    }),
  });
  const look = createLook({ db, addresses, registry, fetch: resolve.fetch, refresh: resolve.refresh });
  const core = createCore({
    db,
    registry,
    addresses,
    keys,
    now,
    look,
    listeners: createListeners(log),
    clean: cleanHtml,
    enqueue,
    deliver: () => [],
    reached: async () => [],
    acquainted: async () => [],
    policy: async () => null,
  });
  const views = createViews({
    db,
    registry,
    addresses,
    now,
    log,
    clean: cleanHtml,
    pictures: PLAIN_PICTURES,
    language: "en",
  });
  const alice = { key: keys.next(), iri: addresses.actor("alice") };
  await db.batch([
    insertObject({
      key: alice.key,
      iri: alice.iri,
      host: LOCAL_HOST,
      kind: "actor",
      type: "Person",
      owner: null,
      subject: null,
      visibility: "public",
      document: { type: "Person", preferredUsername: "alice", name: "Alice" },
      updatedMs: null,
      fetchedMs: null,
    }),
    upsertActor(alice.key, { handle: "alice", inbox: `${alice.iri}/inbox`, sharedInbox: null }),
  ]);

  async function receive(document: JsonObject): Promise<Outcome> {
    const activity: AsObject = await jsonld.normalise(document);
    return core.receive(activity, { sender: id(activity, "actor") ?? "", recipient: alice.key });
  }

  return {
    alice,
    fetch: look.fetch,
    receive,
    async receiveFrom(iri) {
      const document = answer(iri);
      return document && receive(document);
    },
    find: look.find,
    async object(key, language) {
      const owner = (await look.byKey(key))?.owner ?? null;
      const seenBy = async (viewer: number | null) =>
        (await views.objects([key], viewer, language)).get(key) ?? null;
      const view = await seenBy(alice.key);
      return { view: view ?? (await seenBy(owner)), isHidden: view === null };
    },
    actor: async (key) => (await views.actors([key])).get(key) ?? null,
    async total(key, collection) {
      return (await store.findTotals(db, [key], [collection])).get(key)?.get(collection) ?? 0;
    },
  };
}
