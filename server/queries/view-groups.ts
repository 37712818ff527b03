/** What faces show of a group: its rules, who looks after it, and what the viewer is to it. */
import type { ActorView, ObjectView } from "./view.ts";

/** What the viewer is to a group. */
export interface GroupStanding {
  readonly role: "owner" | "moderator" | "member" | null;
  /** Waits to be let in. */
  readonly hasAsked: boolean;
  readonly isInvited: boolean;
  readonly isBanned: boolean;
}

export interface GroupView {
  readonly actor: ActorView;
  readonly access: "public" | "private";
  readonly joining: "open" | "request" | "invitation";
  readonly posting: "anyone" | "members" | "moderators";
  /** One sentence each, plain text. */
  readonly rules: readonly string[];
  /** Of a group elsewhere as far as its people are known here, or as many as it says. */
  readonly members: number;
  /** Owners and moderators, as far as they are known here; of a private group for those in it alone. */
  readonly moderators: readonly ActorView[];
  /** Null for visitors. */
  readonly mine: GroupStanding | null;
}

/** A group as one of a list. */
export interface GroupLine {
  readonly actor: ActorView;
  readonly access: GroupView["access"];
  readonly joining: GroupView["joining"];
  readonly members: number;
  /** People who wait for an answer; 0 for all but those who may give it. */
  readonly waiting: number;
  readonly mine: GroupStanding | null;
}

/** Somebody in a group. */
export interface GroupMember {
  readonly actor: ActorView;
  readonly role: "owner" | "moderator" | "member";
}

/** One act of those who look after a group. */
export interface GroupRecordLine {
  readonly key: number;
  readonly timeMs: number;
  /** Type of the activity, and for lists which one (`Add moderators`), `Undo` with what it undid (`Undo Block`). */
  readonly deed: string;
  /** The person who did it as the group; null where the viewer is not told. */
  readonly by: ActorView | null;
  /** The person whom it is about, or the author of the post. */
  readonly about: ActorView | null;
  readonly object: ObjectView | null;
  readonly reason: string | null;
}

/** `newest` begins conversations, `replies` is everything, `active` is what was spoken in last. */
export type GroupOrder = "newest" | "active" | "replies";
export type GroupList = "members" | "banned" | "invited" | "requests";

/** Which things of a group are closed for replies, which stand at its top, and which were taken out. */
export interface GroupMarks {
  readonly locked: ReadonlySet<number>;
  readonly pinned: ReadonlySet<number>;
  readonly removed: ReadonlySet<number>;
}
