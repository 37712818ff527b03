/** Puts together what keeps the peace between people: reports, what comes of them, what one avoids oneself, and on which terms one knows others. */
import { type Acquaintances, createAcquaintances } from "./accounts/acquaintances.ts";
import { mayLookAfter } from "./accounts/permissions.ts";
import type { Federation } from "./federate.ts";
import type { JobKind } from "./jobs/job.ts";
import { daily, type Task } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import { hostOf } from "./lib/url.ts";
import { type Avoiding, createAvoiding } from "./moderation/avoiding.ts";
import { createReports, type Reports } from "./moderation/reports.ts";
import { createSanctions, type Sanctions } from "./moderation/sanctions.ts";
import type { Opened } from "./open.ts";

/** An hour when few schools are awake anywhere near. */
const QUIET_HOUR_UTC = 3;

export interface Peace {
  readonly reports: Reports;
  readonly sanctions: Sanctions;
  readonly avoiding: Avoiding;
  readonly acquaintances: Acquaintances;
  readonly jobs: Readonly<Record<string, JobKind>>;
  readonly tasks: readonly Task[];
}

export function createPeace(deps: { opened: Opened; federation: Federation; now: Now; log: Log }): Peace {
  const { opened, now, log } = deps;
  const { db, keys, queue, accounts, serverActor, addresses, tastes, gate } = opened;
  const { look, core, notify } = deps.federation;
  const reports = createReports({
    db,
    keys,
    now,
    log,
    queue,
    look,
    serverActor,
    notify,
    async staff(about) {
      const people = await accounts.people.findMany(await accounts.people.whoMay("handle-reports"));
      return [...people.values()].filter((one) => mayLookAfter(one, { about })).map(({ key }) => key);
    },
    takesReports: (actor) => actor.isLocal || gate.takesReports(hostOf(actor.iri) ?? ""),
  });
  const sanctions = createSanctions({
    db,
    keys,
    now,
    queue,
    look,
    core,
    serverActor,
    notify,
    accounts: accounts.people,
  });
  const avoiding = createAvoiding({ db, now, queue, look, addresses, core, tastes });
  return {
    reports,
    sanctions,
    avoiding,
    acquaintances: createAcquaintances({ db, core, look }),
    jobs: { report: reports.job, ...sanctions.jobs, ...avoiding.jobs },
    tasks: [
      {
        name: "sweep-evidence",
        next: daily(QUIET_HOUR_UTC),
        async run() {
          await db.batch(reports.sweep());
        },
      },
    ],
  };
}
