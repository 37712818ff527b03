/** What the viewer and others are to each other. */
import { findMemberships, findOwnersWith } from "../core/store.ts";
import { findMutes } from "../moderation/store-mutes.ts";
import type { Db } from "../storage/db.ts";
import { findAvoided, findRemarks, findTerms } from "./store-lists.ts";
import type { Relationship } from "./view.ts";

/** The viewer's own lists, which say most of it. */
const LISTS = [
  "following",
  "requested",
  "followers",
  "requests",
  "blocked",
  "muted",
  "endorsements",
] as const;

export interface Relationships {
  /** For each of `actors` (keys), in a fixed number of statements. */
  relationships(viewer: number, actors: readonly number[]): Promise<Map<number, Relationship>>;
}

export function createRelationships({ db }: { db: Db }): Relationships {
  return {
    async relationships(viewer, actors) {
      const [lists, mutes, terms, remarks, avoided, blockers] = await Promise.all([
        findMemberships(db, viewer, LISTS, actors),
        findMutes(db, viewer, actors),
        findTerms(db, viewer, actors),
        findRemarks(db, viewer, actors),
        findAvoided(db, viewer, actors),
        findOwnersWith(db, actors, "blocked", viewer),
      ]);
      const isIn = (name: (typeof LISTS)[number], actor: number) => lists.get(name)?.has(actor) ?? false;
      return new Map(
        actors.map((actor) => {
          const term = terms.get(actor);
          const mute = mutes.get(actor);
          const isMuted = isIn("muted", actor);
          return [
            actor,
            {
              isSelf: actor === viewer,
              following: isIn("following", actor) ? "yes" : isIn("requested", actor) ? "requested" : "no",
              followedBy: isIn("followers", actor),
              hasRequestedToFollow: isIn("requests", actor),
              blocking: isIn("blocked", actor),
              blockedBy: blockers.has(actor),
              muting: isMuted,
              mutesNotices: isMuted && mute?.notices !== 0,
              muteEndsMs: isMuted ? (mute?.ends ?? null) : null,
              showsShares: term?.shares !== 0,
              tellsPosts: term?.tells === 1,
              languages: term?.languages.split(" ").filter(Boolean) ?? [],
              avoidsHost: avoided.has(actor),
              isEndorsed: isIn("endorsements", actor),
              remark: remarks.get(actor) ?? "",
            },
          ];
        }),
      );
    },
  };
}
