/** German words for posts that do not arrive, and for servers that do not take them. */
import type { PartialWords } from "./en.ts";
import { counted, isolated } from "./number.ts";

export const deDeliveryGroups = {
  delivery: {
    retry: "Jetzt versuchen",
    retryOf: (host) => `Jetzt bei ${isolated(host)} versuchen`,
    giveUp: "Nicht mehr versuchen",
    giveUpOf: (host) => `Bei ${isolated(host)} nicht mehr versuchen`,
    trying: "Wird jetzt versucht.",
    stopped: "Wird nicht mehr versucht.",
  },
  peer: {
    filter: "Welche Server",
    all: "Alle",
    trouble: "Mit Störung",
    noTrouble: "Alles in Ordnung",
    noTroubleText: "Jeder Server hat angenommen, was an ihn ging.",
    held: "Hier angehalten",
    gone: "Verstummt",
    back: "Alle Server",
    figures: "Zustellungen",
    since: "Gestört seit",
    failures: "Fehlversuche in Folge",
    lastError: "Was zuletzt geschah",
    nextTry: "Nächster Versuch",
    lastArrived: "Zuletzt angenommen",
    lastReceived: "Zuletzt gesendet",
    waiting: (count, cap) =>
      count >= cap ? `${cap} Briefe oder mehr` : counted("de", count, { one: "Brief", other: "Briefe" }),
    signature: "Unterschrift, die er annimmt",
    cavage: "HTTP Signatures (Entwurf 12)",
    rfc9421: "HTTP Message Signatures (RFC 9421)",
    unknown: "noch nicht bekannt",
    heldSince: "Von euch angehalten seit",
    fineText: "Dieser Server nimmt an, was an ihn geht.",
    slowText: "Etwas ging schief. Briefe warten und werden in wenigen Minuten neu versucht.",
    deadText:
      "Er antwortet nicht. Einmal in der Stunde wird gefragt, ob er zurück ist; dann bekommt er alles.",
    goneText:
      "Er schweigt seit mehr als zwei Wochen. Er wird einmal am Tag gefragt und bekommt nichts Neues, bevor er antwortet oder etwas sendet.",
    heldText: "Dorthin geht nichts, bevor ihr es sagt. Was Leute dorthin schreiben, wartet zwei Wochen.",
    retry: "Alles jetzt versuchen",
    hold: "Zustellung anhalten",
    resume: "Weiter zustellen",
    giveUp: "Alles Wartende aufgeben",
    giveUpText: (host) =>
      `Was auf ${isolated(host)} wartet, wird nicht mehr gesendet. Wer es schrieb, sieht das. Das lässt sich nicht zurücknehmen.`,
    giveUpMenu: "Aufgeben …",
    letGo: "Für diesen Server wartet nichts mehr.",
    stopped: "Die Zustellung an diesen Server ist angehalten.",
    resumed: "Die Zustellung an diesen Server geht weiter.",
  },
} satisfies PartialWords;
