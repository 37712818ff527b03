/** The work of federation besides deliveries and what came in: what is to be fetched, introduced and passed on. */
import type { Look } from "../core/behaviour.ts";
import { type AsObject, id } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Deliver } from "../core/recipients.ts";
import type { Resolve } from "../core/resolve.ts";
import { findMemberInboxes, type InboxRow } from "../core/store.ts";
import { insertLink } from "../core/store-writes.ts";
import { backOff, givingUp, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";

const FETCHING = 8;
/** A thread that cannot be fetched for a day is read without its beginning. */
const FETCH_FOR_MS = 24 * HOUR_MS;

export interface JobsDeps {
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  readonly resolve: Resolve;
  readonly queue: Queue;
  /** The keys of this actor are asked for anew when they are next needed. */
  readonly forgetKeys: (actorIri: string) => Promise<void>;
  /** Why nothing is fetched from this host (domain rules), or null. */
  readonly refusal: (host: string) => string | null;
  readonly deliver: Deliver;
}

export const retry = backOff({
  firstMs: MINUTE_MS,
  factor: 3,
  maxMs: 6 * HOUR_MS,
  giveUpAfterMs: FETCH_FOR_MS,
});

/** The kinds of job that federation does, by name. */
export function federationJobs(deps: JobsDeps): Readonly<Record<string, JobKind>> {
  return {
    fetch: { run: (job) => fetch(deps, job), retry, concurrency: FETCHING },
    introduce: { run: (job) => introduce(deps, job), retry, concurrency: FETCHING },
    act: { run: (job) => act(deps, job), retry, concurrency: FETCHING },
  };
}

/** Splits a forward into one delivery for each host of the followers, the sender's own excepted. */
export function forwardJob(deps: Pick<JobsDeps, "db" | "queue">): JobKind {
  return {
    retry,
    concurrency: 1,
    async run(job) {
      const { by, body, from } = job.payload as { by: number; body: string | null; from: string | null };
      if (body === null) return [];
      const byHost = new Map<string, InboxRow[]>();
      for (const row of await findMemberInboxes(deps.db, by, "followers")) {
        if (row.host_name !== from) byHost.set(row.host_name, [...(byHost.get(row.host_name) ?? []), row]);
      }
      return deps.queue.enqueueAll(
        [...byHost].map(([name, rows]) => ({
          kind: "deliver",
          lane: name,
          // Apart from what the person writes, which does not wait for what others wrote.
          line: `forward ${by}`,
          payload: {
            host: rows[0]?.host ?? 0,
            inboxes: rows.map((row) => row.inbox),
            forwarded: { by, body },
          },
        })),
      );
    },
  };
}

async function fetch(deps: JobsDeps, job: Job): Promise<readonly Sql[]> {
  const { iri, again } = job.payload as { iri: string; again?: boolean };
  if (again !== true) await deps.look.fetch(iri);
  else if ((await deps.resolve.refresh(iri))?.kind === "actor") await deps.forgetKeys(iri);
  return [];
}

/** Somebody elsewhere was named whom nobody here knew: now that they are, the activity goes to them too. */
async function introduce(deps: JobsDeps, job: Job): Promise<readonly Sql[]> {
  const { activity, iri } = job.payload as { activity: number; iri: string };
  const refusal = deps.refusal(hostOf(iri) ?? "");
  if (refusal !== null) throw givingUp(refusal);
  const person = await deps.look.fetch(iri);
  if (person === null) throw new Problem("upstream", `${iri} cannot be found.`);
  if (person.kind !== "actor" || !person.document || person.isLocal) return [];
  const shared = person.document.endpoints as { sharedInbox?: string } | undefined;
  const inbox = sameOrigin(shared?.sharedInbox, iri) ? shared?.sharedInbox : id(person.document, "inbox");
  const made = await deps.look.byKey(activity);
  if (!inbox || !made || made.owner === null) return [];
  const readable = [activity, ...(made.subject === null ? [] : [made.subject])];
  return [
    ...readable.map((key) => insertLink(key, "audience", person.key)),
    ...deps.deliver(activity, [{ host: person.host, name: hostOf(iri) ?? "", inboxes: [inbox] }], made.owner),
  ];
}

/** Something that somebody here does as a consequence, on its own road (following to a new address). */
async function act(deps: JobsDeps, job: Job): Promise<readonly Sql[] | "finished"> {
  const { actor, activity } = job.payload as unknown as { actor: number; activity: AsObject };
  try {
    await deps.core.act(actor, activity, [finish(job)]);
    return "finished";
  } catch (error) {
    if (isProblem(error, "forbidden") || isProblem(error, "invalid") || isProblem(error, "not-found")) {
      throw givingUp(error.message);
    }
    throw error;
  }
}
