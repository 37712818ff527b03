/** Puts together what is decided about other servers besides the rules themselves: lists, the log, what is done daily. */
import { backOff, type JobKind } from "./jobs/job.ts";
import { daily, every, type Task } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS, MINUTE_MS } from "./lib/durations.ts";
import type { Fetch } from "./lib/fetch.ts";
import { MAX_KEY } from "./lib/id.ts";
import { createLists, type Lists } from "./moderation/lists.ts";
import { severJob } from "./moderation/sever.ts";
import { type AuditRow, findAudit } from "./moderation/store-audit.ts";
import type { Opened } from "./open.ts";

/** An hour when few schools are awake anywhere near, and other sweeping is over. */
const QUIET_HOUR_UTC = 4;
/** A list that cannot be read says so by itself; the job fails only where the database does. */
const retry = backOff({ firstMs: MINUTE_MS, factor: 2, maxMs: HOUR_MS, giveUpAfterMs: 24 * HOUR_MS });

export interface DomainParts {
  readonly lists: Lists;
  /** Newest first: all of it for the staff, the public part for everybody. */
  audit(asked: {
    readonly isPublic?: boolean;
    /** Only what is about this row. */
    readonly about?: number;
    readonly before: number | null;
    readonly limit: number;
  }): Promise<{ readonly items: readonly AuditRow[]; readonly older: number | null }>;
  readonly jobs: Readonly<Record<string, JobKind>>;
  readonly tasks: readonly Task[];
}

/** `fetch` is the one without the guard of the rules: a list may be kept by a server that is blocked. */
export function createDomainParts(deps: { opened: Opened; fetch: Fetch; now: Now }): DomainParts {
  const { db, keys, queue, domains, gate, notify } = deps.opened;
  const lists = createLists({
    db,
    keys,
    now: deps.now,
    domains,
    fetch: deps.fetch,
    enqueue: (list) => queue.enqueue({ kind: "domain-list", payload: { list } }),
  });
  return {
    lists,
    async audit({ before, limit, ...rest }) {
      const rows = await findAudit(db, { ...rest, before: before ?? MAX_KEY, limit: limit + 1 });
      return {
        items: rows.slice(0, limit),
        older: rows.length > limit ? (rows[limit - 1]?.key ?? null) : null,
      };
    },
    jobs: {
      sever: severJob({ db, keys, notify }),
      "domain-list": {
        retry,
        concurrency: 1,
        async run(job) {
          await lists.refresh((job.payload as { list: number }).list);
          return [];
        },
      },
    },
    tasks: [
      { name: "domain-lists", next: daily(QUIET_HOUR_UTC), run: () => lists.refreshAll() },
      { name: "domain-rules", next: every(MINUTE_MS), run: () => gate.catchUp() },
      { name: "domain-marks", next: every(HOUR_MS), run: () => domains.reconcile() },
    ],
  };
}
