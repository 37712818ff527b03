/** Fetches the key that a signature names, and believes it only where key and actor claim each other. */
import type { AsObject } from "../core/object.ts";
import type { Now } from "../lib/clock.ts";
import { isProblem } from "../lib/problem.ts";
import { sameOrigin } from "../lib/url.ts";
import { exportPublicPem, importMultikey, importPublicPem, type VerifyKey } from "../signatures/keys.ts";
import { type ClaimedKey, endOf, hasEnded, keysOfActor, ownerOfKey, textOfKey } from "./claimed-keys.ts";

/** A public key of an actor elsewhere, as it is stored. */
export interface RemoteKey {
  readonly iri: string;
  readonly actorIri: string;
  readonly kind: VerifyKey["kind"];
  readonly publicPem: string;
  readonly fetchedMs: number;
  /** When it ends, as its actor or its own document says; null where nothing is said. */
  readonly expiresMs: number | null;
}

export interface FetchedDocument {
  /** HTTP status of the last answer. */
  readonly status: number;
  /** The address that gave it, after redirects. */
  readonly finalUrl: string;
  /** In compact form; null where the answer is no ActivityPub document. */
  readonly document: AsObject | null;
  /** Where the answer, which is none, says that the document is. */
  readonly alternate?: string | null;
}
/** Asks an address elsewhere. @throws Problem `upstream` where there is no answer. */
export type FetchDocument = (iri: string) => Promise<FetchedDocument>;

export interface KeyFailure {
  readonly failure: /** Its origin answers 410: the actor is deleted. */
    | "gone"
    /** There is no such key, or none that can be used. */
    | "missing"
    /** There is one, but its actor does not claim it. */
    | "unclaimed"
    /** It cannot be asked for now. */
    | "unavailable";
  readonly reason: string;
}

/** Fetches the key `iri`. Failures are data; nothing is thrown for what peers do. */
export type FetchKey = (iri: string) => Promise<RemoteKey | KeyFailure>;

export const isKeyFailure = (value: RemoteKey | KeyFailure): value is KeyFailure => "failure" in value;

/** At most three requests: the key's document, once more under the id that it gives, and its owner. */
export function createFetchKey({ fetchDocument, now }: { fetchDocument: FetchDocument; now: Now }): FetchKey {
  return async (iri) => {
    const first = await fetchTrue(iri);
    if ("failure" in first) return first;
    const { document } = first;
    if (document.id !== iri || textOfKey(document) === null)
      return keyOfActor(document, iri, { text: null, endsMs: null });
    const own = { text: hasEnded(document, now()) ? null : textOfKey(document), endsMs: endOf(document) };
    const ownerIri = ownerOfKey(document);
    if (ownerIri === null || !sameOrigin(ownerIri, iri)) {
      return failed("unclaimed", `The key ${iri} names no owner of its own origin.`);
    }
    const owner = await fetchTrue(ownerIri);
    return "failure" in owner ? owner : keyOfActor(owner.document, iri, own);
  };

  /** The document at `iri` whose id is the address that answered; asked once more under its id if it is not. */
  async function fetchTrue(iri: string, isSecond = false): Promise<{ document: AsObject } | KeyFailure> {
    const answer = await answerOf(iri);
    if ("failure" in answer) return answer;
    const { document, finalUrl, status } = answer;
    if (status === 410) return failed("gone", `${iri} is gone.`);
    if (status === 404) return failed("missing", `${iri} does not exist.`);
    if (status < 200 || status > 299) return failed("unavailable", `${iri} answered ${status}.`);
    if (typeof document?.id !== "string") return failed("missing", `${iri} is no ActivityPub document.`);
    if (withoutFragment(document.id) === withoutFragment(finalUrl)) return { document };
    if (isSecond || !sameOrigin(document.id, iri)) {
      return failed("missing", `${iri} gave a document that says to be ${document.id}.`);
    }
    return fetchTrue(document.id, true);
  }

  async function answerOf(iri: string): Promise<FetchedDocument | KeyFailure> {
    try {
      return await fetchDocument(withoutFragment(iri));
    } catch (error) {
      // @NOTE A peer that does not answer is ordinary here; the sender is asked to try again.
      if (isProblem(error)) return failed("unavailable", error.message);
      throw error;
    }
  }

  /** `document` is what the key's own document says, which counts where the actor only names the key. */
  async function keyOfActor(
    actor: AsObject,
    iri: string,
    document: Pick<ClaimedKey, "text" | "endsMs">,
  ): Promise<RemoteKey | KeyFailure> {
    const actorIri = actor.id ?? "";
    const claimed = keysOfActor(actor, now()).find((key) => key.iri === iri);
    if (!claimed) {
      return failed("unclaimed", `${actorIri} does not claim the key ${iri}.`);
    }
    const own = claimed.text ?? document.text;
    const ends = [claimed.endsMs, document.endsMs].filter((ms) => ms !== null);
    const expiresMs = ends.length === 0 ? null : Math.min(...ends);
    if (own === null) return failed("missing", `The key ${iri} cannot be read.`);
    try {
      const key = await (own.form === "pem" ? importPublicPem(own.value) : importMultikey(own.value));
      const publicPem = await exportPublicPem(key);
      return { iri, actorIri, kind: key.kind, publicPem, fetchedMs: now(), expiresMs };
    } catch (error) {
      // @NOTE A key of a kind that we do not use is as good as none.
      if (isProblem(error, "invalid"))
        return failed("missing", `The key ${iri} is of no use: ${error.message}`);
      throw error;
    }
  }
}

const failed = (failure: KeyFailure["failure"], reason: string): KeyFailure => ({ failure, reason });

const withoutFragment = (iri: string): string => iri.replace(/#.*$/s, "");
