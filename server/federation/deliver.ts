/** The delivery job: one activity to one host, signed, retried for a fortnight, with a breaker for dead hosts. */
import type { Deliver } from "../core/recipients.ts";
import { backOff, givingUp, type Job, type JobKind, later } from "../jobs/job.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import { fromHttpDate, type Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Fetch } from "../lib/fetch.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { signRequest } from "../signatures/sign.ts";
import type { Db } from "../storage/db.ts";
import { type Hosts, LONGEST_PAUSE_MS } from "./hosts.ts";
import type { Published, Publisher } from "./publish.ts";
import type { Relocate } from "./relocate.ts";
import { type Knocking, keyKindFor, type Manner } from "./remember.ts";
import type { Signing } from "./signing.ts";
import * as store from "./store.ts";
import { isLetGo } from "./store-peers.ts";
import { HEADER } from "./synchronise.ts";

/** Servers of schools are switched off over the holidays; a fortnight and a day bridges most of them. */
const GIVE_UP_AFTER_MS = 15 * DAY_MS;
/** The longest that a peer may ask us to wait. */
const MAX_RETRY_AFTER_MS = DAY_MS;
/** Refusals that a later try will not change. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 404, 405, 410, 411, 413, 414, 415, 422, 501]);
/**
 * The inbox is no more, or for good elsewhere. A redirect of a POST is never followed: a letter goes only to an address
 * that its reader's actor names, so that is asked instead (RFC 9110 §15.4 leaves it to us).
 */
const MOVED_STATUSES: ReadonlySet<number> = new Set([301, 308, 404, 405, 410]);
/** Said by what stands in front of the program, which is not there. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);
/** Other refusals (401, 403: a clock, a key, a block) are tried again for a day, then believed. */
const REFUSED_FOR_MS = DAY_MS;
/** Of an answer to a delivery only the status matters. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Letters to several inboxes of one host, of which some have taken theirs: about 1 MB. */
const MAX_PARTLY_TAKEN = 2_000;
const IS_DEAD = "It has not answered for a long time, so nothing is sent before it shows life.";
const IS_SILENT = "It has not answered while this waited.";
const IS_HELD = "The people who run this server have stopped deliveries to it.";
/** Requests under way at once, in all and to one host. */
const CONCURRENCY = 64;
const PER_HOST = 4;

export interface DeliverPayload {
  readonly host: number;
  readonly inboxes: readonly string[];
  /** An activity of ours … */
  readonly activity?: number;
  /** … or one of somebody else, passed on as it came by an actor here (AP §7.1.2). */
  readonly forwarded?: { readonly by: number; readonly body: string };
  /** Its author wants it tried, however long the host has been silent. */
  readonly isAskedFor?: true;
}

/** The job of one letter; what one author writes to one host goes in order. */
export const deliveryJob = (payload: DeliverPayload, hostName: string, author: number): NewJob => ({
  kind: "deliver",
  lane: hostName,
  line: String(author),
  payload: { ...payload, inboxes: [...payload.inboxes] } as NewJob["payload"],
});

/** How one try ended. */
type Try =
  | { readonly end: "arrived" }
  /** Trying again is useless. */
  | { readonly end: "refused"; readonly why: string; readonly isMoved?: true }
  /** Try again; `isDown` where the host itself is to blame, not this activity. */
  | {
      readonly end: "failed";
      readonly why: string;
      readonly isDown: boolean;
      readonly waitMs: number | null;
      /** Its actors may be read elsewhere by now. */
      readonly isMoved?: true;
      /** Its program failed, and may do so over this letter alone. */
      readonly isStumbling?: true;
    };

/**
 * Promises an activity to some hosts: to each a job, and the state that its author sees. What one author sends to one host
 * arrives in order: an Update never overtakes its Create.
 */
export const promiseDeliveries =
  (deps: { queue: Queue; now: Now; isDead: (host: number) => boolean }): Deliver =>
  (activity, to, author) => {
    const alive = to.filter(({ host }) => !deps.isDead(host));
    const states = to.map(({ host }) => ({ host, givenUp: deps.isDead(host) ? IS_DEAD : null }));
    return [
      ...deps.queue.enqueueAll(
        alive.map(({ host, name, inboxes }) => deliveryJob({ activity, host, inboxes }, name, author)),
      ),
      ...store.insertDeliveries(activity, states, deps.now()),
    ];
  };

export function createDeliver(deps: {
  db: Db;
  fetch: Fetch;
  now: Now;
  publisher: Publisher;
  signing: Signing;
  knocking: Knocking;
  hosts: Hosts;
  newInbox: Relocate["newInbox"];
  /** Whom there we take for followers of the actor, where it is said (`Synchronise.header`). */
  followers: (actor: number, actorIri: string, inbox: string) => Promise<string | null>;
  /** Why nothing is sent to this host (domain rules), or null. */
  refusal: (host: string) => string | null;
  random?: () => number;
}): JobKind {
  const { db, now, hosts } = deps;
  /** Which inboxes of a job have taken the letter already, so that none gets it twice when another fails. */
  const taken = createLru<ReadonlySet<string>>(MAX_PARTLY_TAKEN);
  const retry = backOff({
    firstMs: MINUTE_MS,
    factor: 2,
    maxMs: 12 * HOUR_MS,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    ...(deps.random ? { random: deps.random } : {}),
  });

  async function run(job: Job): Promise<readonly Sql[]> {
    const { host, inboxes, activity, isAskedFor } = payloadOf(job);
    const refusal = deps.refusal(job.lane);
    if (refusal !== null) return state(job, "given-up", refusal);
    const { heldMs, deadMs } = await hosts.standing(host);
    if (deadMs !== null && timeOfKey(job.key) > deadMs && !isAskedFor) return state(job, "given-up", IS_DEAD);
    if (deadMs !== null && isTooOld(job)) return state(job, "given-up", IS_SILENT);
    const hasWaited = job.tries > 0 || now() - timeOfKey(job.key) > MINUTE_MS;
    if (activity !== undefined && hasWaited && (await isLetGo(db, activity, host))) return [];
    if (heldMs !== null) {
      await db.batch(state(job, "waiting", IS_HELD));
      throw later(LONGEST_PAUSE_MS, IS_HELD, { pauseMs: LONGEST_PAUSE_MS });
    }
    const published = await contentOf(payloadOf(job)).catch(notToBeWritten);
    if (published === null) return state(job, "given-up", "It was deleted before it could be delivered.");
    if (typeof published === "string") return state(job, "given-up", published);

    let refused: string | null = null;
    for (const inbox of inboxes) {
      if (taken.get(String(job.key))?.has(inbox)) continue;
      const result = await deliverTo(job, inbox, published);
      if (result.end === "failed") return postpone(job, result);
      if (result.end === "refused") refused = result.why;
      if (inboxes.length > 1)
        taken.set(String(job.key), new Set([...(taken.get(String(job.key)) ?? []), inbox]));
    }
    taken.delete(String(job.key));
    return [
      ...state(job, refused === null ? "arrived" : "given-up", refused),
      ...hosts.arrived(host, job.lane),
    ];
  }

  /** What waited behind others for a fortnight need not be tried at a host that takes nothing. */
  const isTooOld = (job: Job): boolean => now() - timeOfKey(job.key) >= GIVE_UP_AFTER_MS;

  /** One inbox; where its host no longer knows it, the one that its actors name instead. */
  async function deliverTo(job: Job, inbox: string, published: Published): Promise<Try> {
    const result = await attempt(job, inbox, published);
    if (!("isMoved" in result)) return result;
    const { host } = payloadOf(job);
    const elsewhere = await deps.newInbox(host, inbox);
    return elsewhere === null ? result : attempt(job, elsewhere, published);
  }

  async function contentOf({ activity, forwarded }: DeliverPayload): Promise<Published | null> {
    if (forwarded) return { actor: forwarded.by, bytes: new TextEncoder().encode(forwarded.body) };
    return activity === undefined ? null : deps.publisher.activity(activity);
  }

  /** What the author sees; what was only passed on has no author here. */
  function state(job: Job, name: "waiting" | "arrived" | "given-up", why: string | null): readonly Sql[] {
    const { activity, host } = payloadOf(job);
    if (activity === undefined) return [];
    return [store.updateDelivery(activity, host, name, job.tries + 1, why, now())];
  }

  async function attempt(job: Job, inbox: string, published: Published): Promise<Try> {
    try {
      const answer = await deps.knocking.knock(job.lane, (...manner) => post(inbox, published, manner));
      return judge(answer, now() - timeOfKey(job.key), now());
    } catch (error) {
      if (!isProblem(error, "upstream")) throw error;
      // Our own limits, not the host's fault: nothing was sent.
      if (error.detail.reason === "busy") throw later(MINUTE_MS, error.message);
      // An answer too long to read is an answer all the same.
      if (error.detail.reason === "too-large") return { end: "arrived" };
      return { end: "failed", why: error.message, isDown: true, waitMs: null };
    }
  }

  async function post(inbox: string, published: Published, [scheme, wanted]: Manner) {
    const { actor, toFollowersOf } = published;
    const told = toFollowersOf === undefined ? null : await deps.followers(actor, toFollowersOf, inbox);
    const headers = {
      "content-type": "application/activity+json",
      accept: "application/activity+json, application/json",
      ...(told === null ? {} : { [HEADER]: told }),
    };
    const key = await deps.signing.key(published.actor, keyKindFor(scheme, wanted));
    return deps.fetch(inbox, {
      method: "POST",
      headers,
      body: published.bytes,
      maxBytes: MAX_ANSWER_BYTES,
      headersFor: (url) =>
        signRequest({
          method: "POST",
          url,
          headers: new Headers(headers),
          body: published.bytes,
          key,
          scheme,
          wanted,
          nowMs: now(),
        }),
    });
  }

  /** Notes the failure and has it tried later, the whole lane waiting once the host looks dead; or gives up. */
  async function postpone(job: Job, failed: Extract<Try, { end: "failed" }>): Promise<readonly Sql[]> {
    const { host } = payloadOf(job);
    const ageMs = now() - timeOfKey(job.key);
    const delayMs = retry(job.tries + 1, ageMs);
    const { arrivedMs } = await hosts.standing(host);
    const takesOthers =
      arrivedMs !== null && now() - arrivedMs < DAY_MS && arrivedMs > timeOfKey(job.key) + HOUR_MS;
    const pauseMs = await hosts.failed(host, job.lane, failed);
    // A letter that its receiver stumbles over would hold back all that its author writes for a fortnight.
    const isStumbling = failed.isStumbling === true && takesOthers && ageMs > REFUSED_FOR_MS;
    if (delayMs === null || isStumbling) return state(job, "given-up", failed.why);
    await db.batch(state(job, "waiting", failed.why));
    // What waits behind it in its line could not tell that the host is back.
    const nextMs = failed.isDown ? Math.min(delayMs, Math.max(pauseMs ?? 0, LONGEST_PAUSE_MS)) : delayMs;
    throw later(failed.waitMs ?? nextMs, failed.why, { pauseMs });
  }

  return { run, retry, concurrency: CONCURRENCY, perLane: PER_HOST };
}

/** Why no letter can be made of it, now or later: it must not hold back what its author writes after it. */
function notToBeWritten(error: unknown): string {
  if (isProblem(error, "invalid")) return error.message;
  throw error;
}

function judge(answer: { status: number; headers: Headers }, ageMs: number, nowMs: number): Try {
  const { status } = answer;
  if (status >= 200 && status < 300) return { end: "arrived" };
  const why = `It answered ${status}.`;
  const moved = MOVED_STATUSES.has(status) ? { isMoved: true as const } : {};
  if (FINAL_STATUSES.has(status)) return { end: "refused", why, ...moved };
  const waitMs = retryAfterMs(answer.headers, nowMs);
  if (status === 429) return { end: "failed", why, isDown: waitMs === null, waitMs };
  if (status >= 500) {
    const stumbling = GATEWAY_STATUSES.has(status) ? {} : { isStumbling: true as const };
    return { end: "failed", why, isDown: true, waitMs, ...stumbling };
  }
  return ageMs > REFUSED_FOR_MS
    ? { end: "refused", why, ...moved }
    : { end: "failed", why, isDown: false, waitMs: null, ...moved };
}

/** Milliseconds that the peer asks us to wait (RFC 9110 §10.2.3), or null. */
function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const header = headers.get("retry-after");
  if (header === null) return null;
  const untilMs = /^\d{1,9}$/.test(header) ? nowMs + Number(header) * 1000 : fromHttpDate(header);
  return untilMs === null ? null : Math.min(Math.max(untilMs - nowMs, 1000), MAX_RETRY_AFTER_MS);
}

function payloadOf(job: Job): DeliverPayload {
  if (!isJsonObject(job.payload) || !Array.isArray(job.payload.inboxes))
    throw givingUp("The job says nothing.");
  return job.payload as unknown as DeliverPayload;
}
