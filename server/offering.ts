/** Puts together what people here are offered besides posts: announcements, trends, translation, and writing for later. */
import { type Once, postOnce } from "./accounts/once.ts";
import { createScheduled, type ScheduledPosts } from "./accounts/scheduled.ts";
import type { Federation } from "./federate.ts";
import type { JobKind } from "./jobs/job.ts";
import { every, type Task } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS } from "./lib/durations.ts";
import type { Fetch } from "./lib/fetch.ts";
import type { Hub } from "./live/hub.ts";
import { keepNamedMedia } from "./media/store.ts";
import { record } from "./moderation/audit.ts";
import type { Opened } from "./open.ts";
import { outgoing } from "./outgoing.ts";
import type { Queries } from "./queries/queries.ts";
import type { FeedItem, NoticeView } from "./queries/view.ts";
import type { Config } from "./settings.ts";
import { type Announcements, createAnnouncements } from "./site/announcements.ts";
import { createTranslator, type Translator, translationServiceOf } from "./site/translate.ts";
import { emojiOf } from "./vocab/litepub/reaction.ts";

/** Trends of the hour. */
const COUNTED_EVERY_MS = HOUR_MS;

export interface Offering {
  readonly scheduled: ScheduledPosts;
  readonly announcements: Announcements;
  /** Makes a post of a page (`work` gives its key) once under this name, however often it is sent. */
  readonly once: Once;
  /** Null where the operator names no service. */
  readonly translator: Translator | null;
  readonly jobs: Readonly<Record<string, JobKind>>;
  readonly tasks: readonly Task[];
}

/** `fetch` stands in for the network in tests. */
export async function createOffering(deps: {
  readonly opened: Opened;
  readonly federation: Federation;
  readonly queries: Queries;
  readonly live: Pick<Hub<FeedItem, NoticeView>, "tell">;
  readonly config: Config;
  readonly now: Now;
  readonly fetch?: Fetch | undefined;
}): Promise<Offering> {
  const { opened, config, now, queries } = deps;
  const { db, keys, queue, accounts, emoji } = opened;
  const scheduled = createScheduled({
    db,
    keys,
    now,
    queue,
    core: deps.federation.core,
    keeps: (owner, names) => [keepNamedMedia([owner], names)],
    isActive: async (actor) => (await accounts.people.find(actor))?.state === "active",
  });
  const { translateUrl } = config;
  return {
    scheduled,
    once: (actor, name, work) => postOnce({ db, now }, actor, name, work, "page"),
    announcements: createAnnouncements({
      db,
      keys,
      now,
      record: (act) => record(keys, act),
      tell: (name, about, emoji) => deps.live.tell(null, { name, about, detail: emoji ?? null }),
      emojiOf: (given) => emojiOf(given) ?? emoji.find(given.replaceAll(":", ""))?.shortcode ?? null,
    }),
    translator:
      translateUrl === null
        ? null
        : createTranslator({
            fetch: deps.fetch ?? (await outgoing({ ...config, insecureFederation: true }, now)),
            now,
            service: translationServiceOf(translateUrl),
          }),
    jobs: scheduled.jobs,
    tasks: [{ name: "trends", next: every(COUNTED_EVERY_MS), run: () => queries.countTrends() }],
  };
}
