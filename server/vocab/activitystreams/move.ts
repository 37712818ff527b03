/** Move: an actor goes elsewhere and takes its followers along (FEP-7628, sent by the old actor or by the new one). */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id, ids } from "../../core/object.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { timeOfKey } from "../../lib/id.ts";

/** Whoever moves away from here stays so long where they went: followers are no toys, and Mastodon waits as long. */
export const MOVES_EVERY_MS = 30 * DAY_MS;

/** Who moved on from where somebody moved to: more than this is a chase, not a move. */
const MAX_HOPS = 3;
/** So lately fetched an actor is not asked again, whoever says that it has moved. */
const FRESH_MS = 10_000;

/** What a Move comes to: who is left, who is followed from now on, and whether the old one stays in use. */
interface Moving {
  readonly from: Entity;
  readonly to: Entity;
  readonly isCopy: boolean;
}

export const move: Behaviour = {
  type: "Move",
  needsObject: true,
  async refuse(scene) {
    const moving = await judge(scene);
    return typeof moving === "string" ? moving : null;
  },
  async also(scene) {
    const moving = await judge(scene);
    if (typeof moving === "string") return [];
    const { from, to, isCopy } = moving;
    const effects: Effect[] = [
      {
        effect: "enqueue",
        kind: "moved",
        payload: { from: from.key, to: to.key, by: scene.key, isCopy },
        once: `moved ${from.key}`,
      },
    ];
    if (!from.isLocal)
      effects.push({ effect: "enqueue", kind: "fetch", payload: { iri: from.iri, again: true } });
    else if (scene.isOurs && !isCopy)
      effects.push({
        effect: "emit",
        actor: from.key,
        activity: { type: "Update", object: { id: from.iri, movedTo: to.iri } },
      });
    return effects;
  },
};

/** Whether this Update of an actor here says that it has moved, which a Move alone may say. */
export function movesByHand({ isOurs, object, embedded }: Scene): boolean {
  if (!isOurs || object?.kind !== "actor" || embedded === null) return false;
  const wanted = id(embedded, "movedTo");
  return wanted !== null && wanted !== id(object.document ?? {}, "movedTo");
}

/** Each is judged once, although it is asked about twice. */
const judged = new WeakMap<Scene, Promise<Moving | string>>();

/** What the Move comes to, or why it may not be. */
function judge(scene: Scene): Promise<Moving | string> {
  const known = judged.get(scene) ?? judgement(scene);
  judged.set(scene, known);
  return known;
}

async function judgement(scene: Scene): Promise<Moving | string> {
  const { actor, object } = scene;
  const target = id(scene.activity, "target");
  if (object?.kind !== "actor" || !object.document) return "who moves cannot be found";
  if (target === null) return "it does not say where it moves to";
  if (target === object.iri) return "nobody moves to where they are";
  if (object.key !== actor.key)
    return target === actor.iri ? pulled(scene, object) : "an actor can only move itself";
  if (scene.isOurs && (await movedLately(scene, object))) return "it has moved in the last 30 days already";
  const to = await proven(scene, target, object.iri);
  if (typeof to === "string") return to;
  const last = await chased(scene, to, object);
  return typeof last === "string" ? last : { from: object, to: last, isCopy: false };
}

async function movedLately({ look, nowMs }: Scene, { key }: Entity): Promise<boolean> {
  const last = await look.activityAbout("Move", key, key);
  return last !== null && nowMs - timeOfKey(last.key) < MOVES_EVERY_MS;
}

/** Sent by the new actor: the old one must name it, in `movedTo`, or in `copiedTo` where it stays in use. */
async function pulled(scene: Scene, old: Entity): Promise<Moving | string> {
  const to = scene.actor;
  const claims = (entity: Entity | null) =>
    entity !== null && isNamed(entity, ["movedTo", "copiedTo"], to.iri);
  const from = claims(old) ? old : await anew(scene, old);
  if (from === null || !claims(from)) return "the old actor does not know the new one";
  if (!isNamed(to, ["alsoKnownAs"], from.iri)) return "the new actor does not know the old one";
  return { from, to, isCopy: !isNamed(from, ["movedTo"], to.iri) };
}

/** The actor at `iri`, which must know `old`, or anybody could steal followers. */
async function proven(scene: Scene, iri: string, old: string): Promise<Entity | string> {
  const known = await scene.look.fetch(iri);
  if (known?.kind !== "actor" || !known.document || known.deletedMs !== null)
    return "where it moves to cannot be found";
  if (isNamed(known, ["alsoKnownAs"], old)) return known;
  const newer = await anew(scene, known);
  return newer !== null && isNamed(newer, ["alsoKnownAs"], old)
    ? newer
    : "the new actor does not know the old one";
}

/** Where the new actor has moved on itself, its followers follow it to the end, which must not be far. */
async function chased(scene: Scene, first: Entity, old: Entity): Promise<Entity | string> {
  let at = first;
  for (let hops = 0; ; hops++) {
    const next = id(at.document ?? {}, "movedTo");
    if (next === null || next === at.iri) return at;
    if (next === old.iri) return "it moves in a circle";
    if (hops === MAX_HOPS) return "too many moves follow one another";
    const to = await proven(scene, next, at.iri);
    if (typeof to === "string") return at;
    at = to;
  }
}

/** As its origin says now; null where it cannot be asked, or was just before. */
async function anew(scene: Scene, entity: Entity): Promise<Entity | null> {
  if (entity.isLocal) return null;
  if (entity.fetchedMs !== null && scene.nowMs - entity.fetchedMs < FRESH_MS) return null;
  return scene.look.refresh(entity.iri);
}

const isNamed = ({ document }: Entity, properties: readonly string[], iri: string): boolean =>
  document !== null && properties.some((property) => ids(document, property).includes(iri));
