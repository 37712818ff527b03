/** What comes of an activity: the effects of its behaviours, who gets it, and the activities that it emits in turn. */

import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import type { Db } from "../storage/db.ts";
import type { Addresses } from "./addresses.ts";
import type { Consequence } from "./apply.ts";
import { visibilityOf, withoutHidden } from "./audience.ts";
import { type Behaviour, DONE_ALREADY, type Look } from "./behaviour.ts";
import { completeDraft } from "./draft.ts";
import type { Effect, Ref } from "./effects.ts";
import type { Entity, VisibilityName } from "./entity.ts";
import { lanes, type Told, toldBy } from "./lanes.ts";
import { type AsObject, audienceOf, id, typeOf } from "./object.ts";
import { type Prepared, type Stage, withBase } from "./prepare.ts";
import { type Deliver, destinationsOf, type Recipients, resolveAudience } from "./recipients.ts";
import type { Registry } from "./registry.ts";
import type { InboxRow } from "./store.ts";

/** Emitted activities may emit further ones; a vocabulary that never ends is a fault in it. */
const MAX_EMITTED = 16;

export interface ConsequenceDeps {
  readonly db: Db;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly keys: Keys;
  readonly now: Now;
  readonly look: Look;
  readonly clean: (html: string) => string;
  readonly emoji?: (texts: readonly string[]) => readonly AsObject[];
  readonly deliver: Deliver;
  /** Inboxes of the servers that this object was sent to before, whoever follows now. */
  readonly reached: (object: number) => Promise<readonly InboxRow[]>;
  /** Inboxes of the servers that know this actor of ours, besides those of its followers. */
  readonly acquainted: (actor: number) => Promise<readonly InboxRow[]>;
  /** What else comes of an activity of ours that is seen so widely (relays). */
  readonly spread?: (scene: Prepared, visibility: VisibilityName) => Promise<readonly Effect[]>;
}

interface Next {
  readonly scene: Prepared;
  readonly audience: readonly string[];
  readonly isEcho: boolean;
}

/** Gives, for a scene that was not refused, its consequences and those of all that it emits, in order. */
export function createConsequences(deps: ConsequenceDeps & { readonly stage: Stage }) {
  const { db, registry, addresses, keys, now, look, stage } = deps;
  const { prepare, behavioursOf } = stage;

  /** The effects of the activity and of all that it emits. */
  async function consequencesOf(scene: Prepared, audience: readonly string[]): Promise<Consequence[]> {
    const all: Consequence[] = [];
    const waiting: Next[] = [{ scene, audience, isEcho: false }];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (all.length > MAX_EMITTED)
        throw new Error(`More than ${MAX_EMITTED} activities came of one ${typeOf(scene.activity)}.`);
      const effects = await effectsOf(next);
      all.push({ cause: next.scene.key, effects });
      for (const effect of effects) if (effect.effect === "emit") waiting.push(await emitted(effect, all));
    }
    return all;
  }

  async function emitted(effect: Extract<Effect, { effect: "emit" }>, before: readonly Consequence[]) {
    const actor = await look.byKey(effect.actor);
    if (actor === null) throw new Error("An activity was emitted for an actor that is not here.");
    const drafted = await completeDraft(
      {
        addresses,
        registry,
        look,
        newKey: keys.next,
        nowMs: now(),
        clean: deps.clean,
        ...(deps.emoji ? { emoji: deps.emoji } : {}),
      },
      actor,
      effect.activity,
    );
    const { key, activity } = drafted;
    const isEcho = effect.isEcho === true;
    const prepared = withBase(await prepare(actor, key, activity, true, { isEcho }), drafted);
    return {
      isEcho,
      // Of what is put just now the address alone may have been known before.
      scene: prepared.object?.document
        ? prepared
        : { ...prepared, object: justPut(prepared, before) ?? prepared.object },
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
          stored: null,
          updatedMs: null,
          deletedMs: null,
          fetchedMs: null,
          held: scene.actor.held,
        };
      }
    }
    return null;
  }

  async function effectsOf({ scene, audience, isEcho }: Next): Promise<Effect[]> {
    const { activity, key, actor, isOurs } = scene;
    const effects: Effect[] = [];
    const followers = actor.document ? id(actor.document, "followers") : null;
    const isConfidential = registry.type(registry.knownType(activity))?.isConfidential === true;
    const visibility = isConfidential ? "direct" : visibilityOf(activity, followers);
    const openly = [activity, ...(scene.embedded ? [scene.embedded] : [])]
      .map(withoutHidden)
      .flatMap(audienceOf);
    const recipients = await resolveAudience(look, actor, audience, openly);

    for (const behaviour of isEcho ? [] : behavioursOf(scene)) {
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
      ownerIri: actor.iri,
      subject: scene.subject,
      visibility,
    });
    const addressed: Ref[] = [
      ...recipients.local.map((person) => person.key),
      ...recipients.remote,
      ...recipients.hidden,
    ];
    const made = effects.filter(
      (effect) =>
        (effect.effect === "put" && effect.key !== key) ||
        (effect.effect === "change" && effect.visibility !== undefined),
    );
    if (addressed.length > 0 && !isConfidential) {
      for (const put of [...made, { key, visibility }] as { key: number; visibility: string }[]) {
        if (put.visibility === "followers" || put.visibility === "direct" || isOurs) {
          effects.push({ effect: "address", key: put.key, to: addressed });
        }
      }
    }
    const told = isConfidential || isEcho ? null : await toldOf(scene, visibility);
    const reach = isOurs || visibility === "direct" ? recipients : withFollowers(recipients, actor);
    if (!isEcho && !isConfidential) effects.push(...(await lanes(db, { key, actor, told }, reach)));
    // What is confidential leaves in the server's own name, or not at all.
    const isToldElsewhere = isOurs && (!isConfidential || actor.type === "Application");
    if (isToldElsewhere) effects.push(...(await deliveries(scene, recipients)));
    if (isToldElsewhere) effects.push(...((await deps.spread?.(scene, visibility)) ?? []));
    return effects;
  }

  /** What a line of feeds says of the activity; null for what is none. */
  async function toldOf(scene: Prepared, visibility: VisibilityName): Promise<Told | null> {
    const { activity, actor, embedded, object } = scene;
    const type = registry.knownType(activity);
    const made = embedded ?? object?.document ?? null;
    const isLine = registry.type(type)?.feed === true;
    if (!isLine || (made !== null && registry.type(registry.knownType(made))?.feed === false)) return null;
    const isShare = !registry.isA(type, "Create");
    return toldBy({ look: scene.look, addresses }, { actor, isShare, visibility, object: made });
  }

  /** What a server sends us for its followers goes to all followers here, whichever of its spellings it used. */
  const withFollowers = (recipients: Recipients, actor: Entity) =>
    recipients.groups.some(({ name }) => name === "followers")
      ? recipients
      : { ...recipients, groups: [...recipients.groups, { owner: actor.key, name: "followers" }] };

  async function deliveries(scene: Prepared, recipients: Recipients): Promise<Effect[]> {
    const { key } = scene;
    const to = await destinationsOf(db, recipients, await whoHasIt(scene));
    const effects = deps
      .deliver(key, to, scene.actor.key)
      .map((statement): Effect => ({ effect: "statement", statement }));
    for (const iri of recipients.unknown) {
      if (!addresses.isOurs(iri))
        effects.push({ effect: "enqueue", kind: "introduce", payload: { activity: key, iri } });
    }
    return effects;
  }

  /** A farewell goes to all who were ever sent the thing, or know the actor; a new version only where everybody may read it. */
  async function whoHasIt({ activity, actor, object }: Prepared): Promise<readonly InboxRow[]> {
    const type = typeOf(activity);
    if (object?.key === actor.key && registry.isA(type, "Delete")) return deps.acquainted(actor.key);
    if (object === null || object.kind !== "object") return [];
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
    if (effect === "drop") return [{ effect, owner: ownerRef, name, item }];
    const isOnce = membership.once === "always" || (membership.once === "ours" && scene.isOurs);
    const elseRefused = isOnce ? { elseRefused: DONE_ALREADY } : {};
    return [{ effect, owner: ownerRef, name, item, cause: scene.key, ...elseRefused }];
  }

  return consequencesOf;
}
