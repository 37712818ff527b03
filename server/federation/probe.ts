/** Hosts that are taken for gone are asked once a day whether they are back. */
import { backOff, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { DEAD_ASKED_EVERY_MS, type Hosts } from "./hosts.ts";
import { findToProbe, rememberProbe } from "./store-peers.ts";

/** Asked in one go, once an hour: as many as would take a day to be five thousand. */
const HOSTS_AT_ONCE = 200;
const CONCURRENCY = 4;

/** Promises to ask the hosts whose turn it is; to be called every so often. */
export async function probeDead(deps: { db: Db; queue: Queue; now: Now; hosts: Hosts }): Promise<void> {
  const { db, queue, now } = deps;
  await deps.hosts.load();
  const due = await findToProbe(db, now() - DEAD_ASKED_EVERY_MS, HOSTS_AT_ONCE);
  await db.batch(
    due.flatMap(({ host, name, iri }) => [
      rememberProbe(host, now()),
      ...(iri === null
        ? []
        : [queue.enqueue({ kind: "probe", lane: name, payload: { iri }, once: `probe ${name}` })]),
    ]),
  );
}

/** The job `probe`: payload `{ iri }`, an actor of the host. Any answer but a failure of the server is a sign of life. */
export function probeJob(deps: { hosts: Pick<Hosts, "heard">; fetchDocument: FetchDocument }): JobKind {
  return {
    // Whoever does not answer is asked tomorrow.
    retry: backOff({ firstMs: HOUR_MS, factor: 2, maxMs: HOUR_MS, giveUpAfterMs: 0 }),
    concurrency: CONCURRENCY,
    async run({ lane, payload }) {
      const { iri } = payload as { iri: string };
      try {
        const { status } = await deps.fetchDocument(iri);
        if (status < 500) await deps.hosts.heard(lane);
      } catch (error) {
        // @NOTE That it does not answer is what was expected.
        if (!isProblem(error)) throw error;
      }
      return [];
    },
  };
}
