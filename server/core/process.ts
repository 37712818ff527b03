/** The one road: every activity, ours or theirs, is judged here and becomes one batch. */
import { fromIso, type Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { isVouchedFor, mayChange } from "./access.ts";
import type { Addresses } from "./addresses.ts";
import { type Consequence, toStatements } from "./apply.ts";
import { visibilityOf, withoutHidden } from "./audience.ts";
import type { Behaviour, Look, Scene } from "./behaviour.ts";
import { completeDraft } from "./draft.ts";
import type { Effect, Ref } from "./effects.ts";
import type { Entity } from "./entity.ts";
import type { Listeners } from "./listeners.ts";
import { type AsObject, audienceOf, embedded, id, ids, typeOf } from "./object.ts";
import { inboxesByHost, lanes, resolveAudience } from "./recipients.ts";
import type { Registry } from "./registry.ts";
import * as store from "./store.ts";

/** Emitted activities may emit further ones; a vocabulary that never ends is a fault in it. */
const MAX_EMITTED = 16;
/** Said alike of what is not there and of what the actor may not see. */
const NOT_FOUND = "what it is about cannot be found";

export interface CoreDeps {
  readonly db: Db;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly keys: Keys;
  readonly now: Now;
  readonly look: Look;
  readonly listeners: Listeners;
  readonly clean: (html: string) => string;
  readonly enqueue: (job: { kind: string; lane?: string; payload: unknown }) => Sql;
  /** Statements that carry an activity of ours to these inboxes of one host (job and state). */
  readonly deliver: (
    activity: number,
    host: { name: string; key: number },
    inboxes: readonly string[],
  ) => readonly Sql[];
  /** Inboxes of the servers that this object was sent to before, whoever follows now. */
  readonly reached: (object: number) => Promise<readonly store.InboxRow[]>;
  /** A reason why nothing is taken from this actor (domain rules), or null. */
  readonly policy: (actor: Entity) => Promise<string | null>;
}

export interface Acted {
  readonly key: number;
  readonly activity: AsObject;
  /** What a Create made, else what the activity is about. */
  readonly object: { readonly key: number; readonly iri: string } | null;
}

export interface Received {
  /** Who is proven to have sent it: by signature, by proof, or by fetching it from its origin. */
  readonly sender: string;
  /** The owner of the personal inbox that it came to. */
  readonly recipient?: number | null;
  /**
   * Statements that end the work, in the same batch (the job is finished). `forwardTo` are actors here whose
   * followers the activity must be forwarded to (AP §7.1.2).
   */
  readonly finish?: (forwardTo: readonly number[]) => readonly Sql[];
}

export type Outcome =
  | { readonly outcome: "done"; readonly key: number }
  | { readonly outcome: "duplicate" }
  | { readonly outcome: "refused"; readonly reason: string };

export interface Core {
  /**
   * Somebody here does something. `also` joins the batch.
   * @throws Problem `invalid`, `forbidden`, `not-found` with the reason.
   */
  act(actorKey: number, draft: AsObject, also?: readonly Sql[]): Promise<Acted>;
  /** Somebody elsewhere did something. A refusal is data: dropping is normal here. */
  receive(activity: AsObject, from: Received): Promise<Outcome>;
}

interface Prepared extends Scene {
  readonly subject: Ref | null;
}

export function createCore(deps: CoreDeps): Core {
  const { db, registry, addresses, keys, now, look } = deps;
  const applyDeps = { db, registry, addresses, newKey: keys.next, enqueue: deps.enqueue };

  async function act(actorKey: number, draft: AsObject, also: readonly Sql[] = []): Promise<Acted> {
    const actor = await look.byKey(actorKey);
    if (actor === null || actor.deletedMs !== null) throw new Problem("gone", "This account is closed.");
    const nowMs = now();
    const drafted = await completeDraft(
      { addresses, registry, look, newKey: keys.next, nowMs, clean: deps.clean },
      actor,
      draft,
    );
    const scene = await prepare(actor, drafted.key, drafted.activity, true);
    const refusal = await refusalOf(scene);
    if (refusal === NOT_FOUND) throw new Problem("not-found", `This cannot be done: ${refusal}.`);
    if (refusal !== null) throw new Problem("forbidden", `This cannot be done: ${refusal}.`);
    const consequences = await consequencesOf(scene, audienceOf(drafted.activity));
    await db.batch([...(await toStatements(applyDeps, consequences)), ...also]);
    tell(scene);
    const object =
      drafted.objectKey !== null
        ? { key: drafted.objectKey, iri: id(drafted.activity, "object") ?? "" }
        : scene.object;
    return {
      key: drafted.key,
      activity: withoutHidden(drafted.activity),
      object: object && { key: object.key, iri: object.iri },
    };
  }

  async function receive(activity: AsObject, from: Received): Promise<Outcome> {
    const outcome = await judge(activity, from);
    if (outcome.outcome !== "done" && from.finish) await db.batch(from.finish([]));
    return outcome;
  }

  async function judge(activity: AsObject, from: Received): Promise<Outcome> {
    const refuse = (reason: string): Outcome => ({ outcome: "refused", reason });
    const iri = activity.id;
    const actorIri = id(activity, "actor");
    if (typeof iri !== "string" || actorIri === null) return refuse("an activity needs an id and an actor");
    if (actorIri !== from.sender) return refuse("sent by somebody else than its actor");
    if (!sameOrigin(iri, actorIri)) return refuse("its id is of another origin than its actor");
    if (addresses.isOurs(iri)) return refuse("claims to be ours");
    if (registry.kindOf(activity) !== "activity") return refuse("not an activity");
    const known = await look.find(iri);
    if (known && (known.document !== null || known.deletedMs !== null)) return { outcome: "duplicate" };
    const actor = await look.fetch(actorIri);
    if (actor?.kind !== "actor" || !actor.document) return refuse("its actor is unknown");
    if (actor.deletedMs !== null) return refuse("its actor is gone");
    const policy = await deps.policy(actor);
    if (policy !== null) return refuse(policy);

    const key = known?.key ?? keys.at(timeOf(activity, now()));
    const scene = await prepare(actor, key, withoutHidden(activity), false);
    if (!(await concernsUs(scene, from.recipient ?? null))) return refuse("nobody here asked for it");
    const refusal = await refusalOf(scene);
    if (refusal !== null) return refuse(refusal);
    const audience = [...audienceOf(activity), ...(scene.embedded ? audienceOf(scene.embedded) : [])];
    const recipient = from.recipient ? await look.byKey(from.recipient) : null;
    const consequences = await consequencesOf(scene, [
      ...new Set([...audience, ...(recipient ? [recipient.iri] : [])]),
    ]);
    const forwardTo = await forwardable(scene, audience);
    try {
      await db.batch([...(await toStatements(applyDeps, consequences)), ...(from.finish?.(forwardTo) ?? [])]);
    } catch (error) {
      // Two doors at once, or a stub made meanwhile: what is there now tells which.
      if (isProblem(error, "conflict") && (await look.find(iri))?.document) return { outcome: "duplicate" };
      throw error;
    }
    tell(scene);
    return { outcome: "done", key };
  }

  /** Finds the rows that the activity names, and trusts of what it carries only what its origin may say. */
  async function prepare(actor: Entity, key: number, activity: AsObject, isOurs: boolean): Promise<Prepared> {
    const type = typeOf(activity);
    const inner = embedded(activity, "object");
    const objectIri = id(activity, "object");
    const isCreate = registry.isA(type, "Create");
    const trusted = inner !== null && (isOurs || isVouchedFor(inner, actor.iri)) ? inner : null;
    const wantsObject = registry.behaviours(type, inner ? typeOf(inner) : null).some((b) => b.needsObject);

    let object: Entity | null = null;
    if (objectIri !== null) {
      // What is not vouched for is asked of its origin, whatever it claims to contain.
      object =
        wantsObject || (isCreate && !trusted && !isOurs)
          ? await look.fetch(objectIri)
          : await look.find(objectIri);
    }
    if (object === null && inner !== null && !isCreate) object = await answered(actor, inner);
    const targetIri = id(activity, "target") ?? id(activity, "origin");
    const target = targetIri === null ? null : await look.find(targetIri);
    return {
      activity,
      key,
      iri: activity.id ?? "",
      actor,
      object,
      target,
      embedded: trusted,
      isOurs,
      nowMs: now(),
      newKey: (ms) => (ms === null ? keys.next() : keys.at(ms)),
      kindOf: registry.kindOf,
      look,
      subject: object ? object.key : objectIri === null ? null : { iri: objectIri },
    };
  }

  /** Undo, Accept and Reject of an activity that is named only by what it says (no id, or one we never saw). */
  async function answered(actor: Entity, inner: AsObject): Promise<Entity | null> {
    if (registry.kindOf(inner) !== "activity") return null;
    const doer = await look.find(id(inner, "actor") ?? actor.iri);
    const about = await look.find(id(inner, "object") ?? "");
    return doer && about ? look.activityAbout(typeOf(inner), doer.key, about.key) : null;
  }

  function behavioursOf(scene: Prepared): readonly Behaviour[] {
    const objectType = scene.embedded ? registry.knownType(scene.embedded) : (scene.object?.type ?? null);
    return registry.behaviours(registry.knownType(scene.activity), objectType);
  }

  async function refusalOf(scene: Prepared): Promise<string | null> {
    for (const behaviour of behavioursOf(scene)) {
      if (behaviour.needsObject && !scene.object) return NOT_FOUND;
      if (behaviour.ownerOnly && scene.object && !mayChange(scene.actor, scene.object)) {
        return "only its owner may do that";
      }
      const reason = await behaviour.refuse?.(scene);
      if (reason) return reason;
    }
    if (
      scene.object?.document &&
      !(await look.maySee(scene.actor.key, scene.object.key)) &&
      scene.object.deletedMs === null
    ) {
      return NOT_FOUND;
    }
    const owner = scene.object?.kind === "actor" ? scene.object.key : scene.object?.owner;
    if (owner && owner !== scene.actor.key && (await look.isMember(owner, "blocked", scene.actor.key))) {
      return "its owner has blocked the sender";
    }
    return null;
  }

  /** Theirs are kept only where somebody here is meant, follows the sender, or has what it is about. */
  async function concernsUs(scene: Prepared, recipient: number | null): Promise<boolean> {
    if (recipient !== null) return true;
    if (scene.object?.document && (scene.object.isLocal || scene.object.kind !== "actor")) return true;
    if (scene.object?.key === scene.actor.key) return true;
    if ((await store.findLocalMembers(db, scene.actor.key, "followers")).length > 0) return true;
    const about = [scene.activity, ...(scene.embedded ? [scene.embedded] : [])];
    const named = [
      ...new Set(about.flatMap((object) => [...audienceOf(object), ...ids(object, "inReplyTo")])),
    ];
    const found = await store.findByIris(db, named);
    return [...found.values()].some(
      (entity) => entity.isLocal || (entity.kind === "object" && entity.document !== null),
    );
  }

  /** The effects of the activity and of all that it emits. */
  async function consequencesOf(scene: Prepared, audience: readonly string[]): Promise<Consequence[]> {
    const all: Consequence[] = [];
    const waiting: { scene: Prepared; audience: readonly string[] }[] = [{ scene, audience }];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (all.length > MAX_EMITTED)
        throw new Error(`More than ${MAX_EMITTED} activities came of one ${typeOf(scene.activity)}.`);
      const effects = await effectsOf(next.scene, next.audience);
      all.push({ cause: next.scene.key, effects });
      for (const effect of effects) if (effect.effect === "emit") waiting.push(await emitted(effect, all));
    }
    return all;
  }

  async function emitted(effect: Extract<Effect, { effect: "emit" }>, before: readonly Consequence[]) {
    const actor = await look.byKey(effect.actor);
    if (actor === null) throw new Error("An activity was emitted for an actor that is not here.");
    const { key, activity } = await completeDraft(
      { addresses, registry, look, newKey: keys.next, nowMs: now(), clean: deps.clean },
      actor,
      effect.activity,
    );
    const prepared = await prepare(actor, key, activity, true);
    return {
      scene: prepared.object ? prepared : { ...prepared, object: justPut(prepared, before) },
      audience: audienceOf(activity),
    };
  }

  /** The row of something that an earlier consequence of the same batch makes. */
  function justPut(scene: Prepared, before: readonly Consequence[]): Entity | null {
    const iri = id(scene.activity, "object");
    for (const { effects } of before) {
      for (const put of effects) {
        if (put.effect !== "put" || put.iri !== iri) continue;
        return {
          key: put.key,
          iri: put.iri,
          host: scene.actor.host,
          isLocal: addresses.isOurs(put.iri),
          kind: put.kind,
          type: registry.knownType(put.document),
          owner: typeof put.owner === "number" ? put.owner : null,
          subject: typeof put.subject === "number" ? put.subject : null,
          visibility: put.visibility,
          document: put.document,
          updatedMs: null,
          deletedMs: null,
          fetchedMs: null,
        };
      }
    }
    return null;
  }

  async function effectsOf(scene: Prepared, audience: readonly string[]): Promise<Effect[]> {
    const { activity, key, actor, isOurs } = scene;
    const effects: Effect[] = [];
    const followers = actor.document ? id(actor.document, "followers") : null;
    const visibility = visibilityOf(activity, followers);
    const openly = [activity, ...(scene.embedded ? [scene.embedded] : [])]
      .map(withoutHidden)
      .flatMap(audienceOf);
    const recipients = await resolveAudience(look, db, actor, audience, openly);

    for (const behaviour of behavioursOf(scene)) {
      for (const added of behaviour.adds ?? []) effects.push(...membershipEffects(scene, added, "add"));
      for (const removed of behaviour.removes ?? [])
        effects.push(...membershipEffects(scene, removed, "drop"));
      effects.push(...((await behaviour.also?.(scene)) ?? []));
    }
    effects.push({
      effect: "put",
      key,
      iri: scene.iri,
      kind: "activity",
      document: withoutHidden(activity),
      owner: actor.key,
      subject: scene.subject,
      visibility,
    });
    const addressed: Ref[] = [
      ...recipients.local.map((person) => person.key),
      ...recipients.remote,
      ...recipients.hidden,
    ];
    const made = effects.filter((effect) => effect.effect === "put" && effect.key !== key);
    if (addressed.length > 0) {
      for (const put of [...made, { key, visibility }] as { key: number; visibility: string }[]) {
        if (put.visibility === "followers" || put.visibility === "direct" || isOurs) {
          effects.push({ effect: "address", key: put.key, to: addressed });
        }
      }
    }
    const isFeed = registry.type(registry.knownType(activity))?.feed === true;
    const reach = isOurs || visibility === "direct" ? recipients : withFollowers(recipients, actor);
    effects.push(...(await lanes(db, { key, actor, isFeed }, reach)));
    if (isOurs) effects.push(...(await deliveries(scene, recipients)));
    return effects;
  }

  /** What a server sends us for its followers goes to all followers here, whichever of its spellings it used. */
  const withFollowers = (recipients: Awaited<ReturnType<typeof resolveAudience>>, actor: Entity) =>
    recipients.groups.some(({ name }) => name === "followers")
      ? recipients
      : { ...recipients, groups: [...recipients.groups, { owner: actor.key, name: "followers" }] };

  async function deliveries(
    scene: Prepared,
    recipients: Awaited<ReturnType<typeof resolveAudience>>,
  ): Promise<Effect[]> {
    const effects: Effect[] = [];
    const { key } = scene;
    for (const [name, rows] of await inboxesByHost(db, recipients, await whoHasIt(scene))) {
      const host = { name, key: rows[0]?.host ?? 0 };
      for (const statement of deps.deliver(
        key,
        host,
        rows.map((row) => row.inbox),
      ))
        effects.push({ effect: "statement", statement });
    }
    for (const iri of recipients.unknown) {
      if (!addresses.isOurs(iri))
        effects.push({ effect: "enqueue", kind: "introduce", payload: { activity: key, iri } });
    }
    return effects;
  }

  /** A farewell goes to all who were ever sent the thing; a new version only where everybody may read it. */
  async function whoHasIt({ activity, object }: Prepared): Promise<readonly store.InboxRow[]> {
    if (object === null || object.kind !== "object") return [];
    const type = typeOf(activity);
    const isOpen = object.visibility === "public" || object.visibility === "quiet";
    return registry.isA(type, "Delete") || (registry.isA(type, "Update") && isOpen)
      ? deps.reached(object.key)
      : [];
  }

  function membershipEffects(
    scene: Prepared,
    membership: NonNullable<Behaviour["adds"]>[number],
    effect: "add" | "drop",
  ): readonly Effect[] {
    const [ownerRole, name] = membership.into;
    const owner = ownerRole === "actor" ? scene.actor : ownerRole === "object" ? scene.object : scene.target;
    const ownerRef: Ref | null = owner?.key ?? (ownerRole === "object" ? scene.subject : null);
    if (ownerRef === null) return [];
    // An actor elsewhere keeps its own lists.
    if (ownerRole === "actor" && !scene.actor.isLocal) return [];
    const item: Ref | null =
      membership.item === "activity"
        ? scene.key
        : membership.item === "actor"
          ? scene.actor.key
          : membership.item === "object"
            ? scene.subject
            : (scene.target?.key ?? null);
    if (item === null) return [];
    return effect === "add"
      ? [{ effect, owner: ownerRef, name, item, cause: scene.key }]
      : [{ effect, owner: ownerRef, name, item }];
  }

  /**
   * AP §7.1.2: seen for the first time, addressed to followers of somebody here, and about something of ours:
   * those followers elsewhere would miss it. Gives the keys of the actors whose followers it must reach.
   */
  async function forwardable(scene: Prepared, audience: readonly string[]): Promise<readonly number[]> {
    const about = [scene.activity, ...(scene.embedded ? [scene.embedded] : [])];
    const mentioned = about.flatMap((object) =>
      ["object", "target", "inReplyTo", "tag"].flatMap((property) => ids(object, property)),
    );
    if (!mentioned.some((iri) => addresses.isOurs(iri))) return [];
    const owners = new Set<number>();
    for (const iri of audience) {
      const collection = addresses.isOurs(iri) ? await look.collection(iri) : null;
      if (collection?.name === "followers") owners.add(collection.owner.key);
    }
    return [...owners];
  }

  const tell = (scene: Prepared) =>
    deps.listeners.tell({ type: typeOf(scene.activity), activity: scene.key, actor: scene.actor.key });

  return { act, receive };
}

function timeOf(activity: AsObject, nowMs: number): number {
  const inner = embedded(activity, "object");
  const published =
    fromIso(activity.published) ?? (typeOf(activity) === "Create" && inner ? fromIso(inner.published) : null);
  return published ?? nowMs;
}
