/** Puts together what tells people's devices of notices while they sleep. */
import { pushTextOf } from "./api/mastodon/push-words.ts";
import type { JobKind } from "./jobs/job.ts";
import type { Now } from "./lib/clock.ts";
import type { Fetch } from "./lib/fetch.ts";
import { pushJobs } from "./live/push.ts";
import { createVapid, type Vapid } from "./live/vapid.ts";
import type { Opened } from "./open.ts";
import type { Queries } from "./queries/queries.ts";

export interface Pushing {
  readonly vapid: Vapid;
  jobs(given: { readonly fetch: Fetch; readonly queries: Queries }): Readonly<Record<string, JobKind>>;
}

export async function createPushing(deps: { readonly opened: Opened; readonly now: Now }): Promise<Pushing> {
  const { opened, now } = deps;
  const { db, queue, addresses } = opened;
  const { origin } = addresses;
  const site = { origin, host: new URL(origin).host };
  const vapid = await createVapid({ db, now, subject: origin });
  return {
    vapid,
    jobs: ({ fetch, queries }) =>
      pushJobs({
        db,
        now,
        fetch,
        queue,
        vapid,
        subscriptions: opened.pushSubscriptions,
        requiring: opened.accounts.factors.requiring,
        async compose({ person, notice: key, token, locale }) {
          const range = { before: key + 1, after: key - 1, limit: 1 };
          const [notice] = (await queries.notices(person, range)).items;
          if (notice === undefined || notice.isRead || notice.isFiltered) return null;
          const text = pushTextOf(notice, site, { token, locale });
          return text === null ? null : { kind: notice.kind, actor: notice.actor.key, text };
        },
        async circle(person, actor) {
          const known = (await queries.relationships(person, [actor])).get(actor);
          return { follows: known?.following === "yes", isFollowed: known?.followedBy === true };
        },
      }),
  };
}
