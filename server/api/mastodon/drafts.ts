/** The table of verbs: what a client asks to be done with a post, as an activity. */
import type { Addresses } from "../../core/addresses.ts";
import type { Look } from "../../core/behaviour.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, id, PUBLIC } from "../../core/object.ts";
import { followersOf } from "../../vocab/writing.ts";

export interface DraftDeps {
  readonly look: Look;
  readonly addresses: Addresses;
}

/** The activity, or null where it is so already: doing a thing twice is no mistake in this API. */
export type Draft = (deps: DraftDeps, me: Entity, object: Entity) => Promise<AsObject | null>;

export const VERBS = {
  favourite: once("Like", async (_deps, _me, object) => ({ type: "Like", object: object.iri })),
  unfavourite: undo("Like"),
  unreblog: undo("Announce"),
  bookmark: keep("bookmarks"),
  unbookmark: drop("bookmarks"),
  pin: keep("featured"),
  unpin: drop("featured"),
  mute: ofThread(keep("muted-threads")),
  unmute: ofThread(drop("muted-threads")),
} as const satisfies Record<string, Draft>;

/** A share for those who are given (`public`, `quiet`, `followers`), and its author. */
export const reblog = (visibility: "public" | "quiet" | "followers"): Draft =>
  once("Announce", async ({ look }, me, object) => {
    const author = object.owner === null ? null : await look.byKey(object.owner);
    const others = author === null ? [] : [author.iri];
    const followers = followersOf(me);
    const audience =
      visibility === "public"
        ? { to: [PUBLIC], cc: [followers, ...others] }
        : visibility === "quiet"
          ? { to: [followers], cc: [PUBLIC, ...others] }
          : { to: [followers], cc: others };
    return { type: "Announce", object: object.iri, ...audience };
  });

function once(type: string, draft: Draft): Draft {
  return async (deps, me, object) =>
    (await deps.look.activityAbout(type, me.key, object.key)) === null ? draft(deps, me, object) : null;
}

function undo(type: string): Draft {
  return async ({ look }, me, object) => {
    const done = await look.activityAbout(type, me.key, object.key);
    return done && { type: "Undo", object: done.iri };
  };
}

/** Private state is a list too: it is put into one's own collection. */
function keep(list: string): Draft {
  return async ({ look, addresses }, me, object) =>
    (await look.isMember(me.key, list, object.key))
      ? null
      : { type: "Add", object: object.iri, target: addresses.collection(me.iri, list) };
}

function drop(list: string): Draft {
  return async ({ look, addresses }, me, object) =>
    (await look.isMember(me.key, list, object.key))
      ? { type: "Remove", object: object.iri, target: addresses.collection(me.iri, list) }
      : null;
}

/** How far up a conversation its first word is looked for. */
const MAX_STEPS_UP = 40;

/** A conversation is known by its first word, as far as that is here and may be seen. */
function ofThread(draft: Draft): Draft {
  return async (deps, me, object) => {
    let first = object;
    for (let step = 0; step < MAX_STEPS_UP; step++) {
      const iri = id(first.document ?? {}, "inReplyTo");
      const above = iri === null ? null : await deps.look.find(iri);
      if (!above?.document || !(await deps.look.maySee(me.key, above.key))) break;
      first = above;
    }
    return draft(deps, me, first);
  };
}
