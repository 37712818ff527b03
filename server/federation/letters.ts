/** What people do about letters that do not arrive: authors about their own, those who run the server about a host. */
import { isPublic } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import { type AsObject, audienceOf } from "../core/object.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { deliveryJob } from "./deliver.ts";
import type { Hosts } from "./hosts.ts";
import { updateDelivery } from "./store.ts";
import * as store from "./store-peers.ts";

/** Readers of one letter at one host; whoever names more there reaches the rest through the shared inbox. */
const MAX_INBOXES = 50;

export interface Letters {
  /**
   * Tries at once to hand over the author's post (keys of actor and object) to a host where it waits or was given up.
   * @throws Problem `not-found` where it is on no such way, `forbidden` where deliveries there are stopped, `gone`
   * where nobody there can be written to any more.
   */
  retry(author: number, object: number, host: string): Promise<void>;
  /** The author lets a letter go that waits. @throws Problem `not-found`. */
  giveUp(author: number, object: number, host: string): Promise<void>;
  /** Tries everything that waits for the host at once, and takes it for well again. @throws Problem `not-found`, as below. */
  retryHost(host: string): Promise<void>;
  /** Nothing goes there until `resumeHost`; what is written waits. */
  holdHost(host: string): Promise<void>;
  resumeHost(host: string): Promise<void>;
  /** Lets go whatever waits for the host; its authors see why. */
  giveUpHost(host: string): Promise<void>;
}

const LET_GO = "Its author let it go.";
const LET_GO_BY_STAFF = "The people who run this server let it go.";

export function createLetters(deps: {
  readonly db: Db;
  readonly queue: Queue;
  readonly now: Now;
  readonly look: Look;
  readonly hosts: Pick<Hosts, "standing" | "forget">;
  /** Ends the worker's own waiting for this host. */
  readonly wake: (name: string) => void;
}): Letters {
  const { db, now, look, hosts } = deps;

  async function letterOf(author: number, object: number, name: string) {
    const made = await look.activityAbout("Create", author, object);
    const letter = made && (await store.findLetter(db, made.key, name));
    if (letter === null || letter.state === "arrived")
      throw new Problem("not-found", "This post is not on its way to that server.");
    return letter;
  }

  async function hostOf(name: string): Promise<number> {
    const host = await store.findHost(db, name);
    if (host === null) throw new Problem("not-found", "This server has never met that one.");
    return host;
  }

  async function retry(author: number, object: number, name: string): Promise<void> {
    const { activity, host, state } = await letterOf(author, object, name);
    if ((await hosts.standing(host)).heldMs !== null)
      throw new Problem("forbidden", "The people who run this server have stopped deliveries to that one.");
    const again = state === "waiting" ? [] : await anew(author, activity, { key: host, name });
    await db.batch([...again, store.retryLine(name, author, now())]);
    deps.wake(name);
  }

  /** The letter anew, to whom it was addressed there and to the followers there. */
  async function anew(
    author: number,
    activity: number,
    host: { readonly key: number; readonly name: string },
  ): Promise<readonly Sql[]> {
    const document = (await look.byKey(activity))?.document;
    const inboxes = document
      ? await store.findInboxesAt(db, { ...reachOf(document), author, activity, host: host.key }, MAX_INBOXES)
      : [];
    if (inboxes.length === 0) throw new Problem("gone", "Nobody at that server can be written to any more.");
    return [
      deps.queue.enqueue(
        deliveryJob({ activity, host: host.key, inboxes, isAskedFor: true }, host.name, author),
      ),
      updateDelivery(activity, host.key, "waiting", 0, null, now()),
    ];
  }

  async function giveUp(author: number, object: number, name: string): Promise<void> {
    const { activity, host, tries } = await letterOf(author, object, name);
    // The job finds it so when its turn comes, which is now where it is the first.
    await db.batch([
      updateDelivery(activity, host, "given-up", tries, LET_GO, now()),
      store.retryLine(name, author, now()),
    ]);
  }

  async function change(name: string, statements: (host: number) => readonly Sql[]): Promise<void> {
    const host = await hostOf(name);
    await db.batch(statements(host));
    hosts.forget(host, name);
    deps.wake(name);
  }

  return {
    retry,
    giveUp,
    retryHost: (name) => change(name, (host) => [store.reviveHost(host), ...store.retryLane(name, now())]),
    holdHost: (name) => change(name, (host) => [store.hold(host, now())]),
    resumeHost: (name) => change(name, (host) => [store.release(host), ...store.retryLane(name, now())]),
    giveUpHost: (name) =>
      change(name, (host) => store.giveUpLane({ key: host, name }, now(), LET_GO_BY_STAFF)),
  };
}

/** Whether followers were meant too. */
const reachOf = (activity: AsObject): { readonly toFollowers: boolean } => ({
  toFollowers: audienceOf(activity).some((iri) => isPublic(iri) || iri.endsWith("/followers")),
});
