/** English words for posts that do not arrive, and for servers that do not take them. */
import { counted, isolated } from "./number.ts";

export const deliveryGroups = {
  delivery: {
    retry: "Try again now",
    retryOf: (host: string) => `Try again now at ${isolated(host)}`,
    giveUp: "Stop trying",
    giveUpOf: (host: string) => `Stop trying at ${isolated(host)}`,
    trying: "Trying again now.",
    stopped: "No more tries.",
  },
  peer: {
    filter: "Which servers",
    all: "All",
    trouble: "In trouble",
    noTrouble: "All is well",
    noTroubleText: "Every server took what was sent to it.",
    held: "Stopped here",
    gone: "Gone quiet",
    back: "All servers",
    figures: "Deliveries",
    since: "In trouble since",
    failures: "Failed tries in a row",
    lastError: "What happened last",
    nextTry: "Next try",
    lastArrived: "Last took something",
    lastReceived: "Last sent something",
    waiting: (count: number, cap: number) =>
      count >= cap ? `${cap} letters or more` : counted("en", count, { one: "letter", other: "letters" }),
    signature: "Signature that it takes",
    cavage: "HTTP Signatures (draft 12)",
    rfc9421: "HTTP Message Signatures (RFC 9421)",
    unknown: "not known yet",
    heldSince: "Stopped by you since",
    fineText: "This server takes what is sent to it.",
    slowText: "Something went wrong. Letters wait and are tried again within minutes.",
    deadText: "It does not answer. It is asked once an hour whether it is back, and then gets everything.",
    goneText:
      "It has been silent for more than two weeks. It is asked once a day, and gets nothing new before it answers or sends something.",
    heldText: "Nothing is sent there before you say so. What people write to it waits for two weeks.",
    retry: "Try everything now",
    hold: "Stop deliveries",
    resume: "Go on delivering",
    giveUp: "Let everything go that waits",
    giveUpText: (host: string) =>
      `Whatever waits for ${isolated(host)} is not sent any more. Its authors see that. This cannot be undone.`,
    giveUpMenu: "Let go…",
    letGo: "Nothing waits for that server any more.",
    stopped: "Deliveries to that server are stopped.",
    resumed: "Deliveries to that server go on.",
  },
};
