/** Give me this object: fetched from its origin, believed as far as FEP-fe34 goes, and stored. */
import type { Queue } from "../jobs/queue.ts";
import { fromIso, fromPastIso, type Now, steady } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { REFUSED_HERE } from "../lib/upstream.ts";
import { parseHttpUrl, sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { speaksForItself } from "./access.ts";
import type { Addresses } from "./addresses.ts";
import { toStatements } from "./apply.ts";
import { visibilityOf } from "./audience.ts";
import type { Effect, Ref } from "./effects.ts";
import { type Entity, HELD } from "./entity.ts";
import { lean } from "./lean.ts";
import { type AsObject, embedded, id, typeOf } from "./object.ts";
import type { Registry } from "./registry.ts";
import * as store from "./store.ts";
import { hold, releaseHandle, upsertActor } from "./store-writes.ts";
import { earlierOf } from "./versions.ts";
import { answerEffects } from "./whispers.ts";

/** How long an address that failed is not asked again, so that one dead link costs one request. */
const FAILED_FOR_MS = 5 * 60_000;
/** How many failures are remembered: about 2 MB. */
const MAX_FAILED = 10_000;

/** A second try finds the address that somebody else made known during the first. */
const MAX_TRIES = 2;

/** Reasons of a Problem `upstream` that pass by themselves. */
const AWAY: ReadonlySet<string> = new Set(["refused", "reset", "timeout", "busy", "dns"]);

export interface Fetched {
  /** In compact form; its `id` is the address that finally answered. */
  readonly document: AsObject;
  /** `bob@there.example` where WebFinger confirmed it; null otherwise. Only for actors. */
  readonly handle: string | null;
}

export interface ResolveDeps {
  readonly db: Db;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly keys: Keys;
  readonly now: Now;
  readonly enqueue: Queue["enqueue"];
  /** Null where its origin says that it does not exist (any more). @throws Problem `upstream` when it cannot be asked. */
  readonly fetchRemote: (iri: string) => Promise<Fetched | null>;
}

export interface Resolve {
  /** The row of an address elsewhere, fetched now; null where it cannot be had. Never throws for what peers do. */
  fetch(iri: string): Promise<Entity | null>;
  /** The same for what is not known yet, but kept only where `isWanted` says so of its document. */
  fetchIf(iri: string, isWanted: (document: AsObject) => boolean): Promise<Entity | null>;
  /**
   * Fetches again what is known, and stores it unless what is here is newer: because it says so, or because it came
   * while this was being fetched.
   */
  refresh(iri: string): Promise<Entity | null>;
  /** It could not be had a moment ago because its server did not answer, and may be had later. */
  isAway(iri: string): boolean;
}

export function createResolve(deps: ResolveDeps): Resolve {
  const { db, registry, addresses, keys, now } = deps;
  const running = new Map<string, Promise<Entity | null>>();
  const passed = steady(now);
  const failed = createLru<{ readonly atMs: number; readonly isAway: boolean }>(MAX_FAILED);
  const findMany = (iris: readonly string[]) => store.findByIris(db, iris);
  const applyDeps = { db, findMany, registry, addresses, newKey: keys.next, enqueue: deps.enqueue };
  const find = async (iri: string) => (await store.findByIris(db, [iri])).get(iri) ?? null;

  const hasFailed = (iri: string): boolean =>
    (failed.get(iri)?.atMs ?? Number.NEGATIVE_INFINITY) + FAILED_FOR_MS > passed();

  const fetch = (iri: string): Promise<Entity | null> => (hasFailed(iri) ? Promise.resolve(null) : once(iri));

  function once(iri: string): Promise<Entity | null> {
    const already = running.get(iri);
    if (already) return already;
    const work = load(iri).finally(() => running.delete(iri));
    running.set(iri, work);
    return work;
  }

  async function load(
    iri: string,
    isWanted: (document: AsObject) => boolean = () => true,
  ): Promise<Entity | null> {
    if (parseHttpUrl(iri) === null || addresses.isOurs(iri)) return null;
    const askedMs = now();
    let fetched: Fetched | null;
    try {
      fetched = await deps.fetchRemote(iri);
    } catch (error) {
      // @NOTE What peers do wrong is an ordinary answer here; whoever asked goes on without the object.
      if (!isProblem(error)) throw error;
      // A rule of ours may be gone the next moment, and costs nobody a request.
      if (error.detail.reason !== REFUSED_HERE) remember(iri, AWAY.has(error.detail.reason ?? ""));
      return null;
    }
    if (fetched === null) {
      remember(iri, false);
      return null;
    }
    failed.delete(iri);
    const document = lean(fetched.document);
    if (typeof document.id !== "string" || !speaksForItself(document, document.id)) return null;
    if (addresses.isOurs(document.id) || !isWanted(document)) return null;
    const { handle } = fetched;
    const isActor = registry.kindOf(document) === "actor";
    return keep(document.id, () =>
      isActor ? storingActor({ document, handle }, askedMs) : storing(document, askedMs),
    );
  }

  /** `statementsFor` gives none where what is here is good enough, and null where nothing may be stored: then null. */
  async function keep(
    iri: string,
    statementsFor: () => Promise<readonly Sql[] | null>,
    triesLeft = MAX_TRIES,
  ): Promise<Entity | null> {
    try {
      const statements = await statementsFor();
      if (statements === null) return null;
      await db.batch(statements);
      return find(iri);
    } catch (error) {
      if (!isProblem(error, "conflict")) throw error;
      const found = await find(iri);
      // Another fetch of the same thing, or an Update, was quicker: what it stored is as good. An address alone is not.
      return found?.document || triesLeft <= 1 ? found : keep(iri, statementsFor, triesLeft - 1);
    }
  }

  const remember = (iri: string, isAway: boolean): void => failed.set(iri, { atMs: passed(), isAway });

  async function storingActor(
    { document, handle }: Fetched,
    askedMs: number,
  ): Promise<readonly Sql[] | null> {
    const iri = document.id ?? "";
    const inbox = id(document, "inbox");
    // An actor whose inbox is elsewhere would make us write to somebody who did not ask for it.
    if (inbox === null || !sameOrigin(inbox, iri)) return null;
    const shared = embedded(document, "endpoints");
    const sharedInbox = shared ? id(shared, "sharedInbox") : null;
    const known = await find(iri);
    if (known?.kind != null && known.kind !== "actor") return null;
    if (known !== null && isNewer(known, document, { askedMs, nowMs: now() })) return [];
    const key = known?.key ?? keys.at(fromIso(document.published) ?? now());
    const statements = await write(known, {
      effect: "put",
      key,
      iri,
      kind: "actor",
      document,
      owner: null,
      visibility: "public",
      fetchedMs: now(),
    });
    if (handle !== null) statements.push(releaseHandle(handle, { iri }));
    statements.push(
      upsertActor({ iri }, { handle, inbox, sharedInbox: sameOrigin(sharedInbox, iri) ? sharedInbox : null }),
      ...withdrawing({ iri }, key, known, document),
    );
    return statements;
  }

  /** Whom their own server suspends (toot:suspended), with all that they made, is out of sight here for as long. */
  function withdrawing(row: Ref, actor: number, known: Entity | null, document: AsObject): readonly Sql[] {
    const isWithdrawn = document.suspended === true;
    if (isWithdrawn === ((known?.held ?? 0) & HELD.withdrawn) > 0) return [];
    return [
      isWithdrawn ? hold(row, HELD.withdrawn) : hold(row, 0, HELD.withdrawn),
      deps.enqueue({ kind: "hold", lane: String(actor), payload: { actor } }),
    ];
  }

  async function storing(document: AsObject, askedMs: number): Promise<readonly Sql[] | null> {
    const iri = document.id ?? "";
    const kind = registry.kindOf(document);
    if (kind === "collection") return null;
    const authorIri = id(document, kind === "activity" ? "actor" : "attributedTo");
    const author = authorIri === null ? null : ((await find(authorIri)) ?? null);
    const owner = author?.document ? author : authorIri === null ? null : await fetch(authorIri);
    if (authorIri !== null && owner?.kind !== "actor") return null;
    if (typeOf(document) === "Tombstone") return null;
    const visibility = visibilityOf(document, owner?.document ? id(owner.document, "followers") : null);
    const known = await find(iri);
    if (known?.kind != null && known.kind !== kind) return null;
    if (known !== null && isNewer(known, document, { askedMs, nowMs: now() })) return [];
    const published = fromIso(document.published) ?? now();
    const key = known?.key ?? keys.at(published);
    const put: Put = {
      effect: "put",
      key,
      iri,
      kind,
      document,
      owner: owner?.key ?? null,
      ...(owner ? { ownerIri: owner.iri } : {}),
      subject:
        kind === "activity" && id(document, "object") !== null ? { iri: id(document, "object") ?? "" } : null,
      visibility,
      fetchedMs: now(),
    };
    const parent = kind === "object" ? await answerable(document, owner) : null;
    const thread =
      parent === null
        ? []
        : answerEffects({ iri: parent }, await find(parent), { key, visibility, cause: key });
    return write(known, put, thread);
  }

  /** What it answers, unless that is a thing of ours which its author may not see. */
  async function answerable(document: AsObject, author: Entity | null): Promise<string | null> {
    const iri = id(document, "inReplyTo");
    if (iri === null || !addresses.isOurs(iri)) return iri;
    const parent = await find(iri);
    return parent !== null && (await store.isVisible(db, author?.key ?? null, parent.key)) ? iri : null;
  }

  async function write(known: Entity | null, put: Put, more: readonly Effect[] = []): Promise<Sql[]> {
    if (known?.document && known.deletedMs === null) {
      const updatedMs = fromPastIso(put.document.updated, now()) ?? now();
      const change: Effect = {
        effect: "change",
        key: known.key,
        document: put.document,
        visibility: put.visibility,
        updatedMs,
        fetchedMs: now(),
        asRead: known,
        hasSubject: known.subject !== null,
        earlier: earlierOf(known, put.document),
      };
      return toStatements(applyDeps, [{ cause: null, effects: [change] }]);
    }
    return toStatements(applyDeps, [{ cause: null, effects: [put, ...more] }]);
  }

  /** Not remembered as failed where it is only unwanted, nor shared with those who want all. */
  function fetchIf(iri: string, isWanted: (document: AsObject) => boolean): Promise<Entity | null> {
    return hasFailed(iri) ? Promise.resolve(null) : (running.get(iri) ?? load(iri, isWanted));
  }

  return {
    fetch,
    fetchIf,
    refresh: once,
    isAway: (iri) => hasFailed(iri) && failed.get(iri)?.isAway === true,
  };
}

/**
 * Whether what is here is newer than a copy that was asked for at `askedMs`. Where one of the two does not say when it
 * was changed, what has come since then is.
 */
function isNewer(
  { document, fetchedMs }: Entity,
  copy: AsObject,
  { askedMs, nowMs }: { readonly askedMs: number; readonly nowMs: number },
): boolean {
  const knownMs = fromPastIso(document?.updated, nowMs);
  const copyMs = fromPastIso(copy.updated, nowMs);
  if (knownMs !== null && copyMs !== null) return copyMs < knownMs;
  return fetchedMs !== null && fetchedMs > askedMs;
}

type Put = Extract<Effect, { effect: "put" }>;
