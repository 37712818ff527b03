/** Tells people's devices of notices through push services (RFC 8030): the jobs, and what becomes of their answers. */
import type { Role } from "../accounts/account.ts";
import { backOff, givingUp, type Job, type JobKind, later } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { fromHttpDate, type Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isProblem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import { MAX_PLAIN_BYTES, seal, sealAsDraft } from "./push-encryption.ts";
import { alertsOf, PUSH_JOB, type PushSubscriptions, receiverOf } from "./push-subscriptions.ts";
import { findPush, findPushesOf, type PushRow } from "./store-push.ts";
import type { Vapid } from "./vapid.ts";

const SEND_JOB = "push-send";
/** A device that is off for longer learns of it when it asks (RFC 8030 §5.2). */
const TTL_SECONDS = 48 * 60 * 60;
const AT_ONCE = 16;
/** Of one push service; browsers share a few. */
const PER_SERVICE = 8;
/** What is told a day late is not told: the device asks when it wakes. */
const RETRY = backOff({ firstMs: 15_000, factor: 4, maxMs: 6 * HOUR_MS, giveUpAfterMs: DAY_MS });
/** What a push service says in its answer is of no use to us. */
const MAX_ANSWER_BYTES = 10_000;
const DEFAULT_WAIT_MS = 60_000;
/** RFC 8030 §5.4: at most so many letters. */
const MAX_TOPIC = 32;

/** What a device is told: JSON, and the kind that the subscription may not want. */
export interface PushMessage {
  readonly kind: string;
  /** Key of whoever did it. */
  readonly actor: number;
  readonly text: string;
}

export interface PushDeps {
  readonly db: Db;
  readonly now: Now;
  readonly fetch: Fetch;
  readonly queue: Queue;
  readonly vapid: Vapid;
  readonly subscriptions: PushSubscriptions;
  /** Roles that need a second factor: who has none is told nothing. */
  readonly requiring: () => readonly Role[];
  /** The notice in the words of programs; null where the person is not to hear of it any more. */
  readonly compose: (given: {
    readonly person: number;
    readonly notice: number;
    readonly token: string | null;
    readonly locale: string | null;
  }) => Promise<PushMessage | null>;
  /** Whether the person follows the actor, and is followed. */
  readonly circle: (
    person: number,
    actor: number,
  ) => Promise<{ readonly follows: boolean; readonly isFollowed: boolean }>;
}

export function pushJobs(deps: PushDeps): Readonly<Record<string, JobKind>> {
  const { db, now, fetch, queue, vapid, subscriptions } = deps;

  /** Each device has its own answer, and its own tries. */
  async function spread(job: Job) {
    const { person, notice } = job.payload as { person: number; notice: number };
    return (await findPushesOf(db, person)).map(({ key, endpoint }) =>
      queue.enqueue({
        kind: SEND_JOB,
        lane: new URL(endpoint).host,
        payload: { subscription: key, notice },
      }),
    );
  }

  async function send(job: Job): Promise<readonly never[]> {
    const { subscription, notice } = job.payload as { subscription: number; notice: number };
    const row = await findPush(db, subscription, now(), deps.requiring());
    const message =
      row && (await deps.compose({ person: row.account, notice, token: row.token, locale: row.locale }));
    if (!row || !message || !(await isWanted(row, message))) return [];
    const sealed = (row.standard === 1 ? seal : sealAsDraft)(message.text, receiverOf(row));
    const answer = await post(row, sealed.body, {
      ...sealed.headers,
      ...headersFor(row, sealed.headers, notice),
    });
    await settle(row, answer);
    return [];
  }

  async function isWanted({ account, alerts, policy }: PushRow, { kind, actor, text }: PushMessage) {
    if (!alertsOf(alerts).has(kind) || policy === "none") return false;
    if (Buffer.byteLength(text) > MAX_PLAIN_BYTES) return false;
    if (policy === "all") return true;
    const { follows, isFollowed } = await deps.circle(account, actor);
    return policy === "followed" ? follows : isFollowed;
  }

  /** RFC 8030 §5, RFC 8292 §3; the draft's programs find the key where it was then. */
  function headersFor(row: PushRow, sealed: Readonly<Record<string, string>>, notice: number) {
    const token = vapid.tokenFor(new URL(row.endpoint).origin);
    return {
      ttl: String(TTL_SECONDS),
      urgency: "normal",
      topic: `notice-${notice}`.slice(0, MAX_TOPIC),
      "content-type": "application/octet-stream",
      ...(row.standard === 1
        ? { authorization: `vapid t=${token}, k=${vapid.publicKey}` }
        : {
            authorization: `WebPush ${token}`,
            "crypto-key": `${sealed["crypto-key"]};p256ecdsa=${vapid.publicKey}`,
          }),
    };
  }

  async function post(row: PushRow, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
    try {
      return await fetch(row.endpoint, {
        method: "POST",
        headers,
        body,
        maxBytes: MAX_ANSWER_BYTES,
        redirect: "none",
      });
    } catch (error) {
      // An address that can never be reached from here is no push service.
      const reason = isProblem(error, "upstream") ? error.detail.reason : null;
      if (reason === "private-address" || reason === "url" || reason === "scheme" || reason === "port") {
        await subscriptions.drop(row.key);
        return null;
      }
      throw error;
    }
  }

  /** RFC 8030 §7.3: 404 and 410 say that it is over; other refusals of ours do not get better by trying again. */
  async function settle(row: PushRow, answer: Awaited<ReturnType<typeof post>>): Promise<void> {
    if (answer === null || (answer.status >= 200 && answer.status < 300)) return;
    const { status, headers } = answer;
    if (status === 429 || status === 408 || status >= 500)
      throw later(waitOf(headers.get("retry-after")), `The push service answered ${status}.`);
    if (status === 413) throw givingUp("The push service finds the message too large.");
    await subscriptions.drop(row.key);
  }

  /** RFC 9110 §10.2.3: seconds, or a date. */
  function waitOf(given: string | null): number {
    if (given === null) return DEFAULT_WAIT_MS;
    if (/^\d{1,6}$/.test(given)) return Number(given) * 1000;
    const atMs = fromHttpDate(given);
    return atMs === null ? DEFAULT_WAIT_MS : Math.max(0, atMs - now());
  }

  return {
    [PUSH_JOB]: { run: spread, retry: RETRY, concurrency: AT_ONCE },
    [SEND_JOB]: { run: send, retry: RETRY, concurrency: AT_ONCE, perLane: PER_SERVICE },
  };
}
