/** What the viewer and others are to each other. */
import { findMemberships } from "../core/store.ts";
import type { Db } from "../storage/db.ts";
import type { Relationship } from "./view.ts";

/** All of it is in the viewer's own lists. */
const LISTS = ["following", "requested", "followers", "requests", "blocked", "muted"] as const;

export interface Relationships {
  /** For each of `actors` (keys), in one statement. */
  relationships(viewer: number, actors: readonly number[]): Promise<Map<number, Relationship>>;
}

export function createRelationships({ db }: { db: Db }): Relationships {
  return {
    async relationships(viewer, actors) {
      const lists = await findMemberships(db, viewer, LISTS, actors);
      const isIn = (name: (typeof LISTS)[number], actor: number) => lists.get(name)?.has(actor) ?? false;
      return new Map(
        actors.map((actor) => [
          actor,
          {
            isSelf: actor === viewer,
            following: isIn("following", actor) ? "yes" : isIn("requested", actor) ? "requested" : "no",
            followedBy: isIn("followers", actor),
            hasRequestedToFollow: isIn("requests", actor),
            blocking: isIn("blocked", actor),
            muting: isIn("muted", actor),
          },
        ]),
      );
    },
  };
}
