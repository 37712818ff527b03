/** Reads collections of other servers page by page, as their own server gives them and no other (FEP-fe34). */
import { type AsObject, idOf, values } from "../core/object.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { sameOrigin } from "../lib/url.ts";

/** Entries of one page that are looked at; honest pages have 50. */
const MAX_ENTRIES = 200;

const COLLECTIONS: ReadonlySet<Json | undefined> = new Set([
  "Collection",
  "OrderedCollection",
  "CollectionPage",
  "OrderedCollectionPage",
]);

/**
 * The entries of a collection, page after page: its own, those of `first`, and on along `next`. `start` is its address,
 * or the collection where it is embedded; `origin` an address of the server that it must come from. `get` gives a
 * document by its address, or null. No page is read twice, so that loops end.
 */
export async function* pagesOf(options: {
  readonly start: Json | undefined;
  readonly origin: string;
  readonly maxPages: number;
  readonly get: (iri: string) => Promise<AsObject | null>;
}): AsyncGenerator<readonly Json[]> {
  const seen = new Set<string>();
  let next = options.start;
  for (let pages = 0; next !== undefined && next !== null && pages < options.maxPages; pages++) {
    const page = await pageAt(next, seen, options);
    if (page === null) return;
    const entries = [...values(page, "orderedItems"), ...values(page, "items")];
    if (entries.length > 0) yield entries.slice(0, MAX_ENTRIES);
    next = page.next ?? page.first;
  }
}

async function pageAt(
  at: Json,
  seen: Set<string>,
  { origin, get }: { readonly origin: string; readonly get: (iri: string) => Promise<AsObject | null> },
): Promise<AsObject | null> {
  const iri = idOf(at);
  if (iri !== null) {
    if (seen.has(iri) || !sameOrigin(iri, origin)) return null;
    seen.add(iri);
  }
  const page = isJsonObject(at) && isPage(at) ? (at as AsObject) : iri === null ? null : await get(iri);
  return page !== null && isPage(page) ? page : null;
}

const isPage = (value: AsObject): boolean => values(value, "type").some((type) => COLLECTIONS.has(type));
