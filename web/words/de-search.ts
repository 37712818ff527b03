/** German words for searching. */
import type { PartialWords } from "./en.ts";
import { isolated } from "./number.ts";

export const deSearchGroups: Pick<PartialWords, "search"> = {
  search: {
    title: "Suche",
    label: "Was suchst du?",
    help: "Wörter, ein Name, @alice@schule.example oder der Link eines Beitrags.",
    submit: "Suchen",
    kinds: "Arten von Treffern",
    all: "Alles",
    people: "Menschen",
    groups: "Gruppen",
    posts: "Beiträge",
    tags: "Schlagwörter",
    morePeople: "Mehr Menschen",
    moreGroups: "Mehr Gruppen",
    moreTags: "Mehr Schlagwörter",
    noneTitle: "Nichts gefunden",
    noneText: (query: string) =>
      `Nichts passt zu ${isolated(query)}. Versuche weniger Wörter. Für jemanden auf einem anderen Server gib die ganze Adresse ein, mit beiden @.`,
    noneHere: "Nichts von dieser Art",
    noneHereText: "Schau unter Alles nach oder versuche andere Wörter.",
    whatIsFound:
      "Du findest, was Menschen hier für alle schreiben, was an dich ging und woran du beteiligt warst. Von anderen Servern findest du, was gefunden werden will.",
    strangerFinds: "Du findest, was gefunden werden will. Nach dem Anmelden findest du mehr.",
    narrow: "Die Suche eingrenzen",
    narrowText: "Schreibe das neben deine Wörter. Ein Minus davor heißt: ohne.",
    ways: [
      ['"grüne Zellen"', "diese Wörter, eines nach dem anderen"],
      ["-Prüfung", "ohne dieses Wort"],
      ["Foto*", "Wörter, die so anfangen"],
      ["#mathe", "mit diesem Schlagwort"],
      ["from:alice", "geschrieben von dieser Person; from:me von dir"],
      ["to:alice", "nennt diese Person"],
      ["in:biologie", "gesagt in dieser Gruppe"],
      ["in:library", "was du geschrieben, bekommen, gemocht, geteilt, gemerkt oder beantwortet hast"],
      ["has:image", "mit Bild; auch has:video, has:audio, has:file, has:poll, has:link"],
      ["type:event", "von dieser Art; auch type:article, type:video und was es sonst gibt"],
      ["is:reply", "Antworten; auch is:quote, is:sensitive, is:local"],
      ["language:de", "in dieser Sprache"],
      ["during:2026-03", "in diesem Jahr, Monat oder an diesem Tag; auch before: und after:"],
    ],
  },
};
