/** Follower synchronisation (FEP-8fcf): tells others whom of theirs we take for followers, and hears what they tell. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, id } from "../core/object.ts";
import { addMember, dropMember, ensureCollection } from "../core/store-writes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import type { Json } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, originOf, sameOrigin } from "../lib/url.ts";
import { parseParameters } from "../signatures/cavage.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { type FollowerDigests, MAX_SYNCHRONISED, NO_FOLLOWERS } from "./follower-digests.ts";
import { readCollection } from "./read-collection.ts";
import { type AskedHere, findAskedHere, findFollowerIris, findLastFollows } from "./store-followers.ts";

/** Follows and answers that are on their way arrive before their absence counts. */
const SETTLES_WITHIN_MS = MINUTE_MS;
/** A server whose digest is never right is asked no more often. */
const ASKED_EVERY_MS = HOUR_MS;
/** A list that cannot be had for so long is had another time. */
const TRIED_FOR_MS = 6 * HOUR_MS;
/** Three addresses and a digest are shorter. */
const MAX_HEADER_LENGTH = 4_000;
/** Actors of whom it is remembered that they were heard of. */
const MAX_HEARD = 5_000;
/** Follows that we know nothing of and take back at one time: somebody may list everybody. */
const MAX_TAKEN_BACK = 200;
/** Below each actor of ours. */
export const PARTIAL_FOLLOWERS = "followers-synchronization";
/** Mastodon's word for it and ours, however they are joined. */
const PARTIAL_NAME = /^followers[\W_]?synchroni[sz]ation$/i;

/**
 * Whether this is the address of some of somebody's followers that is for the server where they live, and for nobody
 * else (FEP-8fcf "Partial follower collections"); by the names in use, since the address is in no document.
 */
export function isPartialFollowers(url: string): boolean {
  const segments = URL.parse(url)?.pathname.split("/") ?? [];
  return segments.some((segment) => PARTIAL_NAME.test(decoded(segment)));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // @NOTE No text at all; a server reads it as it stands.
    return segment;
  }
}

export const HEADER = "collection-synchronization";

export interface Synchronise {
  /** The value of the header for what is sent to this inbox, or null where there is none to send. */
  header(actor: number, actorIri: string, inbox: string): Promise<string | null>;
  /** Hears the header of a request that `sender` has signed, the header included. Never throws for what it says. */
  heard(sender: string, header: string): Promise<void>;
  /** Addresses of the followers at this origin, for a signed request from there; null where they are too many. */
  partial(actor: number, origin: string): Promise<readonly string[] | null>;
  readonly job: JobKind;
}

interface SynchronisePayload {
  /** The actor elsewhere whose followers are compared. */
  readonly actor: number;
  readonly url: string;
  readonly digest: string;
}

export function createSynchronise(deps: {
  db: Db;
  addresses: Addresses;
  look: Look;
  queue: Queue;
  keys: Keys;
  now: Now;
  digests: FollowerDigests;
  /** With room for `MAX_SYNCHRONISED` addresses, and not put into compact form. */
  fetchDocument: FetchDocument;
  /** A document of ours with its context and the proof of this actor, as text. */
  sealed: (actor: number, document: AsObject) => Promise<string>;
}): Synchronise {
  const { db, addresses, look, queue, now, digests } = deps;
  const passed = steady(now);
  const heardAtMs = createLru<number>(MAX_HEARD);

  async function header(actor: number, actorIri: string, inbox: string): Promise<string | null> {
    const all = await digests.of(actor);
    if (all === null) return null;
    const digest = all.get(originOf(inbox) ?? "") ?? NO_FOLLOWERS;
    const below = (name: string) => addresses.collection(actorIri, name);
    return `collectionId="${below("followers")}", url="${below(PARTIAL_FOLLOWERS)}", digest="${digest}"`;
  }

  async function heard(sender: string, text: string): Promise<void> {
    const said = readHeader(text);
    if (said === null || !sameOrigin(said.url, sender)) return;
    const heardMs = heardAtMs.get(sender);
    if (heardMs !== undefined && passed() - heardMs < ASKED_EVERY_MS) return;
    const actor = await look.find(sender);
    if (actor?.kind !== "actor" || actor.isLocal || !actor.document) return;
    if (id(actor.document, "followers") !== said.collectionId) return;
    if ((await ownDigest(actor.key)) === said.digest) return;
    heardAtMs.set(sender, passed());
    const payload: SynchronisePayload = { actor: actor.key, url: said.url, digest: said.digest };
    await db.batch([
      queue.enqueue({
        kind: "synchronise",
        lane: hostOf(sender) ?? "",
        payload: payload as unknown as Json,
        dueMs: now() + SETTLES_WITHIN_MS,
        once: nameOf(actor.key),
      }),
    ]);
  }

  /** Of those who live here; null where there are too many. */
  async function ownDigest(actor: number): Promise<string | null> {
    const all = await digests.of(actor);
    return all && (all.get(addresses.origin) ?? NO_FOLLOWERS);
  }

  const nameOf = (actor: number): string => `synchronise ${actor}`;

  async function run(job: Job): Promise<readonly Sql[]> {
    const { actor: key, url, digest } = job.payload as unknown as SynchronisePayload;
    /** Holds the name, so that the next question waits. */
    const rest = queue.enqueue({
      kind: "rest",
      payload: null,
      dueMs: now() + ASKED_EVERY_MS,
      once: nameOf(key),
    });
    const actor = await look.byKey(key);
    if (actor === null || actor.deletedMs !== null || (await ownDigest(key)) === digest) return [rest];
    // Before theirs is read: whoever follows meanwhile is in neither, and is left alone.
    const asked = await findAskedHere(db, key);
    const items = await readCollection(deps.fetchDocument, url, MAX_SYNCHRONISED);
    if (items === "unavailable") throw new Problem("upstream", `${url} gives no list of followers.`);
    if (items === null) return [rest];
    const listed = new Set(items.filter(addresses.isOurs));
    return [
      ...queue.enqueueAll([...dropped(asked, listed), ...(await takenBack(actor, asked, listed))]),
      ...asked.flatMap((each) => (each.name === "requests" && listed.has(each.iri) ? letIn(key, each) : [])),
      rest,
    ];
  }

  /** Followers here whom the other side does not know: they follow no longer, and it is told so. */
  const dropped = (asked: readonly AskedHere[], listed: ReadonlySet<string>): readonly NewJob[] =>
    asked.flatMap(({ name, person, iri, follow_iri }) =>
      name === "followers" && follow_iri !== null && !listed.has(iri) ? [undo(person, follow_iri)] : [],
    );

  const undo = (actor: number, object: string): NewJob => ({
    kind: "act",
    payload: { actor, activity: { type: "Undo", object } },
  });

  /** Whom the other side takes for a follower who has only asked: the answer was lost. */
  function letIn(followed: number, { person, follow }: AskedHere): readonly Sql[] {
    if (follow === null) return [];
    return [
      ...dropMember(followed, "requests", person),
      ...dropMember(person, "requested", followed),
      ensureCollection(followed, "followers"),
      ...addMember(followed, "followers", person, follow),
      ensureCollection(person, "following"),
      ...addMember(person, "following", followed, follow),
    ];
  }

  /** Whom the other side takes for followers, and who are none: their Follow is taken back (again). */
  async function takenBack(
    actor: Entity,
    asked: readonly AskedHere[],
    listed: ReadonlySet<string>,
  ): Promise<readonly NewJob[]> {
    const known = new Set(asked.map(({ iri }) => iri));
    const others = [...listed].filter((iri) => !known.has(iri)).slice(0, MAX_TAKEN_BACK);
    const people = [...(await look.findMany(others)).values()].filter(
      ({ isLocal, kind, deletedMs }) => isLocal && kind === "actor" && deletedMs === null,
    );
    const keys = people.map((person) => person.key);
    const last = new Map(
      (await findLastFollows(db, actor.key, keys)).map(({ person, follow_iri }) => [person, follow_iri]),
    );
    const inbox = id(actor.document ?? {}, "inbox");
    const jobs: NewJob[] = [];
    for (const person of people) {
      const follow = last.get(person.key);
      if (follow !== undefined) jobs.push(undo(person.key, follow));
      else if (inbox !== null) jobs.push(await madeUp(person, actor, inbox));
    }
    return jobs;
  }

  /** Takes back a Follow that nobody here knows of, as after going back to an older copy of the database. */
  async function madeUp(person: Entity, actor: Entity, inbox: string): Promise<NewJob> {
    const named = () => addresses.activity(deps.keys.next());
    const follow = { id: named(), type: "Follow", actor: person.iri, object: actor.iri };
    const document = { id: named(), type: "Undo", actor: person.iri, object: follow, to: [actor.iri] };
    return {
      kind: "deliver",
      lane: hostOf(actor.iri) ?? "",
      payload: {
        host: actor.host,
        inboxes: [inbox],
        forwarded: { by: person.key, body: await deps.sealed(person.key, document) },
      },
    };
  }

  return {
    header,
    heard,
    async partial(actor, origin) {
      const all = await findFollowerIris(db, actor);
      const theirs = all.filter((iri) => originOf(iri) === origin);
      return theirs.length > MAX_SYNCHRONISED ? null : theirs.sort();
    },
    job: {
      run,
      retry: backOff({ firstMs: MINUTE_MS, factor: 4, maxMs: HOUR_MS, giveUpAfterMs: TRIED_FOR_MS }),
      concurrency: 2,
      perLane: 1,
    },
  };
}

/** What the header says, or null where it is none (FEP-8fcf "Collection Synchronization Header Parameters"). */
function readHeader(text: string): { collectionId: string; url: string; digest: string } | null {
  if (text.length > MAX_HEADER_LENGTH) return null;
  const parameters = parseParameters(text);
  const [collectionId, url, digest] = ["collectionid", "url", "digest"].map((name) => parameters?.get(name));
  if (!collectionId || !url || !digest || !/^[0-9a-f]{64}$/i.test(digest)) return null;
  return { collectionId, url, digest: digest.toLowerCase() };
}
