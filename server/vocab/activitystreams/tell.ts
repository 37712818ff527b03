/** Who hears of a post besides those whom it names: whoever watches its author, shared it, quotes it, or talks in it. */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, audienceOf, embeddedAll, id, ids, typeOf } from "../../core/object.ts";

/** People here who are told of one edit; of what more have shared nobody waits to hear. */
const MAX_TOLD = 500;
/** More people than this are no conversation. */
const MAX_TALKING = 100;

/** Nobody means more people than this by one post; the rest are not told. */
const MAX_MENTIONS = 100;

/** Addresses of those whom the text names. */
export const mentionedIn = (object: AsObject): readonly string[] =>
  embeddedAll(object, "tag")
    .slice(0, MAX_MENTIONS)
    .flatMap((tag) => (typeOf(tag) === "Mention" ? (id(tag, "href") ?? []) : []));

/** People here whom the text names, who are told once. */
export async function mentionEffects(
  scene: Scene,
  object: AsObject,
  told: Set<number>,
): Promise<readonly Effect[]> {
  const effects: Effect[] = [];
  for (const iri of mentionedIn(object)) {
    const person = await scene.look.find(iri);
    if (!person?.isLocal || told.has(person.key)) continue;
    told.add(person.key);
    effects.push({ effect: "notice", to: person.key, kind: "mention" });
  }
  return effects;
}

/** Those who want to hear of every post of its author; of answers to others they do not. */
export async function watchedEffects(
  scene: Scene,
  object: AsObject,
  told: Set<number>,
): Promise<readonly Effect[]> {
  const watchers = await scene.look.watchers(scene.actor.key);
  if (watchers.length === 0) return [];
  const parents = ids(object, "inReplyTo");
  const parent = parents[0] === undefined ? null : await scene.look.find(parents[0]);
  if (parents.length > 0 && parent?.owner !== scene.actor.key) return [];
  const effects: Effect[] = [];
  for (const watcher of watchers) {
    if (told.has(watcher)) continue;
    told.add(watcher);
    effects.push({ effect: "notice", to: watcher, kind: "post" });
  }
  return effects;
}

/** People here who shared what is edited now, or whose posts quote it, but for those who are told something else of it. */
export async function editEffects(
  scene: Scene,
  object: Entity,
  others: readonly Effect[],
): Promise<readonly Effect[]> {
  const told = new Set([
    scene.actor.key,
    ...others.flatMap((effect) => (effect.effect === "notice" ? effect.to : [])),
  ]);
  const effects: Effect[] = [];
  const tell = (to: number, kind: "edit" | "quoted-edit") => {
    if (told.has(to) || told.size > MAX_TOLD) return;
    told.add(to);
    effects.push({ effect: "notice", to, kind });
  };
  for (const quoter of await scene.look.pointing(object.key, "quote")) tell(quoter, "quoted-edit");
  for (const sharer of await scene.look.localMembers(object.key, "shares")) tell(sharer.key, "edit");
  return effects;
}

/**
 * What is for those addressed alone is part of a conversation; what is for a group's members is the group's. For those
 * who `know` it already it is no news.
 */
export async function talkEffects(
  scene: Scene,
  object: AsObject,
  key: number,
  parent: Entity | null,
  know: readonly number[] = [],
): Promise<readonly Effect[]> {
  const { actor, activity, look } = scene;
  const named = [...new Set([activity, object].flatMap(audienceOf))].slice(0, MAX_TALKING);
  const found = await look.findMany(named);
  const addressed = [...found.values()].filter(({ kind }) => kind === "actor");
  if (addressed.some(({ type }) => type === "Group")) return [];
  const openly = new Set([activity, object].flatMap((each) => [...ids(each, "to"), ...ids(each, "cc")]));
  const people = addressed.filter(({ iri }) => openly.has(iri)).map((each) => each.key);
  const here = new Set(actor.isLocal ? [actor.key] : []);
  // People who have blocked the sender are told nothing.
  for (const { key: person, isLocal } of addressed)
    if (isLocal && !(await look.isMember(person, "blocked", actor.key))) here.add(person);
  if (here.size === 0) return [];
  return [
    {
      effect: "talk",
      object: key,
      parent: parent?.key ?? null,
      author: actor.key,
      here: [...here],
      know: know.filter((person) => here.has(person)),
      people: [...new Set([actor.key, ...people])],
    },
  ];
}
