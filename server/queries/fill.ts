/** Fills a page although many of the rows read for it are not shown. */
import { MAX_KEY } from "../lib/id.ts";
import { MAX_LONG_PAGE, type Page, type PageRequest } from "../lib/page.ts";
import { nextTurn } from "../lib/turn.ts";

/** Rows read for one page at most: whoever has muted nearly everybody gets a short page and can go on. */
const MAX_LOOK_AHEAD = 1000;
/**
 * Rows read for a page on which nothing stands so far: programs take an empty page for the end. A fifth of a second where
 * the text of each is looked at; a list without anything in so many rows is rare enough to be gone on with by hand.
 */
const MAX_LOOK_FOR_FIRST = 5_000;
/** Rows read at one time: some 20 ms in which nobody else is answered. */
const MAX_STRETCH = 500;
/** Rows read at first beyond those wanted: a share seen already, a vote. */
const SLACK = 3;
/** Each further read is so many times as long. */
const GROWTH = 2;

/** A stretch of a list, both ends excluded. */
export interface Range {
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  readonly order: "ASC" | "DESC";
}

/**
 * Reads stretches until the page is full, the list ends or enough was looked at. `keep` says which rows are shown.
 * @throws RangeError for more than any page holds: whoever asked for all of a list would take a part for the whole.
 */
export async function fillPage<R>(
  request: PageRequest,
  source: {
    readonly read: (range: Range) => Promise<readonly R[]>;
    readonly keep: (rows: readonly R[]) => Promise<readonly R[]>;
    readonly keyOf: (row: R) => number;
  },
): Promise<Page<R>> {
  const { keyOf } = source;
  if (request.limit > MAX_LONG_PAGE)
    throw new RangeError(`A page of ${request.limit}: no page holds more than ${MAX_LONG_PAGE}.`);
  const limit = Math.max(1, request.limit);
  const isUpwards = request.from !== undefined;
  let before = request.before ?? MAX_KEY;
  let after = request.from ?? request.after ?? -1;
  let take = limit + 1 + SLACK;
  let scanned = 0;
  let isAtEnd = false;
  const kept: R[] = [];
  const most = () => (kept.length === 0 ? MAX_LOOK_FOR_FIRST : MAX_LOOK_AHEAD);
  while (kept.length <= limit && !isAtEnd && scanned < most()) {
    // Nobody else waits for so long a look.
    if (scanned >= MAX_LOOK_AHEAD) await nextTurn();
    const rows = await source.read({ before, after, limit: take, order: isUpwards ? "ASC" : "DESC" });
    kept.push(...(await source.keep(rows)));
    scanned += rows.length;
    isAtEnd = rows.length < take;
    const edge = rows.at(-1);
    if (edge !== undefined && isUpwards) after = keyOf(edge);
    else if (edge !== undefined) before = keyOf(edge);
    take = Math.min(take * GROWTH, MAX_STRETCH - (scanned % MAX_STRETCH));
  }
  const items = kept.slice(0, limit);
  if (isUpwards) items.reverse();
  const first = items[0];
  const last = items.at(-1);
  const newer = first === undefined ? null : keyOf(first);
  if (isUpwards) return { items, older: last === undefined ? null : keyOf(last), newer };
  const isCut = kept.length > limit && last !== undefined;
  return { items, older: isCut ? keyOf(last) : isAtEnd ? null : before, newer };
}
