/** Lists of one's own that have rules: people in named lists, whom one recommends, tags, what stands at the top of a page. */
import type { Scene } from "../../core/behaviour.ts";
import type { Effect, Ref } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id } from "../../core/object.ts";
import {
  clearList,
  comeHome,
  fillList,
  forgetTag,
  ITEMS,
  LISTED,
  leaveHome,
} from "../../core/store-lanes.ts";
import { tagAt } from "./tags.ts";

/** Names in one list; a list of more is the home feed again. */
const MAX_IN_LIST = 5_000;
/** People whom one recommends: a page full. */
const MAX_ENDORSED = 100;
/** Tags that somebody follows. */
const MAX_FOLLOWED_TAGS = 1_000;
/** As many as Mastodon shows. */
export const MAX_FEATURED_TAGS = 10;
export const MAX_PINNED = 5;

/** Names of the lists of an actor. */
const ENDORSED = "endorsements";
export const FOLLOWED_TAGS = "followed-tags";
export const FEATURED_TAGS = "featured-tags";
const FEATURED = "featured";
/** Those that everybody sees on somebody's page: they are part of the profile. */
export const PROFILE_LISTS: ReadonlySet<string> = new Set([ENDORSED, FEATURED_TAGS, FEATURED]);

/** The lists of people that somebody has made. */
export const LISTS = "lists";
/** The type of one of them. */
export const LIST = "List";

interface Place {
  readonly owner: Entity;
  readonly name: string;
}

interface Rule {
  /** Why it cannot be added, or null. Follows "This cannot be done:". */
  readonly refusal: (scene: Scene) => Promise<string | null>;
  readonly added: (scene: Scene, place: Place) => Promise<readonly Effect[]>;
  readonly removed: (scene: Scene, place: Place) => readonly Effect[];
}

const RULES: Readonly<Record<string, Rule>> = {
  [LIST]: {
    refusal: (scene) => ofFollowed(scene, true),
    async added(scene, { owner }) {
      const { object, actor } = scene;
      if (object === null) return [];
      const cause = (await followOf(scene, object.key)) ?? scene.key;
      const hides = owner.document?.exclusive === true && object.key !== actor.key;
      return [
        { effect: "add", owner: owner.key, name: ITEMS, item: object.key, cause, room: roomFor(MAX_IN_LIST) },
        { effect: "add", owner: object.key, name: LISTED, item: owner.key, cause },
        { effect: "statement", statement: fillList(owner.key, object.key) },
        ...(hides ? [statement(leaveHome(actor.key, object.key))] : []),
      ];
    },
    removed({ object, actor }, { owner }) {
      if (object === null) return [];
      return [
        { effect: "drop", owner: owner.key, name: ITEMS, item: object.key },
        { effect: "drop", owner: object.key, name: LISTED, item: owner.key },
        statement(clearList(owner.key, object.key)),
        ...(owner.document?.exclusive === true ? [statement(comeHome(actor.key, object.key))] : []),
      ];
    },
  },
  [ENDORSED]: {
    refusal: (scene) => ofFollowed(scene, false),
    async added(scene, { owner, name }) {
      const { object } = scene;
      const cause = object && (await followOf(scene, object.key));
      const room = roomFor(MAX_ENDORSED);
      return object && cause
        ? [{ effect: "add", owner: owner.key, name, item: object.key, cause, room }]
        : [];
    },
    removed: taken,
  },
  [FOLLOWED_TAGS]: {
    refusal: ofTags,
    async added(scene, place) {
      const { owner } = place;
      const item = itemOf(scene);
      return [
        ...(await put(scene, place, MAX_FOLLOWED_TAGS)),
        { effect: "add", owner: item, name: "followers", item: owner.key, cause: scene.key },
      ];
    },
    removed(scene, place) {
      const { object } = scene;
      const tag = tagAt(id(scene.activity, "object") ?? "", scene.actor.iri);
      return object === null
        ? []
        : [
            ...taken(scene, place),
            { effect: "drop", owner: object.key, name: "followers", item: place.owner.key },
            ...(tag === null ? [] : [statement(forgetTag(place.owner.key, tag))]),
          ];
    },
  },
  [FEATURED_TAGS]: {
    refusal: ofTags,
    added: (scene, place) => put(scene, place, MAX_FEATURED_TAGS),
    removed: taken,
  },
  [FEATURED]: {
    refusal: ofOwnPosts,
    added: async (scene, place) => [
      ...(await goneFrom(scene, place)),
      ...(await put(scene, place, MAX_PINNED)),
    ],
    removed: taken,
  },
};

/** The list with a rule that an Add or Remove of somebody here is about, and its rule; null for every other list. */
export async function ruledPlace(scene: Scene): Promise<{ place: Place; rule: Rule } | null> {
  if (!scene.isOurs) return null;
  const place = await scene.look.collection(id(scene.activity, "target") ?? "");
  if (place === null) return null;
  const isOwn = place.owner.key === scene.actor.key && place.owner.type !== "Group";
  const isList = place.owner.type === LIST && place.owner.owner === scene.actor.key && place.name === ITEMS;
  const rule = isList
    ? RULES[LIST]
    : isOwn && Object.hasOwn(RULES, place.name)
      ? RULES[place.name]
      : undefined;
  return rule === undefined ? null : { place, rule };
}

const statement = (of: Extract<Effect, { effect: "statement" }>["statement"]): Effect => ({
  effect: "statement",
  statement: of,
});

const itemOf = ({ object, activity }: Scene): Ref => object?.key ?? { iri: id(activity, "object") ?? "" };

async function put(scene: Scene, { owner, name }: Place, most: number): Promise<readonly Effect[]> {
  const room = roomFor(most);
  return [{ effect: "add", owner: owner.key, name, item: itemOf(scene), cause: scene.key, room }];
}

/** A Delete empties its place; until this was so, what was deleted kept it, and nobody could take it out. */
async function goneFrom({ look }: Scene, { owner, name }: Place): Promise<readonly Effect[]> {
  const gone = (await look.localMembers(owner.key, name)).filter(({ deletedMs }) => deletedMs !== null);
  return gone.map(({ key }): Effect => ({ effect: "drop", owner: owner.key, name, item: key }));
}

const roomFor = (most: number) => ({
  most,
  elseRefused: `there is room for ${most} at most; take one out first`,
});

function taken({ object }: Scene, { owner, name }: Place): readonly Effect[] {
  return object === null ? [] : [{ effect: "drop", owner: owner.key, name, item: object.key }];
}

/** The Follow that keeps, or asks for, the following: what hangs on it ends with it. */
const followOf = async ({ look, actor }: Scene, followed: number): Promise<number | null> =>
  (await look.causeOf(actor.key, "following", followed)) ??
  (await look.causeOf(actor.key, "requested", followed));

async function ofFollowed(scene: Scene, maySelf: boolean): Promise<string | null> {
  const { object, actor } = scene;
  if (object?.kind !== "actor" || object.deletedMs !== null)
    return "only people and groups can be in this list";
  const isSelf = object.key === actor.key;
  if (isSelf && !maySelf) return "nobody recommends themselves";
  if (!isSelf && (await followOf(scene, object.key)) === null)
    return "only people whom you follow can be in this list";
  return null;
}

async function ofTags(scene: Scene): Promise<string | null> {
  const tag = tagAt(id(scene.activity, "object") ?? "", scene.actor.iri);
  return tag === null ? "only tags can be in this list" : null;
}

async function ofOwnPosts(scene: Scene): Promise<string | null> {
  const { object, actor } = scene;
  if (object?.kind !== "object" || object.owner !== actor.key || object.deletedMs !== null)
    return "only your own posts can stand at the top of your page";
  if (object.visibility === "direct") return "what is for a few people cannot stand at the top of your page";
  return null;
}
