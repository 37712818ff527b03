/** After an actor is deleted: what it wrote is buried, what it did is taken back, it leaves every list, its files go, and its person is forgotten. */
import { forgetPerson } from "../accounts/store.ts";
import { dropWaysInOf } from "../accounts/store-factors.ts";
import { leaveGroups } from "../accounts/store-groups.ts";
import { dropScheduledOf } from "../accounts/store-scheduled.ts";
import type { Registry } from "../core/registry.ts";
import { findFollowsOf, findLeft } from "../core/store.ts";
import { forgetOthers } from "../core/store-lanes.ts";
import { dropTalksOf } from "../core/store-talks.ts";
import {
  buryObject,
  clearIndex,
  dropNotices,
  dropNoticesOf,
  dropVersions,
  emptyLists,
  releaseCause,
} from "../core/store-writes.ts";
import type { JobKind } from "../jobs/job.ts";
import type { Now } from "../lib/clock.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import type { Sql } from "../lib/sql.ts";
import { LOOSE_MS } from "../media/loose.ts";
import { loosenMediaOf } from "../media/store.ts";
import { dropTastesOf } from "../moderation/store-filters.ts";
import type { Db } from "../storage/db.ts";

/** Rows in one batch: short enough that readers notice nothing. */
const ROWS_AT_ONCE = 200;

/** Payload: `{ actor }`, its key. Batch after batch until nothing is left; what is done stays done when it is interrupted. */
export function farewellJob({
  db,
  registry,
  now,
}: {
  db: Db;
  registry: Pick<Registry, "actingAs">;
  now: Now;
}): JobKind {
  const take = (key: number): readonly Sql[] => [...releaseCause(key), dropNotices(key)];
  const bury = (key: number): readonly Sql[] => [
    ...take(key),
    buryObject(key, now()),
    dropVersions(key),
    ...clearIndex(key),
  ];
  return {
    retry: () => MINUTE_MS,
    concurrency: 1,
    async run(job) {
      const { actor } = job.payload as { actor: number };
      for (;;) {
        const [left, follows] = await Promise.all([
          findLeft(db, actor, ROWS_AT_ONCE),
          findFollowsOf(db, actor, registry.actingAs("Follow"), ROWS_AT_ONCE),
        ]);
        if (left.length + follows.length === 0)
          return [
            ...forgetOthers(actor),
            ...dropTalksOf(actor),
            ...dropTastesOf(actor),
            ...dropWaysInOf(actor),
            forgetPerson(actor, now()),
            dropScheduledOf(actor),
            dropNoticesOf(actor),
            ...leaveGroups(actor),
            ...emptyLists(actor),
            loosenMediaOf(actor, now() + LOOSE_MS),
          ];
        await db.batch([...left.map(({ key }) => key), ...follows].flatMap(bury));
      }
    },
  };
}
