/** Which lines of feeds an activity becomes here. */
import { bareTag } from "../lib/hashtag.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Addresses } from "./addresses.ts";
import type { Look } from "./behaviour.ts";
import type { Effect, Line } from "./effects.ts";
import { type Entity, HELD, type VisibilityName } from "./entity.ts";
import { type AsObject, embeddedAll, id, text, typeOf } from "./object.ts";
import type { Recipients } from "./recipients.ts";
import * as store from "./store.ts";
import { fanOutTags } from "./store-lanes.ts";
import { LANES } from "./store-writes.ts";

/** Tags of one post by which it comes into feeds: more are there to be seen everywhere. */
const MAX_TAGS = 30;

/** What a Create makes or an Announce shares, as far as feeds are concerned. */
export interface Told {
  readonly line: Line;
  /** A new thing for everybody: the addresses of its tags. */
  readonly tags: readonly string[];
}

/** `object` is what the activity of `actor` makes or shares; null where it is not here. */
export async function toldBy(
  deps: { readonly look: Look; readonly addresses: Addresses },
  activity: {
    readonly actor: Entity;
    readonly isShare: boolean;
    readonly visibility: VisibilityName;
    readonly object: AsObject | null;
  },
): Promise<Told> {
  const { actor, isShare, object } = activity;
  const answered = isShare || object === null ? null : await answeredBy(deps.look, actor, object);
  const isListed = !isShare && activity.visibility === "public" && actor.held < HELD.limited;
  return {
    line: { author: actor.key, isShare, language: object && languageOf(object), answered },
    tags: object !== null && isListed ? tagsOf(object).map(deps.addresses.tag) : [],
  };
}

/** Lines of a thing that came without an activity, in the feeds of those who follow its tags. */
export function linesOfTags(addresses: Addresses, thing: Entity, author: Entity | null): readonly Sql[] {
  const isListed = thing.visibility === "public" && thing.deletedMs === null && thing.kind === "object";
  if (!isListed || thing.document === null || author === null || author.held >= HELD.limited) return [];
  const tags = tagsOf(thing.document).map(addresses.tag);
  return tags.length === 0 ? [] : [fanOutTags(tags, thing.key, author)];
}

/** Whose words it answers, when that is somebody else. */
async function answeredBy(look: Look, actor: Entity, object: AsObject): Promise<number | null> {
  const iri = id(object, "inReplyTo");
  if (iri === null) return null;
  const owner = (await look.find(iri))?.owner ?? 0;
  return owner === actor.key ? null : owner;
}

/** The language of the only text that there is, without its country. */
function languageOf(object: AsObject): string | null {
  const map = object.contentMap;
  const [language, ...others] = map !== null && typeof map === "object" ? Object.keys(map) : [];
  if (language === undefined || others.length > 0) return null;
  const bare = language.split("-")[0]?.toLowerCase() ?? "";
  return /^[a-z]{2,8}$/.test(bare) && bare !== "und" ? bare : null;
}

const tagsOf = (object: AsObject): readonly string[] => {
  const names = embeddedAll(object, "tag").flatMap((tag) =>
    typeOf(tag) === "Hashtag" ? bareTag(text(tag, "name") ?? "") : [],
  );
  return [...new Set(names)].filter((name) => name !== "").slice(0, MAX_TAGS);
};

/**
 * Lines in the home feed (posts and shares, for those who follow the sender or a tag, and for the sender), in lists of
 * people, or in the inbox (everything else) of people here. Those who have blocked the sender get none. `told` is null for
 * what is no line of a feed.
 */
export async function lanes(
  db: Db,
  scene: { readonly key: number; readonly actor: Entity; readonly told: Told | null },
  recipients: Recipients,
): Promise<readonly Effect[]> {
  const { key, actor, told } = scene;
  const effects: Effect[] = recipients.groups.map(({ owner, name }) => ({
    effect: "fan-out",
    owner,
    name,
    lane: told === null ? LANES.inbox : LANES.home,
    item: key,
    ...(told === null ? {} : { line: told.line }),
  }));
  if (told !== null && actor.isLocal)
    effects.push({ effect: "lane", owner: actor.key, lane: LANES.home, item: key });
  const keys = recipients.local.map((person) => person.key).filter((person) => person !== actor.key);
  const blocking = await store.findOwnersWith(db, keys, "blocked", actor.key);
  const following =
    told === null ? new Set<number>() : await store.findOwnersWith(db, keys, "following", actor.key);
  for (const person of keys) {
    if (blocking.has(person)) continue;
    effects.push({
      effect: "lane",
      owner: person,
      lane: following.has(person) ? LANES.home : LANES.inbox,
      item: key,
    });
  }
  if (told !== null && told.tags.length > 0)
    effects.push({ effect: "statement", statement: fanOutTags(told.tags, key, actor) });
  return effects;
}
