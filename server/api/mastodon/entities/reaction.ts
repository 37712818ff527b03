/** Reactions to a post as clients of Pleroma's kind read them. */
import type { ObjectView } from "../../../queries/view.ts";
import type { Site } from "./account.ts";
import { wholeUrl } from "./markup.ts";

export interface Reaction {
  /** One emoji, or the name of a custom one without colons. */
  readonly name: string;
  readonly count: number;
  readonly me: boolean;
  /** Of the picture of a custom one. */
  readonly url: string | null;
  readonly static_url: string | null;
}

export const reactionsOf = ({ reactions }: ObjectView, { origin }: Site): readonly Reaction[] =>
  reactions.map(({ emoji, url, count, isMine }) => {
    const picture = url === null ? null : wholeUrl(url, origin);
    return { name: emoji.replaceAll(":", ""), count, me: isMine, url: picture, static_url: picture };
  });
