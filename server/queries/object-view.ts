/** Puts a view together from what a document says, what is counted, and who is looking. */
import { HELD, type VisibilityName } from "../core/entity.ts";
import { REPLIES, WHISPERS } from "../core/whispers.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { Pictures } from "./pictures.ts";
import { pollViewOf } from "./poll.ts";
import { mayQuote, policyOf } from "./quote.ts";
import { reactionsOf } from "./reactions.ts";
import type { ObjectRow, TallyRow } from "./store.ts";
import type { ActorView, ObjectView, QuoteView } from "./view.ts";

export interface ViewSources {
  readonly row: ObjectRow;
  readonly parts: ObjectParts;
  readonly visibility: VisibilityName;
  readonly origin: string;
  readonly author: ActorView | null;
  readonly group: ActorView | null;
  /** What it answers, where that is here and may be seen. */
  readonly parent: { readonly key: number; readonly author: ActorView | null } | null;
  readonly quote: QuoteView | null;
  readonly pictures: Pictures;
  readonly tallies: readonly TallyRow[];
  readonly viewer: number | null;
  readonly nowMs: number;
}

/** `/@alice/115…`; what has no author stands by itself. */
export const objectPath = (key: number, author: ActorView | null): string =>
  author === null ? `/objects/${key}` : `${author.path}/${key}`;

export function viewOf(sources: ViewSources): ObjectView {
  const { row, parts, visibility, author, parent, viewer, nowMs } = sources;
  const { fixed } = parts;
  const tallies = new Map(sources.tallies.map((tally) => [tally.name, tally]));
  const countOf = (name: string) => {
    const tally = tallies.get(name);
    return { total: tally?.total ?? 0, isMine: (tally?.mine ?? 0) > 0 };
  };
  const likes = countOf("likes");
  const shares = countOf("shares");
  const isAuthor = viewer !== null && row.owner === viewer;
  const isDeleted = row.deleted !== null;
  const path = objectPath(row.key, author);
  return {
    ...fixed,
    author,
    group: sources.group,
    path,
    url: fixed.isLocal ? `${sources.origin}${path}` : parts.originUrl,
    isDeleted,
    visibility,
    isSensitive: fixed.isSensitive || (fixed.attachments.length > 0 && (row.held & HELD.covered) > 0),
    inReplyTo:
      parts.parentIri === null
        ? null
        : {
            iri: parts.parentIri,
            key: parent?.key ?? null,
            path: parent && objectPath(parent.key, parent.author),
            author: parent?.author ?? null,
          },
    actions: isDeleted
      ? []
      : parts.actions.map(({ type, label, talliedIn }) => ({
          type,
          label,
          count: talliedIn === null ? 0 : countOf(talliedIn).total,
        })),
    poll: parts.poll && pollViewOf(parts.poll, fixed.isLocal, countOf, nowMs),
    quote: sources.quote,
    quotePolicy: policyOf(parts.quotableBy, author),
    counts: {
      likes: likes.total,
      shares: shares.total,
      replies: countOf(REPLIES).total - countOf(WHISPERS).total,
      quotes: countOf("quotes").total,
      quoteRequests: countOf("quote-requests").total,
    },
    reactions: reactionsOf(sources.tallies, sources.pictures),
    mine: {
      isAuthor,
      hasLiked: likes.isMine,
      hasShared: shares.isMine,
      hasBookmarked: row.bookmarked === 1,
      mayShare:
        !isDeleted &&
        viewer !== null &&
        (visibility === "public" || visibility === "quiet" || (visibility === "followers" && isAuthor)),
      mayQuote: !isDeleted && mayQuote(sources, isAuthor),
    },
  };
}
