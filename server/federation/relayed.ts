/** What goes to relays and what comes from them (FEP-ae0c): public posts, believed by their origin alone. */

import type { Addresses } from "../core/addresses.ts";
import type { Look, Scene } from "../core/behaviour.ts";
import type { Effect } from "../core/effects.ts";
import { HELD, type VisibilityName } from "../core/entity.ts";
import { linesOfTags } from "../core/lanes.ts";
import { type AsObject, id, PUBLIC, typeOf } from "../core/object.ts";
import type { Deliver } from "../core/recipients.ts";
import type { Registry } from "../core/registry.ts";
import { buryObject, clearIndex, releaseCause } from "../core/store-writes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { NewJob } from "../jobs/queue.ts";
import { type Now, toIso } from "../lib/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import { rowOf } from "../lib/row-of.ts";
import type { Sql } from "../lib/sql.ts";
import type { FetchDocument } from "./fetch-key.ts";
import type { Relays } from "./relays.ts";

/** What cannot be had by then is no news any more. */
const TRIED_FOR_MS = HOUR_MS;
/** Fetches for relays at once, in all and for one of them: everything else goes first. */
const CONCURRENCY = 4;
const PER_RELAY = 2;

/** What a relay brought: a job that asks its origin, nothing to be done, or something for the ordinary road. */
export type Brought =
  | { readonly brought: "job"; readonly job: NewJob }
  | { readonly brought: "nothing" }
  | { readonly brought: "other" };

export interface Relayed {
  /**
   * What else comes of something that somebody here makes for everybody. What becomes of it later goes to all servers
   * that it was sent to, relays included.
   */
  effectsFor(scene: Scene, visibility: VisibilityName): Promise<readonly Effect[]>;
  /** What is to be done with an activity that `sender`, who may be a relay of ours, has signed for. */
  judge(activity: AsObject, sender: string): Promise<Brought>;
  readonly job: JobKind;
}

interface RelayedPayload {
  /** Something elsewhere that is not to be believed before its origin says so. */
  readonly iri: string;
  readonly what: "new" | "changed" | "gone";
}

const NOTHING: Brought = { brought: "nothing" };
const OTHER: Brought = { brought: "other" };

export function createRelayed(deps: {
  relays: Relays;
  look: Look;
  registry: Registry;
  addresses: Addresses;
  keys: Keys;
  now: Now;
  serverActor: () => number;
  serverIri: string;
  fetchDocument: FetchDocument;
  deliver: Deliver;
}): Relayed {
  const { relays, look, registry, addresses } = deps;

  async function effectsFor(scene: Scene, visibility: VisibilityName): Promise<readonly Effect[]> {
    const object = id(scene.activity, "object");
    const isNew = registry.isA(typeOf(scene.activity), "Create") && scene.embedded !== null;
    // What is in no public list here is brought into none elsewhere.
    const isListed = visibility === "public" && scene.actor.held < HELD.limited;
    if (!isNew || object === null || !isListed) return [];
    const all = await relays.accepted();
    const effects: Effect[] = [];
    const send = (activity: number, relay: (typeof all)[number], author: number) => {
      const to = { host: relay.host, name: relay.host_name, inboxes: [relay.inbox] };
      for (const statement of deps.deliver(activity, [to], author))
        effects.push({ effect: "statement", statement });
    };
    for (const relay of all) if (relay.kind === "mastodon") send(scene.key, relay, scene.actor.key);
    const litepub = all.filter(({ kind }) => kind === "litepub");
    if (litepub.length === 0) return effects;
    const announce = await announceOf(
      object,
      litepub.flatMap(({ actor_iri }) => actor_iri ?? []),
    );
    effects.push(announce);
    for (const relay of litepub) send(announce.key, relay, deps.serverActor());
    return effects;
  }

  /** By the server's own actor, which shares nothing with anybody's followers here: a row and no more. */
  async function announceOf(object: string, to: readonly string[]) {
    const key = deps.keys.next();
    const iri = addresses.activity(key);
    const known = [...(await look.findMany(to)).values()];
    const followers = known.flatMap(({ document }) => id(document ?? {}, "followers") ?? []);
    return {
      effect: "put",
      key,
      iri,
      kind: "activity",
      document: {
        id: iri,
        type: "Announce",
        actor: deps.serverIri,
        published: toIso(deps.now()),
        object,
        to: [...to, ...followers],
        cc: [PUBLIC],
      },
      owner: deps.serverActor(),
      ownerIri: deps.serverIri,
      subject: { iri: object },
      visibility: "public",
    } satisfies Effect;
  }

  async function judge(activity: AsObject, sender: string): Promise<Brought> {
    const relay = await relays.of(sender);
    const object = id(activity, "object");
    if (relay === null || object === null) return OTHER;
    const type = typeOf(activity);
    const isItsOwn = id(activity, "actor") === sender;
    const isShare = registry.isA(type, "Announce");
    if (isItsOwn && (!isShare || (await isFollowedBySomebody(relay.actor)))) return OTHER;
    if (addresses.isOurs(object) || addresses.isOurs(id(activity, "actor") ?? "")) return NOTHING;
    const what = isShare || registry.isA(type, "Create") ? "new" : rowOf(WHAT, type);
    if (what === undefined) return NOTHING;
    const known = await look.find(object);
    const isKnown = known?.document != null || known?.deletedMs != null;
    if (isKnown === (what === "new") || !relays.mayBring(relay)) return NOTHING;
    const payload: RelayedPayload = { iri: object, what };
    const lane = relay.host_name;
    return {
      brought: "job",
      job: { kind: "relayed", lane, payload: { ...payload }, once: `relayed ${what} ${object}` },
    };
  }

  /** Whoever follows a relay for themselves wants its lines at home. */
  async function isFollowedBySomebody(actor: number | null): Promise<boolean> {
    if (actor === null) return false;
    const here = await look.localMembers(actor, "followers");
    return here.some(({ key }) => key !== deps.serverActor());
  }

  async function run(job: Job): Promise<readonly Sql[]> {
    const { iri, what } = job.payload as unknown as RelayedPayload;
    if (what === "changed") {
      await look.refresh(iri);
      return [];
    }
    if (what === "gone") return gone(iri);
    const found = await look.fetch(iri);
    // Some relays share the activity, not what it made.
    const made =
      found?.kind === "activity" && registry.isA(found.type ?? "", "Create") ? found.document : null;
    const inner = made === null ? null : id(made, "object");
    const thing = inner === null ? found : await look.fetch(inner);
    const author = thing?.owner == null ? null : await look.byKey(thing.owner);
    return thing === null ? [] : linesOfTags(addresses, thing, author);
  }

  /** Deleted where its origin gives it no longer, whatever the relay says. */
  async function gone(iri: string): Promise<readonly Sql[]> {
    const known = await look.find(iri);
    if (known === null || known.isLocal || known.deletedMs !== null || known.kind !== "object") return [];
    const { status, document } = await deps.fetchDocument(iri);
    const isGone =
      status === 404 || status === 410 || (document !== null && typeOf(document) === "Tombstone");
    if (!isGone) return [];
    const made = known.owner === null ? null : await look.activityAbout("Create", known.owner, known.key);
    return [
      ...releaseCause(known.key),
      ...(made === null ? [] : releaseCause(made.key)),
      buryObject(known.key, deps.now()),
      ...clearIndex(known.key),
    ];
  }

  return {
    effectsFor,
    judge,
    job: {
      run,
      retry: backOff({ firstMs: MINUTE_MS, factor: 4, maxMs: HOUR_MS, giveUpAfterMs: TRIED_FOR_MS }),
      concurrency: CONCURRENCY,
      perLane: PER_RELAY,
    },
  };
}

/** What other activities than those that bring something new do to what is known already. */
const WHAT: Readonly<Record<string, RelayedPayload["what"] | undefined>> = {
  Update: "changed",
  Delete: "gone",
};
