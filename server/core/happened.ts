/** What an activity did, in the words of those who stream it: reads find it out, and the hub tells it. */

export interface Happened {
  readonly activity: number;
  /** `made` and `shared` put a line into feeds, `unshared` takes one out; `other` is told as a notice at most. */
  readonly what: "made" | "shared" | "changed" | "deleted" | "unshared" | "other";
  /** Who did it. */
  readonly actor: number;
  /** The thing that was made, shared, changed or deleted; null where there is none to show. */
  readonly object: number | null;
  /** Whether it is, or was, for everybody and in public lists. */
  readonly isPublic: boolean;
  readonly isLocal: boolean;
  readonly isReply: boolean;
  readonly hasMedia: boolean;
  /** Hashtags in lower case, without `#`. */
  readonly tags: readonly string[];
  /** Groups that it is in. */
  readonly groups: readonly number[];
  /** What it answers, directly or not, the nearest first; only where somebody asked for it. */
  readonly ancestors: readonly number[];
}

/** One line of a feed, before it is known for whom. */
export interface Line {
  /** The cursor: of the activity that put it there, or of the thing where it stands for itself. */
  readonly at: number;
  readonly object: number;
  /** Whoever shared it; null where it is told by its author. */
  readonly sharer: number | null;
  /** Just made: nobody has done anything to it yet. */
  readonly isNew: boolean;
}

/** Somebody who is told: an actor's key, or null for a stranger. */
export type Hearer = number | null;

/** What the hub asks; every answer is for many hearers at once, and each may see what is in theirs. */
export interface LiveReads<Item, Notice> {
  /** What these activities did, in their order; `withAncestors` where threads are listened to. */
  happened(activities: readonly number[], withAncestors: boolean): Promise<readonly Happened[]>;
  /** Which of these people have the activity's line in their home feed, and are shown it there. */
  homesWith(activity: number, people: readonly number[]): Promise<readonly number[]>;
  /** Which of these people have any line about the thing in their home feed, shown or not any more. */
  homesAbout(object: number, people: readonly number[]): Promise<readonly number[]>;
  /** Who of these is shown the thing in lists that are for everybody. */
  shownTo(object: number, hearers: readonly Hearer[]): Promise<ReadonlySet<Hearer>>;
  /** The line as each of them sees it: one and the same object for all who see the same. */
  items(
    line: Line,
    hearers: readonly Hearer[],
    context: "home" | "public" | "thread",
  ): Promise<ReadonlyMap<Hearer, Item>>;
  /** Notices that the activities caused for these people, oldest first. */
  notices(
    activities: readonly number[],
    people: readonly number[],
  ): Promise<readonly { readonly person: number; readonly notice: Notice }[]>;
  /** Conversations of these people that the thing has just become part of. */
  talks(
    object: number,
    people: readonly number[],
  ): Promise<readonly { readonly person: number; readonly talk: number }[]>;
  /** Which of these lists of people show the activity's line to their owner. */
  listsWith(activity: number, lists: readonly number[]): Promise<readonly number[]>;
}
