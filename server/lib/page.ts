/** Pages by key: never an offset, always "older than" and "newer than". */

export interface PageRequest {
  /** Only items with a smaller key. */
  readonly before?: number;
  /** Only items with a greater key; the page begins with the newest. */
  readonly after?: number;
  /** Only items with a greater key; the page ends with the oldest of them. */
  readonly from?: number;
  readonly limit: number;
}

export interface Page<T> {
  /** Newest first. */
  readonly items: readonly T[];
  /** Where the next (older) page begins, or null at the end. */
  readonly older: number | null;
  /** Where a newer page would begin, or null when the page is empty. */
  readonly newer: number | null;
}

/** What one page shows when nobody asks otherwise. */
export const DEFAULT_PAGE_SIZE = 20;
/** What one page shows at most, so that one request stays cheap. */
export const MAX_PAGE_SIZE = 40;
/** What programs may ask for at once where the list is of small things: the most that Mastodon gives (followed tags). */
export const MAX_LONG_PAGE = 200;

/** A page from up to `limit + 1` rows, newest first: the extra row only tells that there is more. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => number): Page<T> {
  const items = rows.slice(0, limit);
  const first = items[0];
  const last = items.at(-1);
  return {
    items,
    older: rows.length > limit && last !== undefined ? keyOf(last) : null,
    newer: first === undefined ? null : keyOf(first),
  };
}
