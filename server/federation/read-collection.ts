/** Reads a collection elsewhere as a list of addresses, page after page, within limits. */
import { type AsObject, embedded, id, idOf, typeOf, values } from "../core/object.ts";
import { isProblem } from "../lib/problem.ts";
import { sameOrigin } from "../lib/url.ts";
import type { FetchDocument } from "./fetch-key.ts";

/** Servers give forty or more on a page; who needs more pages than this is not believed to be honest. */
const MAX_PAGES = 50;

/**
 * Addresses in the collection at `url`, which may stand in it or in its pages of the same origin, at most `max`.
 * Null where there is no such collection for us, or it is too long; "unavailable" where it cannot be had now.
 */
export async function readCollection(
  fetchDocument: FetchDocument,
  url: string,
  max: number,
): Promise<readonly string[] | null | "unavailable"> {
  const found: string[] = [];
  const seen = new Set<string>();
  let next: AsObject | string | null = url;
  for (let pages = 0; next !== null; pages++) {
    if (pages > MAX_PAGES) return null;
    const page: AsObject | null | "unavailable" =
      typeof next === "string" ? await read(fetchDocument, next, url) : next;
    if (page === null || page === "unavailable") return page;
    for (const property of ["items", "orderedItems"]) {
      for (const item of values(page, property)) {
        const iri = idOf(item);
        if (iri !== null) found.push(iri);
      }
    }
    if (found.length > max) return null;
    const following: string | AsObject | null =
      embedded(page, "first") ?? id(page, "first") ?? id(page, "next");
    if (typeof following === "string" && seen.has(following)) return found;
    if (typeof following === "string") seen.add(following);
    next = following;
  }
  return found;
}

async function read(
  fetchDocument: FetchDocument,
  iri: string,
  origin: string,
): Promise<AsObject | null | "unavailable"> {
  if (!sameOrigin(iri, origin)) return null;
  try {
    const { status, finalUrl, document } = await fetchDocument(iri);
    if (status >= 500 || status === 429) return "unavailable";
    const isCollection = document !== null && /Collection(?:Page)?$/.test(typeOf(document));
    return isCollection && sameOrigin(finalUrl, origin) ? document : null;
  } catch (error) {
    // @NOTE What peers do wrong is an ordinary answer here.
    if (!isProblem(error, "upstream")) throw error;
    return "unavailable";
  }
}
