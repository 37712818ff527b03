/** German words for the history of posts and for polls of one's own. */
import type { PartialWords } from "./en.ts";
import { counted } from "./number.ts";

/** In minutes. */
const DAY = 1_440;

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
    add: "Umfrage",
    choice: (n) => `Antwort ${n}`,
    notNeeded: "wenn du sie brauchst",
    several: "Man darf mehrere Antworten wählen",
    howLong: "So lange kann man abstimmen",
    lasts: (minutes) =>
      minutes < DAY
        ? counted("de", minutes / 60, { one: "Stunde", other: "Stunden" })
        : counted("de", minutes / DAY, { one: "Tag", other: "Tage" }),
  },
};
