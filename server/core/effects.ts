/** What an activity does, as data. Behaviours return effects; `apply.ts` alone carries them out. */
import type { NewJob } from "../jobs/queue.ts";
import type { Sql } from "../lib/sql.ts";
import type { Entity, Kind, VisibilityName } from "./entity.ts";
import type { AsObject } from "./object.ts";
import type { Earlier } from "./versions.ts";

/** A row by its key, or by its address (made known if it is not). */
export type Ref = number | { readonly iri: string };

export type NoticeKind =
  | "follow"
  | "follow-request"
  | "follow-accepted"
  | "mention"
  | "reply"
  | "like"
  | "share"
  | "poll"
  | "moved"
  | "quote"
  | "quote-request"
  | "reaction"
  /** Somebody whose every post the person asked to hear of has posted. */
  | "post"
  /** What the person shared, or quotes, was edited. */
  | "edit"
  | "quoted-edit"
  /** A decision of the staff about the person; for the staff, what was reported. */
  | "decision"
  | "report"
  /** Somebody waits to be let in; for the staff. */
  | "sign-up"
  /** Followings of the person have ended because a server was blocked. */
  | "severed"
  | "other";

/** What is to be known of a line of a feed, to say in whose feeds and lists it is. */
export interface Line {
  /** Whose line it is; who reads it through a group does not follow them for that. */
  readonly author: number | null;
  readonly isShare: boolean;
  /** BCP 47, lower case, the first part only; null where nothing is said. */
  readonly language: string | null;
  /** Whom it answers, when that is not its own author; 0 for somebody who is not known here. */
  readonly answered: number | null;
}

/**
 * What tells a row from what it was: its text, its type, which the text does not repeat, and its times, as a text may
 * come anew from its origin.
 */
export type AsRead = Pick<Entity, "stored" | "type" | "updatedMs" | "fetchedMs">;

export type Effect =
  /** A new row, or a document for a row known by its address only. */
  | {
      readonly effect: "put";
      readonly key: number;
      readonly iri: string;
      readonly kind: Kind;
      readonly document: AsObject;
      readonly owner: Ref | null;
      /** The owner's address, so that the document need not be stored with it. */
      readonly ownerIri?: string;
      readonly subject?: Ref | null;
      readonly visibility: VisibilityName;
      readonly fetchedMs?: number | null;
    }
  /** A newer document for a row that has one. */
  | {
      readonly effect: "change";
      readonly key: number;
      readonly document: AsObject;
      readonly visibility?: VisibilityName;
      readonly updatedMs: number;
      /** When it came from its origin. Two documents may name one time of change (the counts of a poll); this tells them apart. */
      readonly fetchedMs?: number;
      /** The row as it was read: where another document has come into it since, all of this fails (Problem `conflict`). */
      readonly asRead?: AsRead;
      /** The row says what the activity is about; the document does not repeat it. */
      readonly hasSubject?: boolean;
      /** What readers saw until now, to be looked back on. */
      readonly earlier?: Earlier | null;
    }
  /** What it said is gone; a tombstone stays. */
  | { readonly effect: "bury"; readonly key: number; readonly atMs: number }
  | {
      readonly effect: "add";
      readonly owner: Ref;
      readonly name: string;
      readonly item: Ref;
      readonly cause: Ref | null;
      /** The reason for which all of this is refused where the item is in it by then (Problem `forbidden`). */
      readonly elseRefused?: string;
      /** The most that may be in it, and the reason for which all of this is refused where more would be. */
      readonly room?: { readonly most: number; readonly elseRefused: string };
    }
  | { readonly effect: "drop"; readonly owner: Ref; readonly name: string; readonly item: Ref }
  /** Everything that this activity keeps in any collection leaves it. */
  | { readonly effect: "release"; readonly cause: number }
  /** The item enters one lane (home, inbox) of somebody here. */
  | { readonly effect: "lane"; readonly owner: number; readonly lane: string; readonly item: number }
  /** The item enters a lane (home, inbox) of every local member of the collection. */
  | {
      readonly effect: "fan-out";
      readonly owner: number;
      readonly name: string;
      readonly lane: string;
      readonly item: number;
      /** What decides about home feeds and lists of people; a post of nobody's language, to nobody, where not said. */
      readonly line?: Line;
    }
  /** Non-public: these may read the row although it is not for everybody. */
  | { readonly effect: "address"; readonly key: number; readonly to: readonly Ref[] }
  /**
   * A further activity by somebody here, in the same batch. An echo only tells others what has happened: it is stored
   * and delivered, and does nothing itself.
   */
  | {
      readonly effect: "emit";
      readonly actor: number;
      readonly activity: AsObject;
      readonly isEcho?: boolean;
    }
  /** The thing is in the group from now on: what is for those addressed is for its members too. */
  | { readonly effect: "enter"; readonly item: Ref; readonly group: number }
  /** The thing is in the group no longer; it stays what it is elsewhere. */
  | { readonly effect: "exit"; readonly item: number; readonly group: number }
  /** Everything that the owner has said in the group is in it no longer. */
  | { readonly effect: "exit-all"; readonly owner: number; readonly group: number }
  /** The line leaves the lane of every local member of the collection. */
  | {
      readonly effect: "recall";
      readonly owner: number;
      readonly name: string;
      readonly lane: string;
      readonly item: number;
    }
  | { readonly effect: "notice"; readonly to: number; readonly kind: NoticeKind }
  /**
   * A thing that is only for those addressed: it is the newest of its conversation for these people here, who take part
   * in it with all `people`.
   */
  | {
      readonly effect: "talk";
      readonly object: number;
      /** What it answers, where that is known. */
      readonly parent: number | null;
      readonly author: number;
      readonly here: readonly number[];
      /** Those of `here` before whom it lies already: it stays as read as it was, and is not brought back. */
      readonly know: readonly number[];
      readonly people: readonly number[];
    }
  /** Work for later, in the same batch; not where work of the name `once` waits already, and not before `dueMs`. */
  | ({ readonly effect: "enqueue" } & NewJob)
  /** Rows of another part of the server that belong into the same batch (delivery states). */
  | { readonly effect: "statement"; readonly statement: Sql };
