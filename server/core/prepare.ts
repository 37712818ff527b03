/** From an activity to the scene that it makes: the rows that it names, and what of its content may be believed. */

import { inherit } from "../jsonld/settle.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { isVouchedFor, mayChange } from "./access.ts";
import type { Addresses } from "./addresses.ts";
import type { Behaviour, Look, Scene } from "./behaviour.ts";
import type { Ref } from "./effects.ts";
import { type Entity, isOutOfSight } from "./entity.ts";
import { type AsObject, embedded, id, typeOf } from "./object.ts";
import type { Registry } from "./registry.ts";

export interface Prepared extends Scene {
  /** What the activity is about: a row, or an address that nobody here has seen. */
  readonly subject: Ref | null;
}

export interface How {
  /** The group elsewhere that told of it. */
  readonly through?: Entity | null;
  /** It only tells what happened: nothing is fetched for it. */
  readonly isEcho?: boolean;
}

/** An Update judged by the very row that its changes were put into: where that has changed since, none of it happens. */
export const withBase = (scene: Prepared, { base }: { readonly base: Entity | null }): Prepared =>
  base === null ? scene : { ...scene, object: base };

/** What is done with a list of one's own. */
const KEEPING: ReadonlySet<string> = new Set(["Add", "Remove"]);

/** How one keeps others away, and asks for help: whoever is blocked by somebody may block and report them all the same. */
const OF_ONES_PEACE: ReadonlySet<string> = new Set(["Block", "Flag"]);

/** What is missing and what may not be seen are told apart to nobody. */
export const NOT_FOUND = "what it is about cannot be found";

export interface Stage {
  prepare(actor: Entity, key: number, activity: AsObject, isOurs: boolean, how?: How): Promise<Prepared>;
  /** The behaviours of its type, for this type of object. */
  behavioursOf(scene: Prepared): readonly Behaviour[];
  /** Why it may not happen, or null. */
  refusalOf(scene: Prepared): Promise<string | null>;
}

export function createStage(deps: {
  registry: Registry;
  addresses: Addresses;
  keys: Keys;
  now: Now;
  look: Look;
}): Stage {
  const { registry, addresses, keys, now, look } = deps;

  /** Finds the rows that the activity names, and trusts of what it carries only what its origin may say. */
  async function prepare(
    actor: Entity,
    key: number,
    activity: AsObject,
    isOurs: boolean,
    { through = null, isEcho = false }: How = {},
  ): Promise<Prepared> {
    const type = typeOf(activity);
    const carried = embedded(activity, "object");
    const inner = carried && inherit(activity, carried);
    const objectIri = id(activity, "object");
    const isCreate = registry.isA(type, "Create");
    const trusted = inner !== null && (isOurs || isVouchedFor(inner, actor.iri)) ? inner : null;
    const wantsObject = !isEcho && registry.needsObject(type, inner && typeOf(inner));

    let object: Entity | null = null;
    if (objectIri !== null) {
      // What is not vouched for is asked of its origin, whatever it claims to contain.
      object =
        wantsObject || (isCreate && !trusted && !isOurs)
          ? await look.fetch(objectIri)
          : await look.find(objectIri);
    }
    if (object === null && inner !== null && !isCreate) object = await answered(look, registry, actor, inner);
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
      through,
      nowMs: now(),
      newKey: (ms) => (ms === null ? keys.next() : keys.at(ms)),
      kindOf: registry.kindOf,
      actsAs: registry.actsAs,
      look,
      subject: object ? object.key : objectIri === null ? null : { iri: objectIri },
    };
  }

  const typeOfObject = ({ embedded, object }: Prepared): string | null =>
    embedded ? registry.knownType(embedded) : (object?.type ?? null);

  const behavioursOf = (scene: Prepared): readonly Behaviour[] =>
    registry.behaviours(registry.knownType(scene.activity), typeOfObject(scene));

  async function refusalOf(scene: Prepared): Promise<string | null> {
    // Before anything else is said of it, or the reason would tell that it is there (GHSA-gwhw-gcjx-72v8).
    if (await isUnseen(scene)) return NOT_FOUND;
    if (!scene.object && registry.needsObject(registry.knownType(scene.activity), typeOfObject(scene)))
      return NOT_FOUND;
    for (const behaviour of behavioursOf(scene)) {
      if (behaviour.ownerOnly && scene.object && !mayChange(scene.actor, scene.object)) {
        return "only its owner may do that";
      }
      const reason = await behaviour.refuse?.(scene);
      if (reason) return reason;
    }
    if (await isOwnMatter(scene)) return null;
    const owner = scene.object?.kind === "actor" ? scene.object.key : scene.object?.owner;
    if (owner && owner !== scene.actor.key && (await look.isMember(owner, "blocked", scene.actor.key))) {
      return "its owner has blocked the sender";
    }
    const isOfSomebodyHere = owner && scene.object?.isLocal && !scene.actor.isLocal;
    if (isOfSomebodyHere && (await look.avoids?.(owner, scene.actor.host)))
      return "its owner has blocked the sender's server";
    return null;
  }

  /** Somebody who has blocked the actor has no say in it, and hears nothing of it. */
  async function isOwnMatter({ activity, actor }: Prepared): Promise<boolean> {
    const type = registry.actsAs(typeOf(activity));
    if (OF_ONES_PEACE.has(type)) return true;
    if (!actor.isLocal || !KEEPING.has(type)) return false;
    if (type === "Remove") return true;
    return (await look.collection(id(activity, "target") ?? ""))?.name === "muted";
  }

  /** Not to be seen by the actor, or an address of ours where nothing is. */
  async function isUnseen({ activity, actor, object, through }: Prepared): Promise<boolean> {
    if (!object?.document) {
      const iri = id(activity, "object");
      if (iri === null || !addresses.isOurs(iri) || registry.isA(typeOf(activity), "Create")) return false;
      // The page of a tag is there for everybody, and may be kept in lists of one's own.
      return !(
        actor.isLocal &&
        KEEPING.has(registry.actsAs(typeOf(activity))) &&
        addresses.parse(iri)?.what === "tag"
      );
    }
    // What the staff put out of sight can still be changed and taken back by whoever answers for it.
    if (isOutOfSight(object) && (object.owner === actor.key || object.key === actor.key)) return false;
    if (object.deletedMs === null && (await isInGroup(through, object.key, look))) return false;
    if (object.deletedMs === null)
      return !(await look.maySee(actor.key, object.key)) && !(await isKept(activity, actor, object));
    const wasOpen = object.visibility === "public" || object.visibility === "quiet";
    return !wasOpen && object.owner !== actor.key;
  }

  /** Taken out of a list of one's own, by somebody here, who put it there while they saw it. */
  async function isKept(activity: AsObject, actor: Entity, object: Entity): Promise<boolean> {
    if (!actor.isLocal || registry.actsAs(typeOf(activity)) !== "Remove") return false;
    const list = await look.collection(id(activity, "target") ?? "");
    return list?.owner.key === actor.key && look.isMember(actor.key, list.name, object.key);
  }

  return { prepare, behavioursOf, refusalOf };
}

/** Who is in a group elsewhere only its own server knows: what it passes on about what is in it was seen by its doer. */
export const isInGroup = async (group: Entity | null, object: number, look: Look): Promise<boolean> =>
  group !== null && (await look.groupsOf(object)).some(({ key }) => key === group.key);

/** Undo, Accept and Reject of an activity that is named only by what it says (no id, or one we never saw). */
export async function answered(
  look: Look,
  registry: Registry,
  actor: Entity,
  inner: AsObject,
): Promise<Entity | null> {
  if (registry.kindOf(inner) !== "activity") return null;
  const doer = await look.find(id(inner, "actor") ?? actor.iri);
  const about = await look.find(id(inner, "object") ?? "");
  return doer && about ? look.activityAbout(typeOf(inner), doer.key, about.key) : null;
}
