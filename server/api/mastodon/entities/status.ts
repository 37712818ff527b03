/** Posts of every kind, and shares of them, as a `Status`. */
import { escapeHtml } from "../../../lib/html-clean.ts";
import { timeOfKey } from "../../../lib/id.ts";
import type { ActorView, ObjectView, QuoteView, Visibility } from "../../../queries/view.ts";
import { idOf, timeOf, timeOrNull } from "../ids.ts";
import { type Account, accountOf, type Site, usernameOf } from "./account.ts";
import { attachmentOf, isMedium, type MediaAttachment } from "./attachment.ts";
import type { Card } from "./card.ts";
import { resultOf } from "./filter.ts";
import { type Emoji, emojisOf, markupOf } from "./markup.ts";
import { type Poll, pollOf } from "./poll.ts";
import { type Reaction, reactionsOf } from "./reaction.ts";

export interface Mention {
  readonly id: string;
  readonly username: string;
  readonly acct: string;
  readonly url: string;
}

export interface Quote {
  readonly state: string;
  readonly quoted_status?: Status | null;
  readonly quoted_status_id?: string | null;
}

export interface Status {
  readonly id: string;
  readonly created_at: string;
  readonly in_reply_to_id: string | null;
  readonly in_reply_to_account_id: string | null;
  readonly sensitive: boolean;
  readonly spoiler_text: string;
  readonly visibility: string;
  readonly language: string | null;
  readonly uri: string;
  readonly url: string;
  readonly replies_count: number;
  readonly reblogs_count: number;
  readonly favourites_count: number;
  readonly quotes_count: number;
  readonly edited_at: string | null;
  readonly favourited: boolean;
  readonly reblogged: boolean;
  readonly muted: boolean;
  readonly bookmarked: boolean;
  readonly pinned: boolean;
  readonly content: string;
  readonly filtered: readonly object[];
  readonly reblog: Status | null;
  readonly application: { readonly name: string; readonly website: string | null } | null;
  readonly account: Account;
  readonly media_attachments: readonly MediaAttachment[];
  readonly mentions: readonly Mention[];
  readonly tags: readonly { readonly name: string; readonly url: string }[];
  readonly emojis: readonly Emoji[];
  readonly card: Card | null;
  readonly poll: Poll | null;
  readonly quote: Quote | null;
  readonly quote_approval: object;
  /** For clients of Pleroma's kind, which know reactions. */
  readonly pleroma: { readonly emoji_reactions: readonly Reaction[]; readonly local: boolean };
}

/** What is asked only where it can be so: the viewer keeps it at the top of their page, or wants no more of its thread. */
export interface Marks {
  readonly isPinned?: boolean;
  readonly isMuted?: boolean;
  /** What lies behind its first address; the same object as long as it says the same. */
  readonly card?: Card | null;
}

const VISIBILITIES: Readonly<Record<Visibility, string>> = {
  public: "public",
  quiet: "unlisted",
  followers: "private",
  direct: "direct",
};

export const visibilityOf = (visibility: Visibility): string => VISIBILITIES[visibility];

const made = new WeakMap<ObjectView, Status>();

/** Views without an author (of deleted people) have nobody to show: null. */
export function statusOf(view: ObjectView, site: Site, marks: Marks = {}): Status | null {
  const known = made.get(view) ?? newStatus(view, site);
  if (known === null) return null;
  made.set(view, known);
  const carded = marks.card == null ? known : withCard(known, marks.card);
  if (!marks.isPinned && !marks.isMuted) return carded;
  return { ...carded, pinned: marks.isPinned === true, muted: marks.isMuted === true };
}

const cards = new WeakMap<Status, Status>();

function withCard(status: Status, card: Card): Status {
  const known = cards.get(status);
  if (known?.card === card) return known;
  const carded = { ...status, card };
  cards.set(status, carded);
  return carded;
}

const written = new WeakMap<Status, Uint8Array>();

/** The status as JSON in UTF-8, written once for as long as it stays the same object: most pages are read by many. */
export function bytesOf(status: Status): Uint8Array {
  const known = written.get(status);
  if (known !== undefined) return known;
  const { reblog, ...own } = status;
  const head = Buffer.from(`${JSON.stringify(own).slice(0, -1)},"reblog":`);
  const bytes = Buffer.concat([head, reblog === null ? NULL : bytesOf(reblog), END]);
  written.set(status, bytes);
  return bytes;
}

const NULL = Buffer.from("null");
const END = Buffer.from("}");

/** A share around a post, whose id is the activity's. It says nothing itself. */
export function shareOf(status: Status, key: number, sharedBy: ActorView, site: Site): Status {
  return {
    ...status,
    id: idOf(key),
    created_at: timeOf(timeOfKey(key)),
    edited_at: null,
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    spoiler_text: "",
    sensitive: false,
    uri: `${site.origin}/activities/${key}`,
    content: "",
    account: accountOf(sharedBy, site),
    media_attachments: [],
    mentions: [],
    tags: [],
    emojis: [],
    card: null,
    poll: null,
    quote: null,
    pinned: false,
    reblog: status,
  };
}

/** Types that are a post in the small: what stands before them is a warning, not an abstract. */
const isShort = (view: ObjectView): boolean => view.name === null || view.isSensitive;

function newStatus(view: ObjectView, site: Site): Status | null {
  if (view.author === null) return null;
  const { origin } = site;
  const text = markupOf(contentOf(view, origin), origin);
  return {
    id: idOf(view.key),
    created_at: timeOf(view.publishedMs),
    in_reply_to_id: view.inReplyTo?.key == null ? null : idOf(view.inReplyTo.key),
    in_reply_to_account_id: view.inReplyTo?.author ? idOf(view.inReplyTo.author.key) : null,
    sensitive: view.isSensitive,
    spoiler_text: isShort(view) ? (view.summary ?? "") : "",
    visibility: visibilityOf(view.visibility),
    language: view.language,
    uri: view.iri,
    url: view.url,
    replies_count: view.counts.replies,
    reblogs_count: view.counts.shares,
    favourites_count: view.counts.likes,
    quotes_count: view.counts.quotes,
    edited_at: timeOrNull(view.updatedMs),
    favourited: view.mine.hasLiked,
    reblogged: view.mine.hasShared,
    muted: false,
    bookmarked: view.mine.hasBookmarked,
    pinned: false,
    content: text.html,
    filtered: filteredOf(view),
    reblog: null,
    application: null,
    account: accountOf(view.author, site),
    media_attachments: view.attachments.filter(isMedium).map((one) => attachmentOf(one, site)),
    mentions: view.mentions.map(({ key, handle, path }) => ({
      id: idOf(key),
      username: usernameOf(handle),
      acct: handle,
      url: origin + path,
    })),
    tags: view.tags.map((name) => ({ name, url: `${origin}/tags/${encodeURIComponent(name)}` })),
    emojis: emojisOf([...view.emoji, ...text.emoji], origin),
    card: null,
    poll: pollOf(view, site),
    quote: quoteOf(view, site),
    quote_approval: approvalOf(view),
    pleroma: { emoji_reactions: reactionsOf(view, site), local: view.isLocal },
  };
}

/** Title, abstract, text, facts, files and links: what a client has no place for stands in the text. */
function contentOf(view: ObjectView, origin: string): string {
  if (view.isDeleted) return "";
  const links = view.attachments.filter((one) => !isMedium(one));
  const parts = [
    view.name === null ? "" : `<p><strong>${escapeHtml(view.name)}</strong></p>`,
    view.event === null ? "" : line(whenAndWhere(view)),
    isShort(view) || view.summary === null ? "" : line(view.summary),
    view.contentHtml,
    ...view.facts.map(({ label, values }) => line(`${label}: ${values.join(", ")}`)),
    ...links.map(({ url, name }) => linkLine(url.startsWith("/") ? origin + url : url, name)),
    // A thing that is more than a note, or more of it than fits here, is read where it is at home.
    view.isCut || (view.name !== null && !view.isLocal) ? linkLine(view.url, "") : "",
  ];
  const told = parts.join("");
  return told === "" && isMute(view) ? linkLine(view.url, "") : told;
}

/** A thing from elsewhere of which a client would show nothing at all: of a type that nobody here knows. */
const isMute = (view: ObjectView): boolean =>
  !view.isLocal &&
  view.summary === null &&
  view.poll === null &&
  view.quote === null &&
  !view.attachments.some(isMedium);

const line = (text: string): string => (text === "" ? "" : `<p>${escapeHtml(text)}</p>`);

const linkLine = (url: string, name: string): string =>
  `<p><a href="${escapeHtml(url)}" rel="nofollow noopener noreferrer" target="_blank">${escapeHtml(name || url)}</a></p>`;

function whenAndWhere({ event, language }: ObjectView): string {
  if (event === null) return "";
  const format = new Intl.DateTimeFormat(
    Intl.DateTimeFormat.supportedLocalesOf(language ?? "en")[0] ?? "en",
    {
      dateStyle: "full",
      ...(event.isAllDay ? {} : { timeStyle: "short" }),
      timeZone: event.timeZone,
    },
  );
  const when =
    event.endsMs === null ? format.format(event.startsMs) : format.formatRange(event.startsMs, event.endsMs);
  return [when, event.place].filter(Boolean).join(" · ");
}

const filteredOf = ({ key, filtered = [] }: ObjectView): readonly object[] =>
  filtered.map((match) => resultOf(match, key));

/** Of a quote that is not shown, in the words of clients. */
const QUOTE_STATES = {
  shown: "unauthorized",
  withheld: "pending",
  refused: "rejected",
  withdrawn: "revoked",
  deleted: "deleted",
  unseen: "unauthorized",
} as const satisfies Record<QuoteView["state"] | NonNullable<QuoteView["refusal"]>, string>;

/** A quote within a quote is an id alone. */
function quoteOf(view: ObjectView, site: Site): Quote | null {
  const { quote } = view;
  if (quote === null) return null;
  const quoted = quote.view === null ? null : statusOf(quote.view, site);
  if (quoted !== null) return { state: "accepted", quoted_status: quoted };
  return { state: QUOTE_STATES[quote.refusal ?? quote.state], quoted_status: null };
}

function approvalOf({ quotePolicy, mine }: ObjectView): object {
  const automatic =
    quotePolicy === "everyone" ? ["public"] : quotePolicy === "followers" ? ["followers"] : [];
  return { automatic, manual: [], current_user: mine.mayQuote ? "automatic" : "denied" };
}
