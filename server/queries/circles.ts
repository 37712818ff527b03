/** Finding people: whom one may want to follow, who is here, and who of one's circle knows somebody. */
import { findHiding } from "../accounts/preferences.ts";
import { findMemberships } from "../core/store.ts";
import type { Db } from "../storage/db.ts";
import { findClosed } from "./discreet.ts";
import * as store from "./store-circles.ts";
import type { ActorView } from "./view.ts";
import type { Views } from "./views.ts";

/** People whose followings are counted, and how many of these: a look, not a census. */
const FRIENDS = { followed: 100, among: 20_000 };
/** Posts among which is looked for who is active. */
const RECENT_POSTS = 2_000;
/** Whoever leafs further through all people is a robot. */
const MAX_DIRECTORY = 1_000;
/** Rows read at first beyond those wanted. */
const SLACK = 10;
/** Lists of the viewer that hold whom nobody need suggest. */
const KNOWN = ["following", "requested", "blocked", "muted", "ignored"] as const;
/** Faces beside a name; the rest is a number elsewhere. */
const MAX_FAMILIAR = 20;
/** As many as are read of each: some of them hide their circle. In a school everybody may follow everybody. */
const FAMILIAR_LOOKED_AT = 10 * MAX_FAMILIAR;

export interface Suggested {
  readonly actor: ActorView;
  /** Followed by people whom the viewer follows, or by most people here. */
  readonly because: "friends" | "many";
}

export interface CircleReads {
  suggestions(viewer: number, limit: number): Promise<readonly Suggested[]>;
  /** For each of these (keys) followers of theirs whom the viewer follows too. */
  familiar(viewer: number, of: readonly number[]): Promise<ReadonlyMap<number, readonly ActorView[]>>;
  /** Only those who may be shown to people who did not ask for them. */
  directory(
    which: { readonly order: "active" | "new"; readonly isHere: boolean },
    part: { readonly skip: number; readonly limit: number },
  ): Promise<readonly ActorView[]>;
}

export function createCircleReads({ db, views }: { db: Db; views: Views }): CircleReads {
  return {
    async suggestions(viewer, limit) {
      const wanted = limit * 3;
      const [near, many] = await Promise.all([
        store.findFriendsOfFriends(db, viewer, { ...FRIENDS, limit: wanted }),
        store.findMostFollowed(db, wanted),
      ]);
      const keys = [...new Set([...near, ...many])].filter((key) => key !== viewer);
      const lists = await findMemberships(db, viewer, KNOWN, keys);
      const closed = await findClosed(db, keys, viewer);
      const known = new Set([...closed, ...[...lists.values()].flatMap((list) => [...list])]);
      const left = keys.filter((key) => !known.has(key));
      const actors = await views.actors(left);
      const isNear = new Set(near);
      return left
        .flatMap((key) => actors.get(key) ?? [])
        .filter(({ isDiscoverable, movedTo }) => isDiscoverable && movedTo === null)
        .slice(0, limit)
        .map((actor) => ({ actor, because: isNear.has(actor.key) ? "friends" : "many" }));
    },
    async familiar(viewer, of) {
      const all = await Promise.all(
        of.map(async (followed) => {
          const keys = await store.findFamiliar(db, viewer, followed, FAMILIAR_LOOKED_AT);
          return [followed, keys] as const;
        }),
      );
      const [closed, hiding] = await Promise.all([
        findClosed(db, of, viewer),
        findHiding(db, [...new Set(all.flatMap(([followed, keys]) => [followed, ...keys]))]),
      ]);
      // Whoever hides their circle is nobody's friend of friends.
      const shown = all
        .filter(([followed]) => !closed.has(followed) && !hiding.has(followed))
        .map(
          ([followed, keys]) =>
            [followed, keys.filter((key) => !hiding.has(key)).slice(0, MAX_FAMILIAR)] as const,
        );
      const actors = await views.actors(shown.flatMap(([, keys]) => keys));
      return new Map(
        shown.map(([followed, keys]) => [followed, keys.flatMap((key) => actors.get(key) ?? [])]),
      );
    },
    async directory(which, { skip, limit }) {
      const wanted = Math.min(skip + limit, MAX_DIRECTORY);
      // Who does not want to be found is read too, and left out: a page is full all the same.
      for (let take = wanted + SLACK; ; take = Math.min(take * 2, MAX_DIRECTORY)) {
        const keys = await store.findDirectory(db, which, { among: RECENT_POSTS, limit: take });
        const actors = await views.actors(keys);
        const open = keys.flatMap((key) => actors.get(key) ?? []).filter((actor) => actor.isDiscoverable);
        const isAll = keys.length < take || take >= MAX_DIRECTORY;
        if (open.length >= wanted || isAll) return open.slice(skip, skip + limit);
      }
    },
  };
}
