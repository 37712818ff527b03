/** German words for what has just happened: sentences after a form, and pages that end something. */
import type { PartialWords } from "./en.ts";
import { isolated } from "./number.ts";

export const deAfterGroups: PartialWords = {
  flash: {
    undo: "Rückgängig",
    close: "Schließen",
    done: "Erledigt.",
    saved: "Gesichert.",
    claimed: "Der Server gehört dir. Lade die ersten Menschen ein oder schreib den ersten Beitrag.",
    welcome: "Willkommen. Hier erscheinen die Beiträge der Menschen, denen du folgst.",
    signedOut: "Du bist abgemeldet.",
    passwordChanged: "Dein Passwort ist geändert. Alle anderen Geräte sind abgemeldet.",
    sessionEnded: "Dort abgemeldet.",
    appShutOut: "Die App kann dein Konto nicht mehr benutzen.",
    tryingAgain: "Der Server wird jetzt noch einmal gefragt.",
    did: {
      Create: "Veröffentlicht.",
      "Create Vote": "Deine Antwort ist abgeschickt.",
      Update: "Der Beitrag ist geändert.",
      Delete: "Der Beitrag ist gelöscht.",
      Follow: "Du möchtest folgen. Nach der Antwort erscheinen die Beiträge auf deiner Startseite.",
      "Undo Follow": "Du folgst nicht mehr.",
      Block: "Blockiert. Ihr hört nichts mehr voneinander.",
      "Undo Block": "Nicht mehr blockiert.",
      "Add muted": "Stumm. Die Beiträge erscheinen nicht auf deiner Startseite.",
      "Remove muted": "Nicht mehr stumm.",
      "Accept Follow": "Folgt dir jetzt.",
      "Reject Follow": "Die Anfrage ist abgelehnt.",
      "Reject Follower": "Folgt dir nicht mehr.",
      Flag: "Deine Meldung ist bei den Menschen, die diesen Server betreiben.",
    },
  },
  troubles: {
    littleDisk: "Die Festplatte ist fast voll. Schaff Platz, sonst nimmt der Server keine Beiträge mehr an.",
    noBackup:
      "Es gibt noch keine Sicherung. Nenne einen Ort dafür, damit mit dieser Maschine nichts verloren geht.",
    lateJobs: "Einige Arbeit wartet seit mehr als einer Stunde.",
  },
  tag: {
    text: "Öffentliche Beiträge mit diesem Hashtag, soweit sie hier angekommen sind.",
    emptyTitle: "Noch keine Beiträge mit diesem Hashtag",
    emptyText: "Schreib es in einen Beitrag, und er erscheint hier.",
  },
  reset: {
    title: (name) => `Ein neues Passwort für ${isolated(name)}`,
    password: "Neues Passwort",
    help: "Zehn Zeichen oder mehr. Drei ungewöhnliche Wörter sind gut.",
    submit: "Passwort setzen",
    overTitle: "Dieser Link gilt nicht mehr",
    overText:
      "Er wurde schon benutzt oder ist zu alt. Bitte die Menschen, die diesen Server betreiben, um einen neuen.",
  },
};
