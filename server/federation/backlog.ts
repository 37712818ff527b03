/** No empty profiles: what somebody elsewhere published before anybody here knew them is looked for at their server. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, audienceOf, embedded, id, idOf, ids, typeOf } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Registry } from "../core/registry.ts";
import type { Resolve } from "../core/resolve.ts";
import { addMember, dropMember, ensureCollection } from "../core/store-writes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { fromIso, type Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { readCollection } from "./read-collection.ts";
import { pagesOf } from "./remote-pages.ts";
import type { Errand, Restraint } from "./restraint.ts";
import { findFirstFollow, findMembersOf, findWalk, saveWalk } from "./store-walks.ts";
import type { Unfold } from "./unfold.ts";

/** One page of an outbox as most servers give it, and what fills a screen. */
const MAX_POSTS = 20;
/** Of these, shares of what is not here yet: each asks a third server. */
const MAX_SHARES = 5;
/** As many as Mastodon lets people pin. */
const MAX_FEATURED = 5;
/** A list of more than this is no list of what somebody puts first, and is left alone. */
const MAX_FEATURED_LISTED = 200;
/** Lists with their first pages, posts that are only named, and what is shared. */
const ERRAND = { requests: 40, perForeignHost: 3, totalMs: 2 * MINUTE_MS } as const;
/** The list itself, and its first page. */
const MAX_PAGES = 2;
/** A profile that nobody here follows is not looked at more often than this. */
const AGAIN_MS = DAY_MS;
const AT_ONCE = 4;
/** At one server: others do not wait for one that hangs. */
const AT_ONCE_EACH = 1;

export interface Backlog {
  /** Somebody here reads this profile: what it published will be there the next time. Asks nobody itself. */
  opened(actor: Entity): Promise<void>;
  /** Payload `{ actor }`, its key. */
  readonly job: JobKind;
}

export function createBacklog(deps: {
  readonly db: Db;
  readonly core: Core;
  readonly unfold: Unfold;
  readonly look: Look;
  readonly registry: Registry;
  readonly resolve: Resolve;
  readonly queue: Queue;
  readonly now: Now;
  readonly fetchDocument: FetchDocument;
  readonly restraint: Restraint;
  readonly isOurs: (iri: string) => boolean;
}): Backlog {
  const { db, core, look, resolve, queue, now } = deps;

  async function opened({ key: actor, iri }: Entity): Promise<void> {
    const before = await findWalk(db, actor);
    if (before !== null && before.walked + AGAIN_MS > now()) return;
    const lane = hostOf(iri) ?? "";
    await db.batch([queue.enqueue({ kind: "backlog", lane, payload: { actor }, once: `backlog ${actor}` })]);
  }

  async function run(job: Job, signal: AbortSignal): Promise<readonly Sql[]> {
    const { actor: key } = job.payload as { actor: number };
    const [actor, before, follow] = await Promise.all([
      look.byKey(key),
      findWalk(db, key),
      findFirstFollow(db, key),
    ]);
    if (actor?.kind !== "actor" || actor.isLocal || actor.deletedMs !== null || !actor.document) return [];
    if (before !== null && before.walked + AGAIN_MS > now()) return [];
    const errand = deps.restraint.begin(ERRAND, signal);
    // What came since somebody here follows is sent to us, and must not be met as known already.
    const untilMs = follow === null ? Number.POSITIVE_INFINITY : timeOfKey(follow);
    const found = await posts(actor, untilMs, errand);
    return [...(await featured(actor, errand)), saveWalk(key, now(), found)];
  }

  async function posts(actor: Entity, untilMs: number, errand: Errand): Promise<number> {
    let found = 0;
    let shares = 0;
    for await (const entry of entriesOf(actor, errand)) {
      const activity = isJsonObject(entry)
        ? (entry as AsObject)
        : await document(idOf(entry), actor.iri, errand);
      if (activity === null || !isToBeTold(activity, actor.iri, untilMs)) continue;
      const isShare = deps.registry.isA(typeOf(activity), "Announce");
      // What a group passes on carries what it is about (FEP-1b12).
      const shared = isShare ? id(innermost(activity), "object") : null;
      if (shared !== null && !(await isHere(shared))) {
        if (hostOf(shared) !== hostOf(actor.iri) && ++shares > MAX_SHARES) continue;
        if (!errand.mayAsk(shared, hostOf(actor.iri))) continue;
      }
      if (await take(activity, actor.iri, errand)) found++;
    }
    return found;
  }

  /** Whether it was new. */
  async function take(activity: AsObject, sender: string, errand: Errand): Promise<boolean> {
    try {
      const passedOn = await deps.unfold(activity, null, sender, { isFound: true });
      if (passedOn.outcome === "dropped" || passedOn.outcome === "done") return false;
      const told = passedOn.outcome === "told" ? passedOn : { activity, sender };
      const { outcome } = await core.receive(told.activity, {
        sender: told.sender,
        isQuiet: true,
        ...("through" in told ? { through: told.through } : {}),
      });
      return outcome === "done";
    } catch (error) {
      // @NOTE What a third server does not give out now is left out.
      if (!isProblem(error)) throw error;
      errand.failed(sender);
      return false;
    }
  }

  /** Its own posts and shares, from before `untilMs`; what names somebody here, or something of theirs, is sent here, or was. */
  function isToBeTold(activity: AsObject, actor: string, untilMs: number): boolean {
    const type = typeOf(activity);
    if (!deps.registry.isA(type, "Create") && !deps.registry.isA(type, "Announce")) return false;
    if (id(activity, "actor") !== actor) return false;
    const all = layersOf(activity);
    const published = all.map((each) => fromIso(each.published)).find((ms) => ms !== null) ?? null;
    if (published === null || published >= untilMs) return false;
    const named = all.flatMap((each) => [
      ...audienceOf(each),
      ...["tag", "inReplyTo", "object"].flatMap((property) => ids(each, property)),
    ]);
    return !named.some(deps.isOurs);
  }

  /** What the profile shows first, by its own list (`featured`); what is not in it any more goes. */
  async function featured(actor: Entity, errand: Errand): Promise<readonly Sql[]> {
    const start = id(actor.document ?? {}, "featured");
    if (start === null || !sameOrigin(start, actor.iri)) return [];
    // What is pinned while the list is being read is not in it, and stays.
    const before = await findMembersOf(db, actor.key, "featured");
    const listed = await readCollection(within(errand, actor), start, MAX_FEATURED_LISTED);
    if (listed === null || listed === "unavailable") return [];
    const known = await look.findMany(listed);
    const stays = new Set([...known.values()].map(({ key }) => key));
    const statements = before
      .filter((key) => !stays.has(key))
      .flatMap((key) => dropMember(actor.key, "featured", key));
    for (const iri of listed.slice(0, MAX_FEATURED)) {
      const isGroup = actor.type === "Group";
      if (!isGroup && !sameOrigin(iri, actor.iri)) continue;
      const thing =
        known.get(iri)?.document || !errand.mayAsk(iri, hostOf(actor.iri))
          ? known.get(iri)
          : await resolve.fetchIf(iri, (found) => deps.registry.kindOf(found) === "object");
      if (thing?.kind !== "object" || thing.deletedMs !== null) continue;
      const isIn = isGroup && audienceOf(thing.document ?? {}).includes(actor.iri);
      if (thing.owner !== actor.key && !isIn) continue;
      statements.push(
        ensureCollection(actor.key, "featured"),
        ...addMember(actor.key, "featured", thing.key, thing.key),
      );
    }
    return statements;
  }

  async function* entriesOf(actor: Entity, errand: Errand): AsyncGenerator<Json> {
    const start = id(actor.document ?? {}, "outbox");
    if (start === null) return;
    let given = 0;
    const get = (iri: string) => document(iri, actor.iri, errand);
    for await (const page of pagesOf({ start, origin: actor.iri, maxPages: MAX_PAGES, get })) {
      for (const entry of page) {
        if (given++ >= MAX_POSTS) return;
        yield entry;
      }
    }
  }

  /** Asks as long as the errand may, and takes what it may not ask for as what cannot be had now. */
  const within =
    (errand: Errand, { iri: actor }: Entity): FetchDocument =>
    (iri) =>
      errand.mayAsk(iri, hostOf(actor))
        ? deps.fetchDocument(iri)
        : Promise.resolve({ status: 503, finalUrl: iri, document: null });

  /** From the actor's own server, under its own address. */
  async function document(iri: string | null, actor: string, errand: Errand): Promise<AsObject | null> {
    if (iri === null || !sameOrigin(iri, actor) || !errand.mayAsk(iri, hostOf(actor))) return null;
    try {
      const { finalUrl, document } = await deps.fetchDocument(iri);
      return document !== null && sameOrigin(finalUrl, iri) && sameOrigin(document.id ?? iri, iri)
        ? document
        : null;
    } catch (error) {
      // @NOTE A server that is away, or sends what cannot be read, leaves the profile as it is.
      if (!isProblem(error)) throw error;
      errand.failed(iri);
      return null;
    }
  }

  const isHere = async (iri: string | null) => iri !== null && (await look.find(iri))?.document != null;

  return {
    opened,
    job: {
      run,
      retry: backOff({ firstMs: MINUTE_MS, factor: 3, maxMs: HOUR_MS, giveUpAfterMs: DAY_MS }),
      concurrency: AT_ONCE,
      perLane: AT_ONCE_EACH,
    },
  };
}

/** An activity, the activity that it may carry, and what that is about as far as it is embedded. */
function layersOf(activity: AsObject): readonly AsObject[] {
  const inner = embedded(activity, "object");
  const innermost = inner === null ? null : embedded(inner, "object");
  return [activity, inner, innermost].filter((each) => each !== null);
}

/** The last of its activities: that which names the thing itself. */
const innermost = (activity: AsObject): AsObject => {
  const [, inner] = layersOf(activity);
  return inner !== undefined && inner.actor !== undefined && inner.object !== undefined ? inner : activity;
};
