/** What the viewer and somebody else are to each other. */
import type { Relationship as Relation } from "../../../queries/view.ts";
import { idOf, timeOrNull } from "../ids.ts";

export interface Relationship {
  readonly id: string;
  readonly following: boolean;
  readonly showing_reblogs: boolean;
  readonly notifying: boolean;
  readonly languages: readonly string[] | null;
  readonly followed_by: boolean;
  readonly blocking: boolean;
  readonly blocked_by: boolean;
  readonly muting: boolean;
  readonly muting_notifications: boolean;
  readonly muting_expires_at: string | null;
  readonly requested: boolean;
  readonly requested_by: boolean;
  readonly domain_blocking: boolean;
  readonly endorsed: boolean;
  readonly note: string;
}

/** The terms of following are those of somebody who is followed, or will be. */
export function relationshipOf(key: number, relation: Relation): Relationship {
  const isFollowing = relation.following === "yes";
  const isMeant = relation.following !== "no";
  return {
    id: idOf(key),
    following: isFollowing,
    showing_reblogs: isMeant && relation.showsShares,
    notifying: isMeant && relation.tellsPosts,
    languages: isMeant && relation.languages.length > 0 ? relation.languages : null,
    followed_by: relation.followedBy,
    blocking: relation.blocking,
    blocked_by: relation.blockedBy,
    muting: relation.muting,
    muting_notifications: relation.mutesNotices,
    muting_expires_at: timeOrNull(relation.muteEndsMs),
    requested: relation.following === "requested",
    requested_by: relation.hasRequestedToFollow,
    domain_blocking: relation.avoidsHost,
    endorsed: relation.isEndorsed,
    note: relation.remark,
  };
}
