/** Where people's programs and browsers want to be told of notices while they sleep. */

import type { NoticeKind } from "../core/effects.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { parseHttpUrl } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { follow } from "../storage/follow.ts";
import { isReceiver, type Receiver } from "./push-encryption.ts";
import * as store from "./store-push.ts";

export type { PushHolder } from "./store-push.ts";

/** Those of browsers have some hundred characters. */
const MAX_ENDPOINT = 2_000;
const CHANNEL = "push";
export const PUSH_JOB = "push";

/** Of whose doings somebody is told. */
export type PushPolicy = store.PushRow["policy"];
export const PUSH_POLICIES: readonly PushPolicy[] = ["all", "followed", "follower", "none"];

export interface PushSubscription {
  /** A small number. */
  readonly key: number;
  readonly endpoint: string;
  /** Kinds of notices. */
  readonly alerts: ReadonlySet<string>;
  readonly policy: PushPolicy;
  /** Whether it reads RFC 8291; else the draft before it. */
  readonly isStandard: boolean;
}

export interface NewPush {
  readonly account: number;
  readonly endpoint: string;
  /** base64url, as browsers give them. */
  readonly publicKey: string;
  readonly auth: string;
  readonly alerts: readonly NoticeKind[];
  readonly policy: PushPolicy;
  readonly isStandard: boolean;
  /** What the program knows its account by; null for our own pages. */
  readonly token: string | null;
}

export interface PushSubscriptions {
  of(holder: store.PushHolder): Promise<PushSubscription | null>;
  /** In place of what the holder had. @throws Problem `invalid` at the field. */
  put(holder: store.PushHolder, given: NewPush): Promise<PushSubscription>;
  /** @throws Problem `not-found`. */
  change(
    holder: store.PushHolder,
    change: { readonly alerts: readonly NoticeKind[]; readonly policy: PushPolicy },
  ): Promise<PushSubscription>;
  remove(holder: store.PushHolder): Promise<void>;
  /** The push service knows it no more. */
  drop(key: number): Promise<void>;
  /** A promise to tell of a notice, for the batch that makes it; nothing where nobody wants to be told. */
  promised(person: number, notice: number): readonly Sql[];
  stop(): void;
}

export async function createPushSubscriptions(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly log: Log;
  readonly enqueue: Queue["enqueue"];
}): Promise<PushSubscriptions> {
  const { db, now, enqueue } = deps;
  /** People who are told at all: nearly nobody costs nearly nothing. */
  const pushed = new Set<number>();
  const { stop } = await follow({
    db,
    log: deps.log,
    channel: CHANNEL,
    heard: (account) => pushed.add(Number(account)),
    async read() {
      for (const account of await store.findPushed(db)) pushed.add(account);
    },
  });

  async function forgetIfNone(account: number): Promise<void> {
    if (!(await store.hasPush(db, account))) pushed.delete(account);
  }

  async function found(holder: store.PushHolder): Promise<store.PushRow> {
    const row = await store.findPushOf(db, holder);
    if (row === null) throw new Problem("not-found", "There is no push subscription here.");
    return row;
  }

  return {
    async of(holder) {
      const row = await store.findPushOf(db, holder);
      return row && toSubscription(row);
    },
    async put(holder, given) {
      refuseBad(given);
      const { alerts, isStandard, ...row } = given;
      const whole = { ...row, alerts: alertsText(alerts), standard: isStandard ? 1 : 0 };
      await db.batch(store.putPush(holder, whole, now()));
      pushed.add(given.account);
      db.notify(CHANNEL, String(given.account));
      return toSubscription(await found(holder));
    },
    async change(holder, { alerts, policy }) {
      const { key } = await found(holder);
      await db.batch([store.changePush(key, alertsText(alerts), policy)]);
      return toSubscription(await found(holder));
    },
    async remove(holder) {
      const row = await store.findPushOf(db, holder);
      await db.batch([store.deletePushOf(holder)]);
      if (row !== null) await forgetIfNone(row.account);
    },
    async drop(key) {
      const row = await store.findPush(db, key, now(), []);
      await db.batch([store.deletePush(key)]);
      if (row !== null) await forgetIfNone(row.account);
    },
    promised: (person, notice) =>
      pushed.has(person) ? [enqueue({ kind: PUSH_JOB, payload: { person, notice } })] : [],
    stop,
  };
}

/** The keys of a subscription, as bytes. */
export const receiverOf = ({ publicKey, auth }: { publicKey: string; auth: string }): Receiver => ({
  publicKey: Buffer.from(publicKey, "base64url"),
  auth: Buffer.from(auth, "base64url"),
});

const alertsText = (alerts: readonly NoticeKind[]): string => ` ${[...new Set(alerts)].join(" ")} `;

export const alertsOf = (text: string): ReadonlySet<string> =>
  new Set(text.split(" ").filter((word) => word !== ""));

const toSubscription = (row: store.PushRow): PushSubscription => ({
  key: row.key,
  endpoint: row.endpoint,
  alerts: alertsOf(row.alerts),
  policy: row.policy,
  isStandard: row.standard === 1,
});

/** Whether the address leads to a private network is looked at when it is used: `lib/fetch.ts`. */
function refuseBad(given: NewPush): void {
  if (parseHttpUrl(given.endpoint) === null || given.endpoint.length > MAX_ENDPOINT)
    throw new Problem("invalid", "Give the https address of a push service.", { field: "endpoint" });
  if (!isReceiver(receiverOf(given)))
    throw new Problem("invalid", "These are no keys of a push subscription.", { field: "keys" });
}
