/** Pages as clients ask for them (`max_id`, `since_id`, `min_id`, `limit`), and the `Link` header that leads on. */
import { parseKey } from "../../lib/id.ts";
import { MAX_PAGE_SIZE, type Page, type PageRequest } from "../../lib/page.ts";
import type { Params } from "./params.ts";

/** How many items an answer has when nothing is said, and at most. */
export interface PageSize {
  readonly default?: number;
  readonly max?: number;
}

const DEFAULT_ITEMS = 20;

/** What says which page is meant; all other parameters stay in the links. */
const CURSORS: ReadonlySet<string> = new Set(["max_id", "since_id", "min_id"]);

/** `min_id` goes before `since_id`, as its page is the more exact one. Bounds that are no ids are none. */
export function pageRequestOf(params: Params, size: PageSize = {}): PageRequest {
  const { default: usual = DEFAULT_ITEMS, max = MAX_PAGE_SIZE } = size;
  const before = parseKey(params.text("max_id"));
  const from = parseKey(params.text("min_id"));
  const after = parseKey(params.text("since_id"));
  return {
    limit: limitOf(params, usual, max),
    ...(before === null ? {} : { before }),
    ...(from === null ? (after === null ? {} : { after }) : { from }),
  };
}

export function limitOf(params: Params, usual: number, max: number): number {
  const limit = params.integer("limit");
  return limit === null || limit < 1 ? usual : Math.min(limit, max);
}

export const isPaged = (request: PageRequest): boolean =>
  request.before !== undefined || request.after !== undefined || request.from !== undefined;

/** Where the pages around one begin: by key, or by name where a list is sorted by names. */
export type Around =
  | Pick<Page<unknown>, "older" | "newer">
  | { readonly older: string | null; readonly newer: string | null };

/**
 * `<…max_id=…>; rel="next", <…min_id=…>; rel="prev"`: whole addresses, the next page first, no comma within an address,
 * and the request's own parameters kept. Null for a page without items, so that no loop goes on for ever.
 * `origin` is the one that clients know, whatever stands in `url`.
 */
export function pageLinks(origin: string, url: string, page: Around): string | null {
  const links: string[] = [];
  const base = page.older === null && page.newer === null ? "" : keptAddress(origin, url);
  if (page.older !== null) links.push(`<${base}max_id=${encodeURIComponent(page.older)}>; rel="next"`);
  if (page.newer !== null) links.push(`<${base}min_id=${encodeURIComponent(page.newer)}>; rel="prev"`);
  return links.length === 0 ? null : links.join(", ");
}

/** The address without its cursors, ready for one: ends in `?` or `&`. */
function keptAddress(origin: string, url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const query = url.indexOf("?", start);
  const path = start < 0 ? "/" : query < 0 ? url.slice(start) : url.slice(start, query);
  const kept = query < 0 ? "" : keptQuery(url.slice(query + 1));
  return `${origin}${path.replaceAll(",", "%2C")}?${kept}`;
}

function keptQuery(query: string): string {
  const lists: string[] = [];
  const single = new Map<string, string>();
  for (const pair of query.replace(/#.*$/s, "").split("&")) {
    const name = decoded(pair.split("=", 1)[0] ?? "");
    if (name === "" || CURSORS.has(name)) continue;
    const written = pair.replaceAll(",", "%2C").replaceAll("[", "%5B").replaceAll("]", "%5D");
    if (name.endsWith("[]")) lists.push(written);
    // Of what comes twice the last one counts, and the address does not grow from page to page.
    else single.set(name, written);
  }
  const all = [...single.values(), ...lists];
  return all.length === 0 ? "" : `${all.join("&")}&`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // @NOTE A stray percent sign is part of the name.
    return text;
  }
}
