/** After somebody has moved: whoever follows, blocks or mutes them here does so where they are now. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Notify } from "../core/notify.ts";
import type { AsObject } from "../core/object.ts";
import type { JobKind } from "../jobs/job.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Json } from "../lib/json.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { carryAcquaintances, findAvoiding, findFollowersHere, findListsHolding } from "./store-moving.ts";

/** Rows in one batch: short enough that readers notice nothing. */
const ROWS_AT_ONCE = 100;
/** Whoever moves again so soon leads nobody around: Mastodon waits as long. */
const COOLDOWN_MS = 7 * DAY_MS;

interface MovedPayload {
  readonly from: number;
  readonly to: number;
  /** The Move. */
  readonly by: number;
  /** The old one stays in use and stays followed (`copiedTo`). */
  readonly isCopy: boolean;
  readonly step?: "followers" | "avoiding";
  readonly after?: number;
}

/** Payload: see `MovedPayload`. A page at a time, each in one batch with the job of the next. */
export function movedJob(deps: {
  db: Db;
  queue: Queue;
  notify: Notify;
  now: Now;
  look: Look;
  addresses: Addresses;
  /** A reason why nobody here follows this actor (domain rules), or null. */
  policy: (actor: NonNullable<Awaited<ReturnType<Look["byKey"]>>>) => Promise<string | null>;
}): JobKind {
  const { db, queue, look } = deps;
  const act = (actor: number, activity: AsObject): NewJob => ({
    kind: "act",
    payload: { actor, activity } as unknown as Json,
  });
  /** One after the other for each person: who is in a list must be followed, and whoever is left leaves the lists. */
  const inOrder = (actor: number, activity: AsObject): NewJob => ({
    ...act(actor, activity),
    lane: "moved",
    line: String(actor),
  });
  const tell = (person: number, by: number): readonly Sql[] => deps.notify(person, "moved", by);

  async function followers(payload: MovedPayload, to: string): Promise<readonly Sql[]> {
    const page = await findFollowersHere(db, payload.from, payload.to, payload.after ?? 0, ROWS_AT_ONCE);
    const followers = page.map(({ follower }) => follower);
    const lists = await findListsHolding(db, payload.from, payload.to, followers);
    const jobs = page.flatMap(({ follower, follow, settled, owns }) => [
      ...(settled === 1 ? [] : [inOrder(follower, { type: "Follow", object: to, to: [to] })]),
      ...(lists.get(follower) ?? []).map((target) => inOrder(follower, { type: "Add", object: to, target })),
      ...(follow === null || payload.isCopy || owns === 1
        ? []
        : [inOrder(follower, { type: "Undo", object: follow })]),
    ]);
    const told = page.filter(({ follower }) => follower !== payload.to);
    const last = page.length < ROWS_AT_ONCE ? undefined : page.at(-1)?.follower;
    return [
      ...(payload.after === undefined ? carryAcquaintances(payload.from, payload.to) : []),
      ...queue.enqueueAll(jobs),
      ...told.flatMap(({ follower }) => tell(follower, payload.by)),
      next(last === undefined ? { ...payload, step: "avoiding", after: 0 } : { ...payload, after: last }),
    ];
  }

  async function avoiding(payload: MovedPayload, to: string): Promise<readonly Sql[]> {
    const page = await findAvoiding(db, payload.from, payload.to, payload.after ?? 0, ROWS_AT_ONCE);
    const jobs = page.map(({ owner, owner_iri, name }) =>
      act(
        owner,
        name === "blocked"
          ? { type: "Block", object: to }
          : { type: "Add", object: to, target: deps.addresses.collection(owner_iri, "muted") },
      ),
    );
    const people = [...new Set(page.map(({ owner }) => owner))];
    const last = page.length < ROWS_AT_ONCE ? undefined : page.at(-1)?.owner;
    return [
      ...queue.enqueueAll(jobs),
      ...people.flatMap((person) => tell(person, payload.by)),
      // The last of a page may stand there with one of two lists: whoever is in both by then is not found again.
      last === undefined ? rest(payload.from) : next({ ...payload, after: last - 1 }),
    ];
  }

  const next = (payload: MovedPayload): Sql =>
    queue.enqueue({ kind: "moved", payload: payload as unknown as Json, once: nameOf(payload.from) });

  /** Holds the name, so that no other Move of this actor is begun meanwhile. */
  const rest = (from: number): Sql =>
    queue.enqueue({ kind: "rest", payload: null, dueMs: deps.now() + COOLDOWN_MS, once: nameOf(from) });

  const nameOf = (from: number): string => `moved ${from}`;

  return {
    concurrency: 1,
    retry: () => MINUTE_MS,
    async run(job) {
      const payload = job.payload as unknown as MovedPayload;
      const to = await look.byKey(payload.to);
      if (to === null || to.deletedMs !== null || (await deps.policy(to)) !== null)
        return [rest(payload.from)];
      return payload.step === "avoiding" ? avoiding(payload, to.iri) : followers(payload, to.iri);
    },
  };
}

/** Does nothing, at its time: until then its name is taken, and nothing of that name is begun. */
export const restJob: JobKind = { concurrency: 1, retry: () => MINUTE_MS, run: async () => [] };
