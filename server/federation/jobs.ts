/** The work of federation besides delivery: what came in, what is to be fetched, introduced and passed on. */
import type { Look } from "../core/behaviour.ts";
import { type AsObject, embedded, id, typeOf, values } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Resolve } from "../core/resolve.ts";
import { findMemberInboxes, type InboxRow } from "../core/store.ts";
import { insertLink } from "../core/store-writes.ts";
import { backOff, givingUp, type Job, type JobKind } from "../jobs/job.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import type { Relays } from "./relays.ts";
import type { Unfold } from "./unfold.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One at a time of each actor, so that its activities are applied in the order in which they came. */
const PER_ACTOR = 1;
/** Mostly waits for the database or for another server. */
const RECEIVING = 32;
const FETCHING = 8;
/** A thread that cannot be fetched for a day is read without its beginning. */
const FETCH_FOR_MS = 24 * HOUR_MS;
/** Nobody passes on more at once. */
const MAX_IN_ONE = 100;
/** The last of them some six hours after the first. */
const MAX_TRIES_OF_SHARES = 6;

export type ReceivePayload =
  | {
      readonly activity: Json;
      readonly sender: string;
      readonly recipient: number | null;
      readonly raw?: string;
      /** A relay of ours brought it, proven by its author. */
      readonly isRelayed?: boolean;
    }
  /** Came without a proof of its author: to be fetched from its origin. */
  | { readonly fetch: string; readonly recipient: number | null };

export interface JobsDeps {
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  readonly resolve: Resolve;
  readonly queue: Queue;
  readonly log: Log;
  readonly fetchDocument: FetchDocument;
  readonly unfold: Unfold;
  readonly publish: (object: AsObject) => JsonObject;
  /** What a relay answers to our wish to take part (`Relays.answered`). */
  readonly answered: Relays["answered"];
  /** The keys of this actor are asked for anew when they are next needed. */
  readonly forgetKeys: (actorIri: string) => Promise<void>;
  /** Why nothing is fetched from this host (domain rules), or null. */
  readonly refusal: (host: string) => string | null;
  readonly deliver: (
    activity: number,
    host: { name: string; key: number },
    inboxes: readonly string[],
    author: number,
  ) => readonly Sql[];
}

const retry = backOff({ firstMs: MINUTE_MS, factor: 3, maxMs: 6 * HOUR_MS, giveUpAfterMs: FETCH_FOR_MS });

/** The kinds of job that federation does, by name. */
export function federationJobs(deps: JobsDeps): Readonly<Record<string, JobKind>> {
  return {
    receive: { run: (job) => receive(deps, job), retry, concurrency: RECEIVING, perLane: PER_ACTOR },
    fetch: { run: (job) => fetch(deps, job), retry, concurrency: FETCHING },
    introduce: { run: (job) => introduce(deps, job), retry, concurrency: FETCHING },
    act: { run: (job) => act(deps, job), retry, concurrency: FETCHING },
  };
}

async function receive(deps: JobsDeps, job: Job): Promise<readonly Sql[] | "finished"> {
  try {
    return await take(deps, job);
  } catch (error) {
    // What cannot be stored, or read, cannot be later either.
    if (isProblem(error, "invalid")) throw givingUp(error.message);
    throw error;
  }
}

async function take(deps: JobsDeps, job: Job): Promise<readonly Sql[] | "finished"> {
  const payload = job.payload as unknown as ReceivePayload;
  const given = "fetch" in payload ? await fetched(deps, payload.fetch) : payload;
  if (given === null) return [];
  const raw = "raw" in given ? given.raw : undefined;
  const whole = given.activity as AsObject;
  const several = severalIn(whole, raw ?? null, given.sender);
  if (several.length > 0) return deps.queue.enqueueAll(several);
  const answered = await deps.answered(whole, given.sender);
  if (answered?.isWhole) return answered.statements;
  await awaitShared(deps, job, whole, given.sender);
  const unfolded = await deps.unfold(whole, raw ?? null, given.sender);
  if (unfolded.outcome === "done") return [];
  if (unfolded.outcome === "dropped") {
    deps.log.debug("What a group passed on was not taken", {
      activity: String(whole.id),
      reason: unfolded.reason,
    });
    return [];
  }
  const told = unfolded.outcome === "told" ? unfolded : null;
  const outcome = await deps.core.receive(told?.activity ?? whole, {
    sender: told?.sender ?? given.sender,
    recipient: told === null ? payload.recipient : null,
    through: told?.through ?? null,
    raw: () => raw ?? JSON.stringify(deps.publish(withoutProof(whole))),
    isWanted: "isRelayed" in payload && payload.isRelayed === true,
    finish: (forwardTo) => [
      finish(job),
      ...(answered?.statements ?? []),
      ...forwardTo.map((by) => passOn(deps, by, raw, given.sender)),
    ],
  });
  if (outcome.outcome === "refused") {
    deps.log.debug("An activity was not taken", {
      activity: String((given.activity as AsObject).id),
      reason: outcome.reason,
    });
  }
  return "finished";
}

/** A proof holds for the bytes that it came with, not for those of the same document written anew. */
function withoutProof({ proof: _, signature: __, ...rest }: AsObject): AsObject {
  return rest;
}

/** Of what a group passes on in one Announce, as PieFed does with votes, each by itself, in their order. */
function severalIn(announce: AsObject, raw: string | null, sender: string): readonly NewJob[] {
  if (typeOf(announce) !== "Announce" || !Array.isArray(announce.object)) return [];
  const parsed = raw === null ? null : parseJson(raw);
  const given =
    isJsonObject(parsed) && Array.isArray(parsed.object) ? (parsed.object as readonly Json[]) : [];
  return values(announce, "object")
    .slice(0, MAX_IN_ONE)
    .map((object, i): NewJob => {
      const part = { id: `${announce.id}#${i}` };
      const asItCame = isJsonObject(parsed) ? { ...parsed, ...part, object: given[i] } : null;
      const payload = {
        activity: { ...announce, ...part, object } as Json,
        sender,
        recipient: null,
        ...(asItCame === null ? {} : { raw: JSON.stringify(asItCame) }),
      };
      return { kind: "receive", lane: sender, payload, once: `receive ${part.id}` };
    });
}

/**
 * Nobody sends a share again: where somebody here follows who shared, and the server of what was shared is away, it is
 * worth another try. @throws Problem `upstream`, so that the job is tried again.
 */
async function awaitShared(deps: JobsDeps, job: Job, activity: AsObject, sender: string): Promise<void> {
  // What a group passes on is an activity, which is unfolded.
  const shared = typeof activity.object === "string" ? activity.object : null;
  if (typeOf(activity) !== "Announce" || shared === null || job.tries >= MAX_TRIES_OF_SHARES) return;
  // What others did is looked at by whoever takes it apart (`unfold.ts`).
  if (embedded(activity, "object")?.actor !== undefined) return;
  const known = await deps.look.findMany([sender, shared]);
  if (known.get(shared)?.document) return;
  const follows = await deps.look.totalOf(known.get(sender)?.key ?? 0, "followers");
  if (follows === 0 || (await deps.look.fetch(shared)) !== null || !deps.resolve.isAway(shared)) return;
  throw new Problem("upstream", `${shared} cannot be had now.`);
}

/** From its origin, under its own id, it speaks for itself. Null where its origin does not know it. */
async function fetched(deps: JobsDeps, iri: string) {
  if (deps.refusal(hostOf(iri) ?? "") !== null) return null;
  const { status, finalUrl, document } = await deps.fetchDocument(iri);
  if (status >= 500) throw new Problem("upstream", `${iri} answered ${status}.`);
  if (document === null || document.id !== iri || !sameOrigin(finalUrl, iri)) return null;
  const sender = id(document, "actor");
  return sender === null ? null : { activity: document as Json, sender };
}

function passOn(deps: JobsDeps, by: number, body: string | undefined, sender: string): Sql {
  return deps.queue.enqueue({ kind: "forward", payload: { by, body: body ?? null, from: hostOf(sender) } });
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
    ...deps.deliver(activity, { name: hostOf(iri) ?? "", key: person.host }, [inbox], made.owner),
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
