/** After a server is blocked: followings between its people and ours end on both sides, and each person here hears which. */
import type { Notify } from "../core/notify.ts";
import { releaseCauses } from "../core/store-writes.ts";
import type { JobKind } from "../jobs/job.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import type { Sql } from "../lib/sql.ts";
import { nextTurn } from "../lib/turn.ts";
import type { Db } from "../storage/db.ts";
import { verdictFor } from "./rules.ts";
import * as store from "./store-rules.ts";

/** Followings that end in one batch: short enough that readers notice nothing. */
const FOLLOWS_AT_ONCE = 200;

/**
 * Payload: `{ hosts }`, their keys. Batch after batch until nothing is left; what is done stays done when it is
 * interrupted, and people are told with the end of the job, so that they hear of it once and of all of it. Servers whose
 * block was taken back meanwhile are left alone.
 */
export function severJob({ db, keys, notify }: { db: Db; keys: Keys; notify: Notify }): JobKind {
  async function stillBlocked(hosts: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const asked = new Set(hosts);
    const [known, rules] = await Promise.all([store.findHosts(db), store.findVerdicts(db)]);
    return new Map(
      known
        .filter(({ key, name }) => asked.has(key) && verdictFor(rules, name)?.level === "block")
        .map(({ key, name }) => [key, name]),
    );
  }

  function ending(follows: readonly store.FollowRow[], names: ReadonlyMap<number, string>): readonly Sql[] {
    const lines = follows.flatMap(({ actor, other, name, host }) => {
      if (name !== "following" && name !== "followers") return [];
      const direction = name === "following" ? "following" : "follower";
      return store.insertSevered(keys.next(), { actor, other, direction, domain: names.get(host) ?? "" });
    });
    return [...lines, ...releaseCauses([...new Set(follows.map(({ cause }) => cause))])];
  }

  return {
    retry: () => MINUTE_MS,
    concurrency: 1,
    async run(job) {
      const { hosts } = job.payload as { hosts: readonly number[] };
      const names = await stillBlocked(hosts);
      for (;;) {
        const follows = await store.findFollows(db, [...names.keys()], FOLLOWS_AT_ONCE);
        if (follows.length === 0) break;
        await db.batch(ending(follows, names));
        await nextTurn();
      }
      const told = await store.findSeveredSince(db, job.key, new Set(names.values()));
      return [...told].flatMap(([actor, key]) => notify(actor, "severed", actor, key));
    },
  };
}
