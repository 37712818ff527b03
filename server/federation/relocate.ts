/** An inbox that is gone: its actors are asked once where they are read now, and those that are gone are let go. */
import type { Registry } from "../core/registry.ts";
import type { Resolve } from "../core/resolve.ts";
import { findByIris } from "../core/store.ts";
import { buryObject, clearIndex, releaseCause } from "../core/store-writes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { createAnswers } from "../lib/answers.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { type ActorAt, findActorsAt, findFollowsBy } from "./store-peers.ts";

/** An inbox is asked about at most that often, however many letters wait for it. */
const ASKED_EVERY_MS = HOUR_MS;
/** Actors of one inbox that are asked; a shared one belongs to all of a server. */
const MAX_ACTORS = 20;
/** Inboxes remembered: about 1 MB. */
const MAX_INBOXES = 5_000;
/** An actor that is deleted says 410 today and tomorrow; a server that is being repaired may say so for an hour. */
const GONE_AFTER_MS = DAY_MS;
/** Many servers answer 404 while they are being moved. */
const MISSING_AFTER_MS = 7 * DAY_MS;
/** These are few and wait for nobody. */
const CONCURRENCY = 2;
/** A server that does not answer is asked for some days more, and then left alone. */
const retry = backOff({ firstMs: HOUR_MS, factor: 2, maxMs: DAY_MS, giveUpAfterMs: 15 * DAY_MS });
/** Follows that are ended in one batch. */
const FOLLOWS_AT_ONCE = 200;

export interface Relocate {
  /**
   * Where letters to this inbox of the host go now: the address that everybody who had the old one names; null where
   * there is none, or they do not agree on one. Asks the network at most once an hour for one inbox.
   */
  newInbox(host: number, inbox: string): Promise<string | null>;
  /** The job `still-gone`: payload `{ iri }`. */
  readonly job: JobKind;
}

export function createRelocate(deps: {
  readonly db: Db;
  readonly registry: Pick<Registry, "actingAs">;
  readonly queue: Queue;
  readonly now: Now;
  readonly resolve: Pick<Resolve, "refresh">;
  readonly fetchDocument: FetchDocument;
}): Relocate {
  const { db, queue, now } = deps;
  const following = ["Follow", "Join"].flatMap(deps.registry.actingAs);
  const asked = createAnswers<string | null>(MAX_INBOXES, { now, ms: ASKED_EVERY_MS });

  const newInbox = (host: number, inbox: string): Promise<string | null> =>
    asked.get(inbox, () => ask(host, inbox));

  async function ask(host: number, inbox: string): Promise<string | null> {
    const before = await findActorsAt(db, { host, inbox }, MAX_ACTORS);
    const named = new Set<string | null>();
    for (const actor of before) named.add(await addressOf(actor, host, inbox));
    const [only = null] = named;
    return named.size === 1 && only !== inbox ? only : null;
  }

  /** The address of the same sort (shared, or the actor's own) that the actor names now. */
  async function addressOf({ key, iri }: ActorAt, host: number, inbox: string): Promise<string | null> {
    if ((await deps.resolve.refresh(iri)) === null) {
      await suspect(iri);
      return null;
    }
    const [after] = await findActorsAt(db, { host, actor: key }, 1);
    return after?.shared_inbox ?? (after?.inbox === inbox ? null : (after?.inbox ?? null));
  }

  /** Nobody is believed to be gone by one answer: it is asked again a day later. */
  async function suspect(iri: string): Promise<void> {
    const { status } = await deps.fetchDocument(iri).catch((error) => {
      // @NOTE A server that does not answer says nothing about its people.
      if (!isProblem(error)) throw error;
      return { status: 0 };
    });
    const afterMs = status === 410 ? GONE_AFTER_MS : status === 404 ? MISSING_AFTER_MS : null;
    if (afterMs === null) return;
    await db.batch([
      queue.enqueue({
        kind: "still-gone",
        payload: { iri },
        dueMs: now() + afterMs,
        once: `still-gone ${iri}`,
      }),
    ]);
  }

  /** Asks once more. Who is deleted by then is as if they had said so; who cannot be found follows nobody any longer. */
  async function run(job: Job): Promise<readonly Sql[]> {
    const { iri } = job.payload as { iri: string };
    const { status } = await deps.fetchDocument(iri);
    const actor = (await findByIris(db, [iri])).get(iri);
    if (!actor || actor.deletedMs !== null) return [];
    if (status === 410) {
      return [
        buryObject(actor.key, now()),
        ...clearIndex(actor.key),
        queue.enqueue({ kind: "farewell", payload: { actor: actor.key } }),
      ];
    }
    if (status !== 404) return [];
    for (;;) {
      const follows = await findFollowsBy(db, actor.key, following, FOLLOWS_AT_ONCE);
      if (follows.length === 0) return [];
      await db.batch(follows.flatMap(releaseCause));
    }
  }

  return { newInbox, job: { run, retry, concurrency: CONCURRENCY } };
}
