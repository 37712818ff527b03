/** The delivery job: one activity to one host, signed, retried for a fortnight, with a breaker for dead hosts. */
import { backOff, givingUp, type Job, type JobKind, later } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { fromIso, type Now } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Scheme } from "../signatures/request.ts";
import { signRequest } from "../signatures/sign.ts";
import type { Db } from "../storage/db.ts";
import type { Published, Publisher } from "./publish.ts";
import type { Knocking } from "./remember.ts";
import type { Signing } from "./signing.ts";
import * as store from "./store.ts";
import { HEADER } from "./synchronise.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Servers of schools are switched off over the holidays; a fortnight and a day bridges most of them. */
const GIVE_UP_AFTER_MS = 15 * DAY_MS;
/** After so many failures in a row the host is taken for dead, and asked by one request at a time. */
const FAILURES_UNTIL_PAUSE = 3;
/** A dead host is asked at least once an hour whether it is back, however long its letters have waited. */
const LONGEST_PAUSE_MS = HOUR_MS;
/** Hosts that fail at one time: about 1 MB. */
const MAX_FAILING = 10_000;
/** The longest that a peer may ask us to wait. */
const MAX_RETRY_AFTER_MS = DAY_MS;
/** Refusals that a later try will not change. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 404, 405, 410, 411, 413, 414, 415, 422, 501]);
/** Other refusals (401, 403: a clock, a key, a block) are tried again for a day, then believed. */
const REFUSED_FOR_MS = DAY_MS;
/** When a host last answered is no more exact than that. */
const NOTED_EVERY_MS = 10 * MINUTE_MS;
/** Of an answer to a delivery only the status matters. */
const MAX_ANSWER_BYTES = 64 * 1024;
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
}

/** How one try ended. */
type Try =
  | { readonly end: "arrived" }
  /** Trying again is useless. */
  | { readonly end: "refused"; readonly why: string }
  /** Try again; `isDown` where the host itself is to blame, not this activity. */
  | {
      readonly end: "failed";
      readonly why: string;
      readonly isDown: boolean;
      readonly waitMs: number | null;
    };

/**
 * Statements that promise an activity to some inboxes of one host: the job, and the state that its author sees. What
 * one author sends to one host arrives in order: an Update never overtakes its Create.
 */
export const promiseDelivery =
  (deps: { queue: Queue; now: Now }) =>
  (
    activity: number,
    host: { name: string; key: number },
    inboxes: readonly string[],
    author: number,
  ): readonly Sql[] => [
    deps.queue.enqueue({
      kind: "deliver",
      lane: host.name,
      line: String(author),
      payload: { activity, host: host.key, inboxes: [...inboxes] },
    }),
    store.insertDelivery(activity, host.key, deps.now()),
  ];

export function createDeliver(deps: {
  db: Db;
  fetch: Fetch;
  now: Now;
  publisher: Publisher;
  signing: Signing;
  knocking: Knocking;
  /** Whom there we take for followers of the actor, where it is said (`Synchronise.header`). */
  followers: (actor: number, actorIri: string, inbox: string) => Promise<string | null>;
  /** Why nothing is sent to this host (domain rules), or null. */
  refusal: (host: string) => string | null;
  random?: () => number;
}): JobKind {
  const { db, now } = deps;
  /** Failures in a row of each host that is failing now. */
  const failing = createLru<number>(MAX_FAILING);
  /** When it was written down of each host that it answers; not of those that have failed since. */
  const noted = createLru<number>(MAX_FAILING);
  const retry = backOff({
    firstMs: MINUTE_MS,
    factor: 2,
    maxMs: 12 * HOUR_MS,
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    ...(deps.random ? { random: deps.random } : {}),
  });
  const pause = backOff({
    firstMs: MINUTE_MS,
    factor: 2,
    maxMs: LONGEST_PAUSE_MS,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    ...(deps.random ? { random: deps.random } : {}),
  });

  async function run(job: Job): Promise<readonly Sql[]> {
    const { host, inboxes } = payloadOf(job);
    const refusal = deps.refusal(job.lane);
    if (refusal !== null) return state(job, "given-up", refusal);
    const published = await contentOf(payloadOf(job));
    if (published === null) return state(job, "given-up", "It was deleted before it could be delivered.");

    let refused: string | null = null;
    for (const inbox of inboxes) {
      const result = await attempt(job, inbox, published);
      if (result.end === "refused") refused = result.why;
      if (result.end === "failed") return postpone(job, result);
    }
    failing.delete(job.lane);
    const ended = state(job, refused === null ? "arrived" : "given-up", refused);
    const notedMs = noted.get(job.lane);
    if (notedMs !== undefined && now() - notedMs < NOTED_EVERY_MS) return ended;
    noted.set(job.lane, now());
    return [...ended, store.rememberArrival(host, now())];
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
      const answer = await deps.knocking.knock(job.lane, (scheme) => post(inbox, published, scheme));
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

  async function post(inbox: string, published: Published, scheme: Scheme) {
    const { actor, toFollowersOf } = published;
    const told = toFollowersOf === undefined ? null : await deps.followers(actor, toFollowersOf, inbox);
    const headers = {
      "content-type": "application/activity+json",
      accept: "application/activity+json, application/json",
      ...(told === null ? {} : { [HEADER]: told }),
    };
    const key = await deps.signing.key(published.actor, "rsa");
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
          nowMs: now(),
        }),
    });
  }

  /** Notes the failure and has it tried later, the whole lane waiting once the host looks dead; or gives up. */
  async function postpone(job: Job, failed: Extract<Try, { end: "failed" }>): Promise<readonly Sql[]> {
    const { host } = payloadOf(job);
    const delayMs = retry(job.tries + 1, now() - timeOfKey(job.key));
    if (delayMs === null) return state(job, "given-up", failed.why);
    const inARow = failed.isDown ? (failing.get(job.lane) ?? 0) + 1 : 0;
    if (failed.isDown) failing.set(job.lane, inARow);
    noted.delete(job.lane);
    const pauseMs = failed.waitMs ?? (inARow < FAILURES_UNTIL_PAUSE ? null : pause(inARow, 0));
    await db.batch([
      ...state(job, "waiting", failed.why),
      store.rememberFailure(host, now(), pauseMs === null ? null : now() + pauseMs, failed.why),
    ]);
    // What waits behind it in its line could not tell that the host is back.
    const nextMs = failed.isDown ? Math.min(delayMs, LONGEST_PAUSE_MS) : delayMs;
    throw later(failed.waitMs ?? nextMs, failed.why, { pauseMs });
  }

  return { run, retry, concurrency: CONCURRENCY, perLane: PER_HOST };
}

function judge(answer: { status: number; headers: Headers }, ageMs: number, nowMs: number): Try {
  const { status } = answer;
  if (status >= 200 && status < 300) return { end: "arrived" };
  const why = `It answered ${status}.`;
  if (FINAL_STATUSES.has(status)) return { end: "refused", why };
  const waitMs = retryAfterMs(answer.headers, nowMs);
  if (status === 429) return { end: "failed", why, isDown: waitMs === null, waitMs };
  if (status >= 500) return { end: "failed", why, isDown: true, waitMs };
  return ageMs > REFUSED_FOR_MS
    ? { end: "refused", why }
    : { end: "failed", why, isDown: false, waitMs: null };
}

/** Milliseconds that the peer asks us to wait (RFC 9110 §10.2.3), or null. */
function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const header = headers.get("retry-after");
  if (header === null) return null;
  const untilMs = /^\d{1,9}$/.test(header) ? nowMs + Number(header) * 1000 : fromIso(header);
  return untilMs === null ? null : Math.min(Math.max(untilMs - nowMs, 1000), MAX_RETRY_AFTER_MS);
}

function payloadOf(job: Job): DeliverPayload {
  if (!isJsonObject(job.payload) || !Array.isArray(job.payload.inboxes))
    throw givingUp("The job says nothing.");
  return job.payload as unknown as DeliverPayload;
}
