/** Fetches documents from other servers: signed as this server, of the right media type, under their own id. */

import { type AsObject, id } from "../core/object.ts";
import type { Fetched as Resolved } from "../core/resolve.ts";
import type { Now } from "../lib/clock.ts";
import type { Fetched as Answer, Fetch } from "../lib/fetch.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import { signRequest } from "../signatures/sign.ts";
import type { FetchDocument, FetchedDocument } from "./fetch-key.ts";
import { isActivityType } from "./media-type.ts";
import { documentLink, readPage } from "./preview-page.ts";
import { type Knocking, keyKindFor, type Manner } from "./remember.ts";
import type { Signing } from "./signing.ts";
import type { Webfinger } from "./webfinger.ts";

/** Both media types of AP §3.2, the shorter first because some peers look no further. */
const ACCEPT =
  'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

export function createFetchDocument(deps: {
  fetch: Fetch;
  now: Now;
  signing: Signing;
  knocking: Knocking;
  /** The key of the actor that stands for this server; every fetch is signed as it, so that none can wait for another. */
  serverActor: () => number;
  normalise: (document: AsObject) => Promise<AsObject>;
  /** The longest answer; what `fetch` takes anyway where nothing is said. */
  maxBytes?: number;
}): FetchDocument {
  async function get(iri: string, [scheme, wanted]: Manner) {
    const key = await deps.signing.key(deps.serverActor(), keyKindFor(scheme, wanted));
    return deps.fetch(iri, {
      headers: { accept: ACCEPT },
      ...(deps.maxBytes === undefined ? {} : { maxBytes: deps.maxBytes }),
      headersFor: (url) =>
        signRequest({
          method: "GET",
          url,
          headers: new Headers(),
          body: new Uint8Array(),
          key,
          scheme,
          wanted,
          nowMs: deps.now(),
        }),
    });
  }

  return async (iri): Promise<FetchedDocument> => {
    const answer = await deps.knocking.knock(hostOf(iri) ?? "", (...manner) => get(iri, manner));
    const result = { status: answer.status, finalUrl: answer.url, document: null };
    if (answer.status < 200 || answer.status > 299) return result;
    if (!isActivityType(answer.headers.get("content-type")))
      return { ...result, alternate: alternateOf(answer) };
    const parsed = parseJson(new TextDecoder("utf-8", { fatal: false }).decode(answer.bytes));
    return isJsonObject(parsed) ? { ...result, document: await deps.normalise(parsed as AsObject) } : result;
  };
}

/**
 * What the core's `resolve` asks: the document at its own address, and for actors the name that WebFinger
 * confirms. Null where its origin says that it does not exist. @throws Problem `upstream`.
 */
export function createFetchRemote(deps: { fetchDocument: FetchDocument; webfinger: Webfinger }) {
  return async (iri: string): Promise<Resolved | null> => {
    const document = await atItsOwnAddress(deps.fetchDocument, iri);
    if (document === null) return null;
    const isActor = id(document, "inbox") !== null && typeof document.preferredUsername === "string";
    return { document, handle: isActor ? await deps.webfinger.handleOf(document) : null };
  };
}

/** Where a page says that its document is, in its head or beside it; null where it does not. */
function alternateOf({ headers, url, bytes }: Answer): string | null {
  const linked = documentLink(headers.get("link"), url);
  if (
    linked !== null ||
    !/^\s*(?:text\/html|application\/xhtml\+xml)/i.test(headers.get("content-type") ?? "")
  )
    return linked;
  return readPage(new TextDecoder("utf-8", { fatal: false }).decode(bytes), url).documentUrl;
}

/**
 * A document that names another address than the one that answered is asked for once more, there; so is that of a page
 * which people read, by the address that it gives (Ghost, NodeBB).
 */
async function atItsOwnAddress(fetchDocument: FetchDocument, iri: string): Promise<AsObject | null> {
  const first = await fetchDocument(iri);
  let wanted = first.document === null ? (first.alternate ?? iri) : iri;
  let answer = wanted === iri ? first : await fetchDocument(wanted);
  for (const isLast of [false, true]) {
    const { status, finalUrl, document } = answer;
    if (status === 404 || status === 410) return null;
    if (document === null)
      throw new Problem("upstream", `${wanted} gave no ActivityPub document.`, {
        reason: status >= 500 || status === 429 ? "busy" : "no-document",
      });
    // A redirect never lends the origin of its first address to what the last one says (FEP-fe34, CVE-2024-23832).
    if (document.id === finalUrl || (document.id === wanted && sameOrigin(finalUrl, wanted))) return document;
    if (typeof document.id !== "string") return null;
    wanted = document.id;
    if (!isLast) answer = await fetchDocument(wanted);
  }
  throw new Problem("upstream", `${iri} gave a document that belongs to another address.`, {
    reason: "wrong-id",
  });
}
