/** What every load is, and how those of lists read their address: which page is asked for, and where the next one is. */
import { parseKey } from "../../server/lib/id.ts";
import { DEFAULT_PAGE_SIZE, type Page, type PageRequest } from "../../server/lib/page.ts";
import type { Visit, WebDeps } from "../face.ts";
import type { PageView } from "../page.ts";

/** From a visit to its page. @throws Problem where there is none, or not for this visitor. */
export type Load = (deps: WebDeps, visit: Visit) => Promise<PageView>;

/** The page of a list that `?before=KEY` asks for; the first without it. */
export function pageRequest({ url }: Visit): PageRequest {
  const before = parseKey(url.searchParams.get("before"));
  return { limit: DEFAULT_PAGE_SIZE, ...(before === null ? {} : { before }) };
}

/** The same address with what is older than this page; null where nothing is. */
export function olderHref({ url }: Visit, { older }: Pick<Page<unknown>, "older">): string | null {
  if (older === null) return null;
  const query = new URLSearchParams(url.searchParams);
  query.set("before", String(older));
  return `${url.pathname}?${query}`;
}
