/** German words for what comes while a page is open. */
import type { PartialWords } from "./en.ts";

export const deLiveGroups: Pick<PartialWords, "live"> = {
  live: {
    post: "1 neuen Beitrag zeigen",
    posts: "0 neue Beiträge zeigen",
    reply: "1 neue Antwort zeigen",
    replies: "0 neue Antworten zeigen",
    notice: "1 neue Mitteilung zeigen",
    notices: "0 neue Mitteilungen zeigen",
  },
};
