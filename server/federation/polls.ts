/** Polls of ours and of others: counts in the documents that go out, and what is done when votes came and when they end. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import type { Notify } from "../core/notify.ts";
import { type AsObject, embeddedAll } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Resolve } from "../core/resolve.ts";
import { findLocalMembers, findTotals } from "../core/store.ts";
import type { Job, JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import { type Now, toIso } from "../lib/clock.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { choicesOf, endOf, votesFor } from "../vocab/activitystreams/question.ts";

/** Polls that end at once, at the full hour say. */
const AT_ONCE = 4;
/** The last of them five days after the first. */
const MAX_TRIES = 10;

/** The document of a question of ours with its counts; every other document as it is. */
export type WithCounts = (entity: Entity, document: AsObject) => Promise<AsObject>;

/** Each choice with how many took it, `votersCount` (as Mastodon reads it), and `closed` once it is over (AS2). */
export function createWithCounts(deps: { readonly db: Db; readonly now: Now }): WithCounts {
  return async (entity, document) => {
    if (entity.type !== "Question" || !entity.isLocal || entity.deletedMs !== null) return document;
    const { isMultiple, names } = choicesOf(document);
    const lists = ["voters", ...names.map((_, i) => votesFor(i))];
    const totals = (await findTotals(deps.db, [entity.key], lists)).get(entity.key);
    const property = isMultiple ? "anyOf" : "oneOf";
    const choices = embeddedAll(document, property).map((choice, i) => ({
      ...choice,
      replies: { type: "Collection", totalItems: totals?.get(votesFor(i)) ?? 0 },
    }));
    const ends = endOf(document);
    return {
      ...document,
      [property]: choices,
      votersCount: totals?.get("voters") ?? 0,
      ...(ends !== null && ends <= deps.now() ? { closed: toIso(ends) } : {}),
    };
  };
}

export function pollJobs(deps: {
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  readonly resolve: Resolve;
  readonly queue: Queue;
  readonly notify: Notify;
  readonly now: Now;
}): Readonly<Record<"poll-counts" | "poll-end", JobKind>> {
  const { db, core, look, queue, now } = deps;

  async function questionOf(job: Job): Promise<Entity | null> {
    const question = await look.byKey((job.payload as { question: number }).question);
    return question?.type === "Question" && question.deletedMs === null && question.document !== null
      ? question
      : null;
  }

  /** An Update that changes nothing but the counts, to all who have the poll and to the servers of all who voted. */
  async function tell(
    job: Job,
    question: Entity,
    also: readonly Sql[],
  ): Promise<readonly Sql[] | "finished"> {
    if (question.owner === null) return also;
    try {
      await core.act(question.owner, { type: "Update", object: { id: question.iri, type: "Question" } }, [
        finish(job),
        ...also,
      ]);
      return "finished";
    } catch (error) {
      // @NOTE An account that was closed or has moved meanwhile tells nobody anything more.
      if (isProblem(error, "forbidden") || isProblem(error, "gone") || isProblem(error, "not-found"))
        return also;
      throw error;
    }
  }

  async function counts(job: Job): Promise<readonly Sql[] | "finished"> {
    const question = await questionOf(job);
    return question?.isLocal ? tell(job, question, []) : [];
  }

  async function end(job: Job): Promise<readonly Sql[] | "finished"> {
    const before = await questionOf(job);
    if (before === null) return [];
    // The owner alone knows what the votes of all came to.
    const question = before.isLocal ? before : ((await deps.resolve.refresh(before.iri)) ?? before);
    const ends = endOf(question.document ?? {});
    if (question.deletedMs !== null || ends === null) return [];
    if (ends > now()) {
      const payload = { question: question.key };
      return [queue.enqueue({ kind: "poll-end", payload, once: `poll-end ${question.key}`, dueMs: ends })];
    }
    const voters = await findLocalMembers(db, question.key, "voters");
    const told = question.isLocal && question.owner !== null ? [question.owner, ...voters] : voters;
    const notices = told.flatMap((person) => deps.notify(person, "poll", question.key));
    return question.isLocal ? tell(job, question, notices) : notices;
  }

  // By tries, not by age: the job waited for the poll to end.
  const retry = (tries: number): number | null =>
    tries > MAX_TRIES ? null : Math.min(DAY_MS, MINUTE_MS * 3 ** tries);
  return {
    "poll-counts": { run: counts, retry, concurrency: AT_ONCE },
    "poll-end": { run: end, retry, concurrency: AT_ONCE },
  };
}
