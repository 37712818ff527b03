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
    pushTitle: "Mitteilungen auf diesem Gerät",
    pushText: "Erfahre von Antworten, Erwähnungen und neuen Followern, während keine Seite offen ist.",
    pushOn: "Auf diesem Gerät Bescheid geben",
    pushOff: "Auf diesem Gerät nicht mehr Bescheid geben",
    pushDenied:
      "Dein Browser hat es nicht erlaubt. Du kannst das in seinen Einstellungen für diese Seite ändern.",
  },
};
