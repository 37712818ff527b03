/** What a filter is: words that somebody does not want to read, where, and what becomes of them. */
import type { Phrase } from "./matching.ts";

/** Where filters can hold. */
export const FILTER_CONTEXTS = ["home", "notices", "threads", "profiles", "public"] as const;
export type FilterContext = (typeof FILTER_CONTEXTS)[number];

/** `hide` leaves it out, `warn` shows the filter's name and the rest on demand. */
export const FILTER_ACTIONS = ["hide", "warn"] as const;
export type FilterAction = (typeof FILTER_ACTIONS)[number];

export interface Filter {
  readonly key: number;
  readonly title: string;
  readonly phrases: readonly Phrase[];
  readonly contexts: readonly FilterContext[];
  readonly action: FilterAction;
  readonly expiresMs: number | null;
}

/** A person's filters: reading stays quick, and nobody looks through more. */
export const MAX_FILTERS = 50;
export const MAX_PHRASES = 50;
export const MAX_PHRASE = 100;
export const MAX_TITLE = 80;
