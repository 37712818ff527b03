/** Whole conversations on a small server: what is missing around a post is looked for at its origin, within strict limits. */
import { visibilityOf } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, id, idOf } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import type { Resolve } from "../core/resolve.ts";
import { contextOf } from "../core/thread.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { findPromised } from "../jobs/store.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { hostOf, parseHttpUrl, sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import type { FetchDocument } from "./fetch-key.ts";
import { pagesOf } from "./remote-pages.ts";
import type { Errand, Restraint } from "./restraint.ts";
import { findThreadKeys, findWalk, saveWalk, type WalkRow } from "./store-walks.ts";

/** How far up a conversation is followed: as far as a page shows it (`queries/thread.ts`). */
const MAX_CLIMB = 40;
/** One look: pages of lists and posts together. */
const WALK = { requests: 120, perForeignHost: 20, totalMs: 3 * MINUTE_MS } as const;
/** Things that one look brings, and all looks at one conversation. */
const MAX_FOUND = 100;
const MAX_FOUND_EVER = 1_000;
/** Lists that one look reads, and pages of each. */
const MAX_LISTS = 25;
const MAX_PAGES = 10;
/** Activities around the thing that an entry is about: an Add of a Create. */
const MAX_LAYERS = 2;
/** Entries that turned out not to belong to the conversation, after which the rest of that list is not believed. */
const MAX_STRAYS = 5;

/** A conversation is looked at anew when it is older by an eighth: a fresh one often, an old one hardly ever. */
const AGE_SHARE = 8;
const SOONEST_MS = 10 * MINUTE_MS;
const LATEST_MS = 7 * DAY_MS;
/** Where the last look brought nothing, the next can wait twice as long. */
const IN_VAIN = 2;

/** Looks that are under way at once: they mostly wait for others. */
const AT_ONCE = 8;
/** At one server: others do not wait for one that hangs. */
const AT_ONCE_EACH = 2;

export interface LookState {
  readonly isUnderWay: boolean;
  /** What all looks at this conversation have brought. */
  readonly found: number;
}

export interface Threads {
  /** Somebody here reads this: what is missing around it will be there the next time. Asks nobody itself. */
  opened(thing: Entity): Promise<void>;
  /** Whether what is missing around it is being looked for at this time. */
  state(thing: Entity): Promise<LookState>;
  /** `climb`, payload `{ object, isRead? }`: what it answers, up to the beginning. `walk`, payload `{ object }`: what answers it. */
  readonly jobs: Readonly<Record<"climb" | "walk", JobKind>>;
}

export function createThreads(deps: {
  readonly db: Db;
  readonly look: Look;
  readonly registry: Registry;
  readonly resolve: Resolve;
  readonly queue: Queue;
  readonly now: Now;
  readonly fetchDocument: FetchDocument;
  readonly restraint: Restraint;
  readonly isOurs: (iri: string) => boolean;
}): Threads {
  const { db, look, resolve, queue, now } = deps;

  async function opened(thing: Entity): Promise<void> {
    const { key, iri } = thing;
    if (!isOpen(thing)) return;
    if (!isDue(await findWalk(db, key), key, now())) return;
    const lane = hostOf(iri) ?? "";
    await db.batch([
      queue.enqueue({ kind: "climb", lane, payload: { object: key, isRead: true }, once: climbOf(key) }),
    ]);
  }

  async function state(thing: Entity): Promise<LookState> {
    const top = await knownTop(thing);
    const [promised, looked] = await Promise.all([
      findPromised(db, [climbOf(thing.key), walkOf(top)]),
      findWalk(db, top),
    ]);
    return { isUnderWay: promised.size > 0, found: looked?.total ?? 0 };
  }

  /** Key of the first thing of the conversation that is here. */
  async function knownTop(thing: Entity): Promise<number> {
    let top = thing;
    for (let step = 0; step < MAX_CLIMB; step++) {
      const parent = await look.find(id(top.document ?? {}, "inReplyTo") ?? "");
      if (!isOpen(parent)) break;
      top = parent;
    }
    return top.key;
  }

  async function climb(job: Job, signal: AbortSignal): Promise<readonly Sql[]> {
    const { object, isRead } = job.payload as { object: number; isRead?: boolean };
    const first = await look.byKey(object);
    if (!isOpen(first)) return [];
    const errand = deps.restraint.begin(WALK, signal);
    const seen = new Set([first.iri]);
    let top = first;
    let found = 0;
    for (let step = 0; step < MAX_CLIMB; step++) {
      const iri = id(top.document ?? {}, "inReplyTo");
      if (iri === null || seen.has(iri)) break;
      seen.add(iri);
      const known = await look.find(iri);
      const parent = known?.document ? known : await fetched(errand, iri, hostOf(top.iri), isOpenTalk);
      if (!isOpen(parent)) break;
      if (!known?.document) found++;
      top = parent;
    }
    if (isRead !== true) return [];
    const looked = top.key === first.key ? [] : [saveWalk(first.key, now(), found)];
    return isDue(await findWalk(db, top.key), top.key, now())
      ? [
          ...looked,
          queue.enqueue({
            kind: "walk",
            lane: hostOf(top.iri) ?? "",
            payload: { object: top.key },
            once: walkOf(top.key),
          }),
        ]
      : looked;
  }

  async function walk(job: Job, signal: AbortSignal): Promise<readonly Sql[]> {
    const { object } = job.payload as { object: number };
    const [root, before] = await Promise.all([look.byKey(object), findWalk(db, object)]);
    if (!isOpen(root)) return [];
    const most = Math.min(MAX_FOUND, MAX_FOUND_EVER - (before?.total ?? 0));
    const found = await walkBelow(root, most, deps.restraint.begin(WALK, signal));
    return [saveWalk(root.key, now(), found)];
  }

  /** How many things were found: in the conversation's own list, or where it has none in the replies of each. */
  async function walkBelow(root: Entity, most: number, errand: Errand): Promise<number> {
    const known = await look.byKeys(await findThreadKeys(db, root.key));
    const thread = new Set([...known.values()].map(({ iri }) => iri));
    const seen = new Set(thread);
    const waiting = [...known.values()].filter(isOpen);
    const context = root.document === null ? null : contextOf(root.document);
    let found = 0;

    /** Whether there was such a list; what it brings joins the conversation. */
    async function read(start: Json | undefined, origin: string, context: string | null): Promise<boolean> {
      const belongs = (document: AsObject) =>
        isOpenTalk(document) &&
        (thread.has(id(document, "inReplyTo") ?? "") ||
          (context !== null && contextOf(document) === context));
      const pages = pagesOf({ start, origin, maxPages: MAX_PAGES, get: (iri) => page(errand, iri, origin) });
      let isThere = false;
      let strays = 0;
      for await (const entries of pages) {
        isThere = true;
        const fresh = entries.flatMap((entry) => entryOf(entry) ?? []).filter((iri) => !seen.has(iri));
        const stored = await look.findMany(fresh);
        for (const iri of fresh) {
          if (seen.has(iri) || deps.isOurs(iri)) continue;
          seen.add(iri);
          if (found >= most || errand.isOver() || strays >= MAX_STRAYS) return true;
          const here = stored.get(iri);
          let isStray = false;
          const wanted = (document: AsObject) => {
            isStray = !belongs(document);
            return !isStray;
          };
          const thing = here?.document ? here : await fetched(errand, iri, hostOf(origin), wanted);
          if (isStray) strays++;
          if (!isOpen(thing) || thing.document === null || !belongs(thing.document)) continue;
          if (!here?.document) found++;
          thread.add(iri);
          waiting.push(thing);
        }
      }
      return isThere;
    }

    // Whoever names a list of another server would have us ask there for anything.
    if (!root.isLocal && sameOrigin(context, root.iri) && (await read(context, root.iri, context)))
      return found;
    for (let lists = 0; waiting.length > 0 && lists < MAX_LISTS && found < most && !errand.isOver(); ) {
      const next = waiting.shift();
      // PeerTube's word for what is said below a film is `comments`.
      const replies = next?.isLocal ? undefined : (next?.document?.replies ?? next?.document?.comments);
      if (next === undefined || replies === undefined || replies === null) continue;
      lists++;
      await read(replies, next.iri, null);
    }
    return found;
  }

  async function page(errand: Errand, iri: string, home: string): Promise<AsObject | null> {
    if (!errand.mayAsk(iri, hostOf(home))) return null;
    try {
      const { finalUrl, document } = await deps.fetchDocument(iri);
      return sameOrigin(finalUrl, iri) ? document : null;
    } catch (error) {
      // @NOTE A server that is away, or sends what cannot be read, is an ordinary answer here.
      if (!isProblem(error)) throw error;
      errand.failed(iri);
      return null;
    }
  }

  /** From its own origin, and stored only where it is wanted; null for everything else. */
  async function fetched(
    errand: Errand,
    iri: string,
    home: string | null,
    isWanted: (document: AsObject) => boolean,
  ): Promise<Entity | null> {
    if (deps.isOurs(iri) || !errand.mayAsk(iri, home)) return null;
    let answered = false;
    const entity = await resolve.fetchIf(iri, (document) => {
      answered = true;
      return isWanted(document);
    });
    if (entity === null && !answered) errand.failed(iri);
    return entity?.document ? entity : null;
  }

  /** Something that people say, for everybody. */
  const isOpenTalk = (document: AsObject): boolean =>
    deps.registry.kindOf(document) === "object" && isOpenTo(visibilityOf(document, null));

  /**
   * The address of the thing that an entry of a list is about: an activity in its place carries it, maybe within one by
   * which the owner of the conversation let it in (FEP-171b).
   */
  function entryOf(entry: Json): string | null {
    let thing = entry;
    for (let layer = 0; layer < MAX_LAYERS && isActivity(thing); layer++) thing = thing.object ?? null;
    const iri = idOf(thing);
    return iri !== null && parseHttpUrl(iri) !== null ? iri : null;
  }

  const isActivity = (value: Json): value is AsObject =>
    isJsonObject(value) && deps.registry.kindOf(value as AsObject) === "activity";

  const retry = backOff({ firstMs: MINUTE_MS, factor: 3, maxMs: HOUR_MS, giveUpAfterMs: DAY_MS });
  return {
    opened,
    state,
    jobs: {
      climb: { run: climb, retry, concurrency: AT_ONCE, perLane: AT_ONCE_EACH },
      walk: { run: walk, retry, concurrency: AT_ONCE, perLane: AT_ONCE_EACH },
    },
  };
}

const isOpenTo = (visibility: string): boolean => visibility === "public" || visibility === "quiet";

/** Names under which the work is promised. */
const climbOf = (key: number): string => `climb ${key}`;
const walkOf = (key: number): string => `walk ${key}`;

/** Nothing is asked of anybody for the sake of what is not for everybody. */
const isOpen = (entity: Entity | null): entity is Entity =>
  entity?.kind === "object" &&
  entity.document !== null &&
  entity.deletedMs === null &&
  isOpenTo(entity.visibility);

function isDue(row: WalkRow | null, key: number, nowMs: number): boolean {
  if (row === null) return true;
  if (row.total >= MAX_FOUND_EVER) return false;
  const share = Math.max(0, nowMs - timeOfKey(key)) / AGE_SHARE;
  const pauseMs = Math.min(LATEST_MS, Math.max(SOONEST_MS, share)) * (row.found === 0 ? IN_VAIN : 1);
  return row.walked + pauseMs <= nowMs;
}
