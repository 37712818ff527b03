/** German words for the history of posts and for polls of one's own. */
import type { PartialWords } from "./en.ts";

export const deThreadGroups: Pick<PartialWords, "versions" | "ownPoll"> = {
  versions: {
    title: "Frühere Fassungen",
    see: "Frühere Fassungen ansehen",
    edited: "Bearbeitet",
    now: "Jetzt",
    first: "Erste Fassung",
    none: "Hier sind keine früheren Fassungen aufgehoben. Vielleicht kam der Beitrag erst nach der Änderung hierher.",
    back: "Zurück zum Beitrag",
    choices: "Antworten",
  },
  ownPoll: {
    ended: "Deine Umfrage ist zu Ende",
  },
};
