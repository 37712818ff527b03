/** Questions as a `Poll`. */
import type { ObjectView } from "../../../queries/view.ts";
import { idOf, timeOrNull } from "../ids.ts";
import type { Site } from "./account.ts";
import { type Emoji, emojisOf } from "./markup.ts";

export interface Poll {
  readonly id: string;
  readonly expires_at: string | null;
  readonly expired: boolean;
  readonly multiple: boolean;
  readonly votes_count: number;
  readonly voters_count: number | null;
  readonly options: readonly { readonly title: string; readonly votes_count: number }[];
  readonly emojis: readonly Emoji[];
  readonly voted: boolean;
  readonly own_votes: readonly number[];
}

/** The post is its poll: one id for both. Null where it asks nothing. */
export function pollOf(view: ObjectView, { origin }: Site): Poll | null {
  const { poll } = view;
  if (poll === null) return null;
  const own = poll.options.flatMap(({ isMine }, i) => (isMine ? i : []));
  return {
    id: idOf(view.key),
    expires_at: timeOrNull(poll.endsMs),
    expired: poll.hasEnded,
    multiple: poll.isMultiple,
    votes_count: poll.options.reduce((sum, { votes }) => sum + votes, 0),
    voters_count: poll.voters,
    options: poll.options.map(({ name, votes }) => ({ title: name, votes_count: votes })),
    emojis: emojisOf(view.emoji, origin),
    // Whoever asks cannot vote.
    voted: own.length > 0 || view.mine.isAuthor,
    own_votes: own,
  };
}
