/** Puts together the core and its face to other servers. */

import { type Entity, HELD, LOCAL_HOST } from "./core/entity.ts";
import { createLook } from "./core/look.ts";
import { type AsObject, typeOf } from "./core/object.ts";
import { createCore } from "./core/process.ts";
import { createResolve } from "./core/resolve.ts";
import { findMemberInboxes, hostKey } from "./core/store.ts";
import { createAuthenticate } from "./federation/authenticate.ts";
import { createBacklog } from "./federation/backlog.ts";
import { readsRfc9421 } from "./federation/capabilities.ts";
import { createDeliver, promiseDeliveries } from "./federation/deliver.ts";
import { farewellJob } from "./federation/farewell.ts";
import { createFetchDocument, createFetchRemote } from "./federation/fetch.ts";
import { createFetchKey } from "./federation/fetch-key.ts";
import { createHostLimits } from "./federation/flood.ts";
import { createFollowerDigests } from "./federation/follower-digests.ts";
import { endingRefused, guardFetch } from "./federation/guard.ts";
import { createHosts } from "./federation/hosts.ts";
import { createInbox } from "./federation/inbox.ts";
import { federationJobs, forwardJob } from "./federation/jobs.ts";
import { createKeyring } from "./federation/keyring.ts";
import { createLetters } from "./federation/letters.ts";
import { createModerators } from "./federation/moderators.ts";
import { movedJob, restJob } from "./federation/moved.ts";
import { createWithCounts, pollJobs } from "./federation/polls.ts";
import { createPreviews } from "./federation/previews.ts";
import { probeJob } from "./federation/probe.ts";
import { createPublisher } from "./federation/publish.ts";
import { createQuotes } from "./federation/quotes.ts";
import { createReading } from "./federation/reading.ts";
import { type ReceiveDeps, receiveAtOnce, receiveJob } from "./federation/receive.ts";
import { createRelayed } from "./federation/relayed.ts";
import { createRelays } from "./federation/relays.ts";
import { createRelocate } from "./federation/relocate.ts";
import { createKnocking } from "./federation/remember.ts";
import { createRestraint } from "./federation/restraint.ts";
import { rotateJob } from "./federation/rotate.ts";
import { SERVER_ACTOR } from "./federation/routes.ts";
import { createSigning } from "./federation/signing.ts";
import * as store from "./federation/store.ts";
import { findPassedOn, replaceModerators } from "./federation/store-groups.ts";
import { createSynchronise } from "./federation/synchronise.ts";
import { createThreads, type LookState } from "./federation/threads.ts";
import { createUnfold } from "./federation/unfold.ts";
import { createWebfinger } from "./federation/webfinger.ts";
import type { JobKind } from "./jobs/job.ts";
import type { Worker } from "./jobs/worker.ts";
import type { Jsonld } from "./jsonld/jsonld.ts";
import type { Now } from "./lib/clock.ts";
import type { Fetch } from "./lib/fetch.ts";
import { cleanHtml } from "./lib/html-clean.ts";
import type { Log } from "./lib/log.ts";
import { hostOf } from "./lib/url.ts";
import { keepNamedMedia } from "./media/store.ts";
import { groupActLines } from "./moderation/group-acts.ts";
import type { Opened } from "./open.ts";

/** Room for the addresses of all followers that are synchronised, at a hundred and sixty bytes each. */
const MAX_PARTIAL_BYTES = 4_000_000;

export interface FederateDeps {
  readonly opened: Opened;
  readonly jsonld: Jsonld;
  readonly fetch: Fetch;
  readonly now: Now;
  readonly log: Log;
  readonly isInsecure: boolean;
  /** Asked for when something runs: it is made after all that it does. */
  readonly worker: () => Pick<Worker, "atOnce" | "wake">;
}

export function federate(deps: FederateDeps) {
  const { opened, jsonld, now, log } = deps;
  const { db, addresses, registry, keys, queue, gate, listeners, notify } = opened;
  const fetch = guardFetch(deps.fetch, gate.refusal);
  const normalise = (document: AsObject) => jsonld.normalise(document);

  const signing = createSigning({ db, now });
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
  const fetchRemote = createFetchRemote({ fetchDocument, webfinger });
  const resolve = createResolve({
    db,
    registry,
    addresses,
    keys,
    now,
    enqueue: queue.enqueue,
    async fetchRemote(iri) {
      const fetched = await fetchRemote(iri);
      const host = hostOf(fetched?.document.id);
      if (host !== null) await opened.domains.meet(host, (name) => hostKey(db, name));
      if (host !== null && fetched && readsRfc9421(fetched.document)) await knocking.understandsRfc9421(host);
      return fetched;
    },
  });
  const look = createLook({
    db,
    addresses,
    registry,
    fetch: resolve.fetch,
    refresh: resolve.refresh,
    avoids: async (person, host) => (await opened.tastes.of(person))?.hosts.has(host) ?? false,
  });
  /** Ends the worker's own waiting for a host that failed. */
  const wake = (host: string): void => deps.worker().wake("deliver", host);
  const hosts = createHosts({ db, now, wake });
  const relocate = createRelocate({ db, registry, queue, now, resolve, fetchDocument });
  const deliver = promiseDeliveries({ queue, now, isDead: hosts.isDead });
  const letters = createLetters({ db, queue, now, look, hosts, wake });
  /** Asked of everything that comes in, whoever brought it. */
  async function policy(actor: Entity, activity: AsObject | null = null): Promise<string | null> {
    // Whom only their own server suspends may go on, or could never say that it is over.
    if ((actor.held & HELD.suspended) > 0) return "its actor is suspended here";
    const host = hostOf(actor.iri) ?? "";
    if (activity !== null && registry.isA(typeOf(activity), "Flag") && !gate.takesReports(host))
      return `reports from ${host} are not taken`;
    return gate.refusal(host);
  }
  const told = ["Create", "Announce"].flatMap(registry.actingAs);
  const core = createCore({
    db,
    registry,
    addresses,
    keys,
    now,
    look,
    listeners,
    clean: cleanHtml,
    emoji: opened.emoji.tagsIn,
    enqueue: queue.enqueue,
    deliver,
    // Whoever voted has the poll, wherever they got it from.
    reached: async (object) => [
      ...(await store.findReached(db, object, told)),
      ...(await findMemberInboxes(db, object, "voters")),
    ],
    acquainted: (actor) => store.findAcquainted(db, actor),
    policy,
    noticed: opened.pushSubscriptions.promised,
    noted: (deed) => groupActLines({ keys, registry }, deed),
    keeps: (owners, names) => [keepNamedMedia(owners, names)],
    spread: (scene, visibility) => relayed.effectsFor(scene, visibility),
  });
  const serverIri = addresses.actor(SERVER_ACTOR);
  const serverActor = () => opened.serverActor;
  const relays = createRelays({
    db,
    core,
    look,
    addresses,
    keys,
    now,
    serverActor,
    serverIri,
    refusal: gate.refusal,
    deliver,
  });
  const relayed = createRelayed({
    relays,
    look,
    registry,
    addresses,
    keys,
    now,
    serverActor,
    serverIri,
    fetchDocument,
    deliver,
  });
  const publisher = createPublisher({
    addresses,
    withCounts: createWithCounts({ db, now }),
    look,
    registry,
    signing,
    now,
    passedOn: (activity) => findPassedOn(db, activity),
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
    isRefused: async (host) => gate.isRefused(host),
  });
  /** A new version of an actor may have other keys, and one that is gone has none. */
  async function forgetKeys(iri: string): Promise<void> {
    keyring.forget(iri);
    await db.batch([store.dropKeysOf(iri)]);
  }
  const synchronise = createSynchronise({
    db,
    addresses,
    look,
    queue,
    keys,
    now,
    digests: createFollowerDigests({ db, now }),
    fetchDocument: createFetchDocument({
      fetch,
      now,
      signing,
      knocking,
      serverActor: () => opened.serverActor,
      normalise: async (document) => document,
      maxBytes: MAX_PARTIAL_BYTES,
    }),
    sealed: publisher.seal,
  });
  const inbox = createInbox({
    heard: synchronise.heard,
    relayed,
    db,
    addresses,
    look,
    queue,
    authenticate,
    knocking,
    hosts,
    normalise,
    hostOf,
    gate,
    limits: createHostLimits({ now }),
    takeAtOnce: async (given) =>
      (await deps.worker().atOnce("receive", given.sender, () => receiveAtOnce(receiving, given))) ?? false,
  });
  const moderators = createModerators({
    now,
    look,
    fetchDocument,
    async save(group, iris) {
      const rows = await Promise.all(
        iris.map(async (iri) => ({
          key: keys.next(),
          iri,
          host: addresses.isOurs(iri) ? LOCAL_HOST : await hostKey(db, hostOf(iri) ?? ""),
        })),
      );
      await db.batch(replaceModerators(group, rows));
    },
  });
  const unfold = createUnfold({
    now,
    addresses,
    look,
    registry,
    authenticate,
    moderators,
    fetchDocument,
    normalise,
    refusal: gate.refusal,
  });
  const receiving: ReceiveDeps = {
    core,
    look,
    registry,
    resolve,
    queue,
    log,
    fetchDocument,
    unfold,
    publish: jsonld.publish,
    answered: relays.answered,
    refusal: gate.refusal,
  };
  const restraint = createRestraint({ now });
  const threads = createThreads({
    db,
    look,
    registry,
    resolve,
    queue,
    now,
    fetchDocument,
    restraint,
    isOurs: addresses.isOurs,
  });
  const backlog = createBacklog({
    db,
    core,
    unfold,
    look,
    registry,
    resolve,
    queue,
    now,
    fetchDocument,
    restraint,
    isOurs: addresses.isOurs,
  });
  const quotes = createQuotes({
    db,
    core,
    look,
    resolve,
    queue,
    addresses,
    keys,
    notify,
    now,
    fetchDocument,
  });
  const reading = createReading({
    look,
    now,
    async opened(entity) {
      if (entity.kind === "actor" && !entity.isLocal) await backlog.opened(entity);
      if (entity.kind === "object") await threads.opened(entity);
      if (entity.document?.quote !== undefined) await quotes.opened(entity.key);
    },
  });
  const previews = createPreviews({ db, queue, now, fetch, isOurs: addresses.isOurs });
  const kinds: Record<string, JobKind> = {
    preview: previews.job,
    backlog: backlog.job,
    moderators: moderators.job,
    ...pollJobs({ db, core, look, resolve, queue, notify, now }),
    ...threads.jobs,
    ...quotes.jobs,
    receive: receiveJob(receiving),
    ...federationJobs({ db, core, look, resolve, queue, deliver, forgetKeys, refusal: gate.refusal }),
    relayed: relayed.job,
    deliver: createDeliver({
      db,
      fetch,
      now,
      publisher,
      signing,
      knocking,
      hosts,
      newInbox: relocate.newInbox,
      refusal: gate.refusal,
      followers: synchronise.header,
    }),
    synchronise: synchronise.job,
    "still-gone": relocate.job,
    ...rotateJob({ db, core, look, signing, now }),
    probe: probeJob({ hosts, fetchDocument }),
    forward: forwardJob({ db, queue }),
    farewell: farewellJob({ db, registry, now }),
    moved: movedJob({ db, queue, notify, now, look, addresses, policy }),
    rest: restJob,
  };
  const jobs = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, endingRefused(kind)]));
  return {
    core,
    look,
    resolve,
    hosts,
    letters,
    fetchDocument,
    listeners,
    publisher,
    authenticate,
    inbox,
    webfinger,
    synchronise,
    relays,
    quotes,
    reading,
    previews,
    /** Whether more of the conversation around that thing (its key) is being looked for. */
    async lookedFor(key: number): Promise<LookState> {
      const thing = await look.byKey(key);
      return thing === null ? { isUnderWay: false, found: 0 } : threads.state(thing);
    },
    jobs,
    notify,
    signing,
  };
}

export type Federation = ReturnType<typeof federate>;
