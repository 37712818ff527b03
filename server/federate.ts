/** Puts together the core and its face to other servers. */

import { type Entity, isOutOfSight } from "./core/entity.ts";
import { createListeners } from "./core/listeners.ts";
import { createLook } from "./core/look.ts";
import type { AsObject } from "./core/object.ts";
import { createCore } from "./core/process.ts";
import { createResolve } from "./core/resolve.ts";
import { createAuthenticate } from "./federation/authenticate.ts";
import { createDeliver, promiseDelivery } from "./federation/deliver.ts";
import { farewellJob } from "./federation/farewell.ts";
import { createFetchDocument, createFetchRemote } from "./federation/fetch.ts";
import { createFetchKey } from "./federation/fetch-key.ts";
import { createInbox } from "./federation/inbox.ts";
import { federationJobs, forwardJob } from "./federation/jobs.ts";
import { createKeyring } from "./federation/keyring.ts";
import { movedJob, restJob } from "./federation/moved.ts";
import { createPublisher } from "./federation/publish.ts";
import { createKnocking } from "./federation/remember.ts";
import { createSigning } from "./federation/signing.ts";
import * as store from "./federation/store.ts";
import { createWebfinger } from "./federation/webfinger.ts";
import type { JobKind } from "./jobs/job.ts";
import type { Jsonld } from "./jsonld/jsonld.ts";
import type { Now } from "./lib/clock.ts";
import type { Fetch } from "./lib/fetch.ts";
import { cleanHtml } from "./lib/html-clean.ts";
import type { Log } from "./lib/log.ts";
import { hostOf } from "./lib/url.ts";
import type { Opened } from "./open.ts";

export interface FederateDeps {
  readonly opened: Opened;
  readonly jsonld: Jsonld;
  readonly fetch: Fetch;
  readonly now: Now;
  readonly log: Log;
  readonly isInsecure: boolean;
}

export function federate(deps: FederateDeps) {
  const { opened, jsonld, fetch, now, log } = deps;
  const { db, addresses, registry, keys, queue } = opened;
  const normalise = (document: AsObject) => jsonld.normalise(document);

  const signing = createSigning({ db });
  const knocking = createKnocking({
    now,
    findScheme: async (host) => (await store.findPeerByName(db, host))?.scheme ?? null,
    saveScheme: async (host, scheme) => void (await db.batch([store.rememberScheme(host, scheme)])),
  });
  const fetchDocument = createFetchDocument({
    fetch,
    now,
    signing,
    knocking,
    serverActor: () => opened.serverActor,
    normalise,
  });
  const webfinger = createWebfinger({ fetch, isInsecure: deps.isInsecure });
  const resolve = createResolve({
    db,
    registry,
    addresses,
    keys,
    now,
    enqueue: (job) => queue.enqueue({ ...job, payload: job.payload as never }),
    fetchRemote: createFetchRemote({ fetchDocument, webfinger }),
  });
  const look = createLook({ db, addresses, fetch: resolve.fetch, refresh: resolve.refresh });
  const listeners = createListeners(log);
  const deliver = promiseDelivery({ queue, now });
  const policy = async (actor: Entity) => (isOutOfSight(actor) ? "its actor is suspended here" : null);
  const core = createCore({
    db,
    registry,
    addresses,
    keys,
    now,
    look,
    listeners,
    clean: cleanHtml,
    enqueue: (job) => queue.enqueue({ ...job, payload: job.payload as never }),
    deliver,
    reached: (object) => store.findReached(db, object),
    policy,
  });
  const publisher = createPublisher({
    addresses,
    look,
    registry,
    signing,
    now,
    deletions: (activity) => store.findDeletions(db, activity),
    publish: jsonld.publish,
  });
  const keyring = createKeyring({
    now,
    fetchKey: createFetchKey({ fetchDocument, now }),
    findKey: (iri) => store.findRemoteKey(db, iri),
    saveKey: async (key) => (await db.batch([store.saveRemoteKey(key)]))[0]?.length === 1,
    dropKey: async (iri) => void (await db.batch([store.dropRemoteKey(iri)])),
  });
  const authenticate = createAuthenticate({
    now,
    keyring,
    origin: addresses.origin,
    isRefused: async () => false,
  });
  /** A new version of an actor may have other keys, and one that is gone has none. */
  async function forgetKeys(iri: string): Promise<void> {
    keyring.forget(iri);
    await db.batch([store.dropKeysOf(iri)]);
  }
  const inbox = createInbox({ db, addresses, look, queue, authenticate, knocking, normalise, hostOf });
  const jobs: Record<string, JobKind> = {
    ...federationJobs({ db, core, look, resolve, queue, log, fetchDocument, deliver, forgetKeys }),
    deliver: createDeliver({ db, fetch, now, publisher, signing, knocking }),
    forward: forwardJob({ db, queue }),
    farewell: farewellJob({ db, now }),
    moved: movedJob({ db, queue, keys, now, look, addresses, policy }),
    rest: restJob,
  };
  return {
    core,
    look,
    resolve,
    fetchDocument,
    listeners,
    publisher,
    authenticate,
    inbox,
    webfinger,
    jobs,
    signing,
  };
}

export type Federation = ReturnType<typeof federate>;
