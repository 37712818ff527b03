/** What came in: fetched and taken apart where it must be, then on its road. At once where that asks nobody, else by a job. */
import type { Look } from "../core/behaviour.ts";
import { type AsObject, embedded, id, typeOf, values } from "../core/object.ts";
import type { Core, Outcome, Received } from "../core/process.ts";
import type { Registry } from "../core/registry.ts";
import type { Resolve } from "../core/resolve.ts";
import { givingUp, type Job, type JobKind } from "../jobs/job.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { retry } from "./jobs.ts";
import type { Relays } from "./relays.ts";
import type { Unfold } from "./unfold.ts";

/** One at a time of each actor, so that its activities are applied in the order in which they came. */
const PER_ACTOR = 1;
/** Mostly waits for the database or for another server. */
const RECEIVING = 32;
/** Nobody passes on more at once. */
const MAX_IN_ONE = 100;
/** The last of them some six hours after the first. */
const MAX_TRIES_OF_SHARES = 6;

/** An activity whose sender is proven. */
export interface Proven {
  readonly activity: Json;
  readonly sender: string;
  readonly recipient: number | null;
  readonly raw?: string;
  /** A relay of ours brought it, proven by its author. */
  readonly isRelayed?: boolean;
}

export type ReceivePayload =
  | Proven
  /** Came without a proof of its author: to be fetched from its origin. */
  | { readonly fetch: string; readonly recipient: number | null };

/** What a relay answers to our wish to take part; found out by asking who it is. */
const ANSWERS: ReadonlySet<string> = new Set(["Accept", "Reject"]);

export interface ReceiveDeps {
  readonly registry: Pick<Registry, "isA">;
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
  /** Why nothing is fetched from this host (domain rules), or null. */
  readonly refusal: (host: string) => string | null;
}

export const receiveJob = (deps: ReceiveDeps): JobKind => ({
  run: (job) => receive(deps, job),
  retry,
  concurrency: RECEIVING,
  perLane: PER_ACTOR,
});

/**
 * Takes an activity as a job would, but with no row and without asking any other server. False where that is not to be
 * had, or did not succeed: nothing is done then, and it is a job's work. Never throws.
 */
export async function receiveAtOnce(deps: ReceiveDeps, given: Proven): Promise<boolean> {
  const activity = given.activity as AsObject;
  const type = typeOf(activity);
  if (ANSWERS.has(type)) return false;
  try {
    if (deps.registry.isA(type, "Announce") && !(await isOfKnown(deps, activity))) return false;
    const outcome = await toCore(deps, given, activity, {
      isAtOnce: true,
      finish: (forwardTo) => forwardTo.map((by) => passOn(deps, by, given.raw, given.sender)),
    });
    return outcome !== "must-ask";
  } catch {
    // The job meets the same error, and says what becomes of it.
    return false;
  }
}

/** What is shared is here; what a group passes on in its Announce is to be believed or asked for (`unfold.ts`). */
async function isOfKnown({ look }: ReceiveDeps, { object }: AsObject): Promise<boolean> {
  const shared = typeof object === "string" ? await look.find(object) : null;
  return shared !== null && shared.document !== null;
}

async function receive(deps: ReceiveDeps, job: Job): Promise<readonly Sql[] | "finished"> {
  try {
    return await take(deps, job);
  } catch (error) {
    // What cannot be stored, or read, cannot be later either.
    if (isProblem(error, "invalid")) throw givingUp(error.message);
    throw error;
  }
}

async function take(deps: ReceiveDeps, job: Job): Promise<readonly Sql[] | "finished"> {
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
  await toCore(deps, { ...payload, ...given }, whole, {
    ...(told ? { sender: told.sender, recipient: null, through: told.through, activity: told.activity } : {}),
    finish: (forwardTo) => [
      finish(job),
      ...(answered?.statements ?? []),
      ...forwardTo.map((by) => passOn(deps, by, raw, given.sender)),
    ],
  });
  return "finished";
}

/** Gives how it ended. `whole` is what came; with `activity` what a group told in it. */
async function toCore(
  deps: ReceiveDeps,
  { sender, recipient, raw, isRelayed }: Omit<Proven, "activity">,
  whole: AsObject,
  { activity = whole, ...more }: Partial<Received> & { readonly activity?: AsObject },
): Promise<Outcome["outcome"]> {
  const outcome = await deps.core.receive(activity, {
    sender,
    recipient,
    raw: () => raw ?? JSON.stringify(deps.publish(withoutProof(whole))),
    isWanted: isRelayed === true,
    ...more,
  });
  if (outcome.outcome === "refused") {
    deps.log.debug("An activity was not taken", { activity: String(whole.id), reason: outcome.reason });
  }
  return outcome.outcome;
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
async function awaitShared(deps: ReceiveDeps, job: Job, activity: AsObject, sender: string): Promise<void> {
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
async function fetched(deps: ReceiveDeps, iri: string) {
  if (deps.refusal(hostOf(iri) ?? "") !== null) return null;
  const { status, finalUrl, document } = await deps.fetchDocument(iri);
  if (status >= 500) throw new Problem("upstream", `${iri} answered ${status}.`);
  if (document === null || document.id !== iri || !sameOrigin(finalUrl, iri)) return null;
  const sender = id(document, "actor");
  return sender === null ? null : { activity: document as Json, sender };
}

function passOn(deps: ReceiveDeps, by: number, body: string | undefined, sender: string): Sql {
  return deps.queue.enqueue({ kind: "forward", payload: { by, body: body ?? null, from: hostOf(sender) } });
}
