/** What faces show: actors and objects assembled for one viewer, in batches. */
import type { NoticeKind } from "../core/effects.ts";
import type { AsObject } from "../core/object.ts";

export type Visibility = "public" | "quiet" | "followers" | "direct";

/** A picture that stands for `:blobcat:` in a line of plain text. */
export interface EmojiView {
  /** Without colons. */
  readonly shortcode: string;
  /** Ours, or https. */
  readonly url: string;
}

export interface ActorView {
  readonly key: number;
  readonly iri: string;
  readonly type: string;
  /** `alice` for people here, `bob@there.example` for the others. */
  readonly handle: string;
  readonly name: string;
  /** Of the name and the names of the fields; in HTML they are pictures already. */
  readonly emoji: readonly EmojiView[];
  /** Clean HTML, possibly empty. */
  readonly summaryHtml: string;
  readonly iconUrl: string | null;
  readonly imageUrl: string | null;
  /** The page that a person opens: ours for people here, theirs otherwise. */
  readonly url: string;
  /** Where this server shows them: `/@alice`, `/@bob@there.example`. */
  readonly path: string;
  readonly isLocal: boolean;
  /** The other server's name, or null for ours. */
  readonly host: string | null;
  /** Where they say that they have moved to, or null; unconfirmed. */
  readonly movedTo: string | null;
  /** Follows wait for this person's consent. */
  readonly approvesFollowers: boolean;
  /**
   * Whether search engines may list their profile and posts, and any search here may find these by their words
   * (FEP-5feb); nobody's who did not say so.
   */
  readonly isIndexable: boolean;
  /** Whether they may be shown to people who did not ask for them by their whole name; everybody who did not say no. */
  readonly isDiscoverable: boolean;
  readonly fields: readonly { readonly name: string; readonly valueHtml: string }[];
  readonly counts: { readonly posts: number; readonly followers: number; readonly following: number };
  /** When they last wrote or shared something that is known here; null where nothing is. */
  readonly lastPostMs?: number | null;
  readonly publishedMs: number;
}

/** Somebody whom a text names. */
export interface MentionView {
  readonly key: number;
  readonly iri: string;
  /** As of `ActorView`. */
  readonly handle: string;
  /** Where this server shows them, and where links in the text lead that name them. */
  readonly path: string;
}

export interface AttachmentView {
  readonly kind: "image" | "video" | "audio" | "link" | "file";
  readonly url: string;
  /** From where a page loads it, through this server; null where it is only linked to, nothing where `url` is ours. */
  readonly shownUrl?: string | null;
  readonly mediaType: string | null;
  /** The description for those who cannot see it, possibly empty. */
  readonly name: string;
  readonly width: number | null;
  readonly height: number | null;
  /** A still of a film, the cover of a sound or a smaller copy of a picture, where there is one. */
  readonly posterUrl?: string;
  readonly posterSize?: { readonly width: number; readonly height: number };
  /** What it looks like from afar (BlurHash). */
  readonly blurhash?: string;
  /** What matters most in it: from the left (-1) to the right (1), from below (-1) to above (1). */
  readonly focus?: readonly [x: number, y: number];
  /** Of what is heard or moves. */
  readonly durationMs?: number;
  /** Of what is saved. */
  readonly sizeBytes?: number;
}

export interface ObjectView {
  readonly key: number;
  readonly iri: string;
  readonly type: string;
  /** The type in words (“Recipe”), from the vocabulary. */
  readonly typeLabel: string;
  /** Known ancestors of the type, nearest first, itself included (`["Recipe", "Article", "Object"]`). */
  readonly ancestry: readonly string[];
  readonly author: ActorView | null;
  /** The group that it was said in. */
  readonly group: ActorView | null;
  /** Where this server shows it: `/@alice/115…`. */
  readonly path: string;
  /** The page at its origin. */
  readonly url: string;
  readonly isLocal: boolean;
  readonly isDeleted: boolean;
  readonly visibility: Visibility;
  readonly publishedMs: number;
  readonly updatedMs: number | null;
  readonly name: string | null;
  /** A content warning (or a summary), as plain text. */
  readonly summary: string | null;
  /** Of the name, the summary and the choices of a poll. */
  readonly emoji: readonly EmojiView[];
  readonly isSensitive: boolean;
  /** Clean HTML, possibly empty. */
  readonly contentHtml: string;
  /** There is more of the text: on the page of the thing where this is in a list, else at its origin. */
  readonly isCut: boolean;
  /** What its author gives instead where there is no room for the whole (FEP-b2b8): clean HTML, possibly empty. */
  readonly previewHtml: string;
  /** People whom it names, as far as they are known here, each once. */
  readonly mentions: readonly MentionView[];
  /** All its tags in lower case, without `#`, each once. */
  readonly tags: readonly string[];
  /** Tags that its texts do not show, as `#maths`, with their pages here. */
  readonly hashtags: readonly { readonly name: string; readonly path: string }[];
  readonly language: string | null;
  /** What its author typed, where we have it: for editing. */
  readonly source: string | null;
  readonly inReplyTo: {
    readonly iri: string;
    /** Where it is here and may be seen. */
    readonly key: number | null;
    readonly path: string | null;
    readonly author: ActorView | null;
  } | null;
  readonly attachments: readonly AttachmentView[];
  /** Properties that the vocabulary wants shown, with their labels. */
  readonly facts: readonly {
    readonly property: string;
    readonly label: string;
    readonly values: readonly string[];
  }[];
  /** Activities that the vocabulary offers on it (`{ type: "Cook", label: "I cooked this" }`). */
  readonly actions: readonly { readonly type: string; readonly label: string; readonly count: number }[];
  readonly poll: PollView | null;
  readonly quote: QuoteView | null;
  /** Who may quote it, as its author said; null where nothing is said. */
  readonly quotePolicy: "everyone" | "followers" | "nobody" | null;
  readonly event: EventView | null;
  readonly counts: {
    readonly likes: number;
    readonly shares: number;
    readonly replies: number;
    /** With consent, and waiting for it: of things of ours. */
    readonly quotes: number;
    readonly quoteRequests: number;
  };
  /** The most frequent first. */
  readonly reactions: readonly ReactionView[];
  /** Filters of the viewer that match: what matches stands behind their names, or is left out. */
  readonly filtered?: readonly FilterMatch[];
  /** What the viewer did to it, and may do. */
  readonly mine: {
    readonly isAuthor: boolean;
    readonly hasLiked: boolean;
    readonly hasShared: boolean;
    readonly hasBookmarked: boolean;
    readonly mayShare: boolean;
    /** Whether a quote of it can hope for consent. */
    readonly mayQuote: boolean;
  };
}

/** A filter of the viewer that matches, with what it does and by which of its phrases, or because it names the thing. */
export interface FilterMatch {
  readonly key: number;
  readonly title: string;
  readonly action: "hide" | "warn" | "blur";
  readonly contexts: readonly string[];
  readonly expiresMs: number | null;
  readonly phrases: readonly string[];
  readonly isNamed: boolean;
}

/** How many reacted with one emoji. */
export interface ReactionView {
  /** What tells it from others: the emoji, and for a custom one the address of its picture. */
  readonly name: string;
  /** One emoji, or `:blobcat:`. */
  readonly emoji: string;
  /** A picture in its place; null where the words stand. */
  readonly url: string | null;
  readonly count: number;
  readonly isMine: boolean;
}

/** What a post quotes. */
export interface QuoteView {
  readonly iri: string;
  /**
   * `shown` with the author's consent; `withheld` where there is none; `deleted` where it is gone; `unseen` where the viewer
   * may not see it, or it is not here.
   */
  readonly state: "shown" | "withheld" | "deleted" | "unseen";
  /** Of what is withheld: the author's no, or that they took their consent back; else they have not answered yet. */
  readonly refusal?: "refused" | "withdrawn";
  /** With its own quote left out; null unless it is shown. */
  readonly view: ObjectView | null;
}

export interface PollView {
  readonly isMultiple: boolean;
  readonly endsMs: number | null;
  readonly hasEnded: boolean;
  readonly voters: number;
  readonly options: readonly { readonly name: string; readonly votes: number; readonly isMine: boolean }[];
}

/** When and where something takes place. */
export interface EventView {
  readonly startsMs: number;
  readonly endsMs: number | null;
  /** Whose clock its author means: `Europe/Berlin`, `+02:00` or `UTC`. */
  readonly timeZone: string;
  /** Days without a time of day. */
  readonly isAllDay: boolean;
  /** The place by name and address; null where it has none. */
  readonly place: string | null;
  /** The place's page, or where the meeting is to be joined online. */
  readonly placeUrl: string | null;
  readonly isCancelled: boolean;
}

/** One line of a timeline: an object, and why it is there. */
export interface FeedItem {
  /** The page cursor. */
  readonly key: number;
  readonly object: ObjectView;
  readonly sharedBy: ActorView | null;
}

/** What the viewer and another actor are to each other. */
export interface Relationship {
  readonly isSelf: boolean;
  readonly following: "no" | "requested" | "yes";
  readonly followedBy: boolean;
  readonly hasRequestedToFollow: boolean;
  readonly blocking: boolean;
  readonly blockedBy: boolean;
  readonly muting: boolean;
  /** Their answers, likes and mentions are not told either. */
  readonly mutesNotices: boolean;
  /** Null: until it is taken back. */
  readonly muteEndsMs: number | null;
  /** What they share is shown, their posts are told, and in which languages they are read (empty: all). */
  readonly showsShares: boolean;
  readonly tellsPosts: boolean;
  readonly languages: readonly string[];
  /** Nothing of their server is shown. */
  readonly avoidsHost: boolean;
  readonly isEndorsed: boolean;
  /** What the viewer noted about them, possibly empty. */
  readonly remark: string;
}

/** A tag, without `#` and in lower case, as it is used and as it is to the viewer. */
export interface TagView {
  readonly name: string;
  readonly isFollowed: boolean;
  /** It stands on the viewer's own page. */
  readonly isFeatured: boolean;
  /** Seven days (UTC), today first: public posts with it, and how many wrote them. */
  readonly history: readonly { readonly dayMs: number; readonly uses: number; readonly people: number }[];
}

/** A list of people that the viewer has made. */
export interface ListView {
  readonly key: number;
  readonly iri: string;
  readonly title: string;
  /** Whose answers it has: to those whom the viewer follows, to those in the list, or none. */
  readonly replies: "followed" | "list" | "none";
  /** What is in it is not in the home feed. */
  readonly isExclusive: boolean;
}

export interface NoticeView {
  readonly key: number;
  readonly kind: NoticeKind;
  /** Who did it; the viewer, where the server tells of something. */
  readonly actor: ActorView;
  readonly object: ObjectView | null;
  /** Of a quote the post that quotes, where it is here and the viewer may see it. */
  readonly quoting: ObjectView | null;
  /** The group or person that the activity is about, where that is not the viewer. */
  readonly about: ActorView | null;
  /**
   * Key of the row of another table that it is about: of `decision` the decision, of `report` the report, of `severed` the
   * first of the followings that ended; 0 for none.
   */
  readonly matter: number;
  /** The emoji of a reaction. */
  readonly reaction: { readonly emoji: string; readonly url: string | null } | null;
  /** The activity's type, for `other`. */
  readonly activityType: string;
  readonly isRead: boolean;
  /** The viewer's policy keeps it back. */
  readonly isFiltered: boolean;
  readonly timeMs: number;
}

/** How one post travelled to one other server. */
export interface ArrivalView {
  readonly host: string;
  readonly state: "waiting" | "arrived" | "given-up";
  readonly tries: number;
  readonly lastError: string | null;
  readonly timeMs: number;
}

/** A document with the key of its row. */
export interface Stored {
  readonly key: number;
  readonly document: AsObject;
}

/** A reply with the replies to it, oldest first. */
export interface ReplyNode {
  readonly view: ObjectView;
  readonly replies: readonly ReplyNode[];
}

/** Another server, as the people who run this one see it. */
export interface PeerView {
  readonly host: string;
  /**
   * `failing` is tried again soon, `paused` is only asked from time to time whether it is back, `gone` gets nothing new
   * before it is, and `held` nothing at all before people here say so.
   */
  readonly state: "fine" | "failing" | "paused" | "gone" | "held";
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly pausedUntilMs: number | null;
  readonly lastError: string | null;
  /** Deliveries under way; counted up to a cap. */
  readonly waiting: number;
  /** When something of ours last arrived there. */
  readonly arrivedMs: number | null;
  /** When something of theirs last came here. */
  readonly receivedMs: number | null;
  /** Since when it is held, and taken for gone. */
  readonly heldMs: number | null;
  readonly deadMs: number | null;
  /** The signature that it takes: `cavage` or `rfc9421`; null where it was not needed to know. */
  readonly scheme: string | null;
}
