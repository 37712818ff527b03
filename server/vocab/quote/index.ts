/** Quotes with consent (FEP-044f), in the words of GoToSocial's interaction policies. */
import type { Extension } from "../../core/behaviour.ts";
import { acceptQuote, consentGone, quoteRequest, quoting, rejectQuote } from "./request.ts";

const FEP = "https://w3id.org/fep/044f#";
const address = (iri: string) => ({ "@id": iri, "@type": "@id" });

export const quote: Extension = {
  name: "quote",
  context: {
    quote: address(`${FEP}quote`),
    quoteAuthorization: address(`${FEP}quoteAuthorization`),
    gts: "https://gotosocial.org/ns#",
    interactionPolicy: address("gts:interactionPolicy"),
    canQuote: address("gts:canQuote"),
    automaticApproval: address("gts:automaticApproval"),
    manualApproval: address("gts:manualApproval"),
    interactingObject: address("gts:interactingObject"),
    interactionTarget: address("gts:interactionTarget"),
    quoteUrl: "as:quoteUrl",
    quoteUri: "http://fedibird.com/ns#quoteUri",
    _misskey_quote: "https://misskey-hub.net/ns#_misskey_quote",
  },
  types: {
    QuoteRequest: { iri: `${FEP}QuoteRequest`, kind: "activity", extends: "Activity" },
    QuoteAuthorization: { iri: `${FEP}QuoteAuthorization`, kind: "object", extends: "Object" },
  },
  behaviours: [quoteRequest, acceptQuote, rejectQuote, consentGone, ...quoting],
  indexed: ["quote", "quoteAuthorization", "interactingObject", "interactionTarget"],
  words: {
    en: { QuoteAuthorization: "Consent to a quote" },
    de: { QuoteAuthorization: "Zustimmung zu einem Zitat" },
  },
};
