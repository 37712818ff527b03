/** Muting for a while, and leaving a whole server alone: what is more than a line in a list of one's own. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import type { AsObject } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import type { Now } from "../lib/clock.ts";
import type { Json } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import * as ties from "./store-filters.ts";
import { findMutes, type MuteRow, setMute } from "./store-mutes.ts";
import type { Tastes } from "./tastes.ts";

/** Nobody follows more people of one server; the rest ends when it is blocked once more. */
const MAX_TIES = 1_000;
const END_JOB = "end-mute";

export interface MuteTerms {
  /** Null: until it is taken back. */
  readonly endsMs: number | null;
  /** Their answers, likes and mentions are not told either. */
  readonly notices: boolean;
}

export interface Avoiding {
  /** Mutes, or mutes on other terms. @throws Problem `invalid` at field `ends` where that is over already. */
  mute(actor: number, other: Entity, terms: MuteTerms): Promise<void>;
  /** Of those among `others` that are muted on terms. */
  terms(actor: number, others: readonly number[]): Promise<ReadonlyMap<number, MuteRow>>;
  /** Hides the server, and ends all followings with people there. `name` in normal form. */
  avoidHost(actor: number, name: string): Promise<{ readonly ended: number }>;
  readonly jobs: Readonly<Record<string, JobKind>>;
}

export function createAvoiding(deps: {
  db: Db;
  now: Now;
  queue: Queue;
  look: Look;
  addresses: Addresses;
  core: Pick<Core, "act">;
  tastes: Tastes;
}): Avoiding {
  const { db, now, queue, look, addresses } = deps;

  const listOf = (actor: Entity, name: string): string => addresses.collection(actor.iri, name);

  async function personHere(actor: number): Promise<Entity> {
    const me = await look.byKey(actor);
    if (me === null) throw new Problem("gone", "This account is closed.");
    return me;
  }

  const act = (actor: number, activity: AsObject) => ({
    kind: "act",
    payload: { actor, activity: activity as Json },
  });

  /** Follows that the person asked for are undone, those of others refused. */
  async function ending(actor: number, host: number) {
    const [mine, asked, theirs, waiting] = await Promise.all(
      (["following", "requested", "followers", "requests"] as const).map((list) =>
        ties.findTies(db, actor, host, list, MAX_TIES),
      ),
    );
    return [
      ...[...(mine ?? []), ...(asked ?? [])].map((tie) =>
        act(actor, { type: "Undo", object: tie.asked, to: [tie.iri] }),
      ),
      ...[...(theirs ?? []), ...(waiting ?? [])].map((tie) =>
        act(actor, { type: "Reject", object: tie.asked, to: [tie.iri] }),
      ),
    ];
  }

  const endJob: JobKind = {
    retry: (tries) => tries * 60_000,
    concurrency: 2,
    async run(job) {
      const { actor, item } = job.payload as { actor: number; item: number };
      const terms = (await findMutes(db, actor, [item])).get(item);
      // Ended by hand, or on other terms since.
      if (terms?.ends == null || terms.ends > now()) return [];
      const [me, other] = await Promise.all([look.byKey(actor), look.byKey(item)]);
      if (me === null || other === null || me.deletedMs !== null) return [];
      const removal = { type: "Remove", object: other.iri, target: listOf(me, "muted") };
      await deps.core.act(actor, removal, [finish(job)]);
      return "finished";
    },
  };

  return {
    async mute(actor, other, terms) {
      if (terms.endsMs !== null && terms.endsMs <= now())
        throw new Problem("invalid", "Choose a time to come.", { field: "ends" });
      const me = await personHere(actor);
      const end =
        terms.endsMs === null
          ? []
          : [queue.enqueue({ kind: END_JOB, payload: { actor, item: other.key }, dueMs: terms.endsMs })];
      await deps.core.act(actor, { type: "Add", object: other.iri, target: listOf(me, "muted") }, [
        setMute(actor, other.key, terms),
        ...end,
      ]);
    },
    terms: (actor, others) => findMutes(db, actor, others),
    async avoidHost(actor, name) {
      const host = await deps.tastes.avoid(actor, name);
      const ends = await ending(actor, host);
      await db.batch(queue.enqueueAll(ends));
      return { ended: ends.length };
    },
    jobs: { [END_JOB]: endJob },
  };
}
