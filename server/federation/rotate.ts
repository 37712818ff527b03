/** New keys for an actor here: made, published and told to everybody who follows, while the server runs. */
import { publishedKeys } from "../core/actors.ts";
import type { Look } from "../core/behaviour.ts";
import type { Core } from "../core/process.ts";
import { updateObject } from "../core/store-writes.ts";
import { givingUp, type JobKind } from "../jobs/job.ts";
import type { NewJob } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import { type Now, toIso } from "../lib/clock.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { generateKeyPair } from "../signatures/keys.ts";
import type { Db } from "../storage/db.ts";
import type { Signing } from "./signing.ts";
import { replaceActorKey } from "./store.ts";

const KIND = "rotate-keys";

/** Promises new keys to an actor here (by its key); asked for twice before it is done, it is done once. */
export const promiseRotation = (actor: number): NewJob => ({
  kind: KIND,
  payload: { actor },
  once: `${KIND} ${actor}`,
});

/**
 * The job: both keys are replaced under the addresses that they have, so that peers whose copy fails ask for the new
 * one there; the old ones are kept nowhere. An Update tells followers. Interrupted half-way, it is done again.
 */
export function rotateJob(deps: {
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  readonly signing: Signing;
  readonly now: Now;
}): Record<typeof KIND, JobKind> {
  const { db, core, look, now } = deps;
  async function run(job: Parameters<JobKind["run"]>[0]): Promise<"finished"> {
    const { actor } = job.payload as { actor: number };
    const entity = await look.byKey(actor);
    if (!entity?.isLocal || entity.kind !== "actor" || !entity.document)
      throw givingUp("Nobody here has this key.");
    const { iri, document } = entity;
    const pairs = await Promise.all([generateKeyPair("rsa"), generateKeyPair("ed25519")]);
    const [rsa, ed25519] = pairs;
    const nowMs = now();
    const published = {
      ...document,
      updated: toIso(nowMs),
      ...(await publishedKeys(iri, rsa, ed25519)),
    };
    const changes = { visibility: null, updatedMs: nowMs, fetchedMs: null, hasSubject: false };
    await db.batch([
      updateObject(actor, published, { ...changes, type: entity.type ?? "Person", asRead: entity }),
      ...pairs.map((pair) => replaceActorKey(actor, pair, nowMs)),
    ]);
    deps.signing.forget(actor);
    // With nothing in it to change it tells again what is stored.
    await core.act(actor, { type: "Update", object: { id: iri } }, [finish(job)]);
    return "finished";
  }
  return { [KIND]: { run, retry: () => MINUTE_MS, concurrency: 1 } };
}
