/** What is done every so often: sweeping away what is over. */
import { sweepOnce } from "./accounts/store-once.ts";
import { recount } from "./core/store-totals.ts";
import { sweepVersions } from "./core/sweep-versions.ts";
import type { Hosts } from "./federation/hosts.ts";
import { probeDead } from "./federation/probe.ts";
import { sweepDeliveries } from "./federation/store.ts";
import { sweepPassedOn } from "./federation/store-groups.ts";
import { sweepPreviews } from "./federation/store-previews.ts";
import { sweepWalks } from "./federation/store-walks.ts";
import { daily, every, type Task, weekly } from "./jobs/schedule.ts";
import { sweepFailed } from "./jobs/store.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS } from "./lib/durations.ts";
import type { Log } from "./lib/log.ts";
import type { Sql } from "./lib/sql.ts";
import type { Opened } from "./open.ts";
import type { Db } from "./storage/db.ts";

/** How long a program may send the same post again: one that was offline over night. */
const ONCE_KEPT_MS = 24 * HOUR_MS;
/** How long an author can see where a post has arrived. */
const DELIVERIES_KEPT_MS = 30 * 24 * HOUR_MS;
/** How long a job that was given up waits for a person to look at it: every name of a post that leads to nobody is one. */
export const GIVEN_UP_KEPT_MS = 30 * 24 * HOUR_MS;
/** As many are kept of a flood. */
const MAX_GIVEN_UP = 10_000;
/** How long it is remembered that somebody looked for a conversation or at a profile; after that it is as if new. */
const WALKS_KEPT_MS = 60 * 24 * HOUR_MS;
/** What lies behind an address that nobody has looked at anew; after that it is as if new. */
const PREVIEWS_KEPT_MS = 60 * 24 * HOUR_MS;
/** Earlier versions of everything: some 50 MB. */
const MAX_VERSIONS_IN_ALL = 50_000;
/** An hour when few schools are awake anywhere near. */
const QUIET_HOUR_UTC = 2;

export function maintenance(deps: {
  opened: Opened;
  now: Now;
  log: Log;
  hosts: Hosts;
  /** Statements that remove what other servers registered us as, and is too old. */
  sweepElsewhere: () => readonly Sql[];
}): readonly Task[] {
  const { db, accounts, oauth, queue } = deps.opened;
  return [
    {
      name: "sweep",
      next: every(HOUR_MS),
      async run() {
        await db.batch([
          ...accounts.sweep(),
          ...oauth.sweep(),
          ...deps.sweepElsewhere(),
          sweepOnce(deps.now() - ONCE_KEPT_MS),
        ]);
      },
    },
    {
      name: "probe-dead-hosts",
      next: every(HOUR_MS),
      run: () => probeDead({ db, queue, now: deps.now, hosts: deps.hosts }),
    },
    {
      name: "sweep-deliveries",
      next: daily(QUIET_HOUR_UTC),
      async run() {
        await db.batch([
          sweepDeliveries(deps.now() - DELIVERIES_KEPT_MS),
          sweepPassedOn(deps.now() - HOUR_MS),
          sweepWalks(deps.now() - WALKS_KEPT_MS),
          sweepPreviews(deps.now() - PREVIEWS_KEPT_MS),
          ...sweepFailed(deps.now() - GIVEN_UP_KEPT_MS, MAX_GIVEN_UP),
        ]);
        await sweepVersions({ db, enqueue: queue.enqueue }, MAX_VERSIONS_IN_ALL);
      },
    },
    // With one writer no total was ever wrong.
    ...(db.dialect.name === "sqlite" ? [] : [recounting(db, deps.log)]),
  ];
}

const recounting = (db: Db, log: Log): Task => ({
  name: "recount",
  next: weekly(QUIET_HOUR_UTC),
  async run() {
    const corrected = await recount(db);
    if (corrected > 0) log.warn("Totals of collections were wrong and are counted anew", { corrected });
  },
});
