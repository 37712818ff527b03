/** What a filter is: words that somebody does not want to read, where, and what becomes of them. */
import type { Phrase } from "./matching.ts";

/** Where filters can hold. */
export const FILTER_CONTEXTS = ["home", "notices", "threads", "profiles", "public"] as const;
export type FilterContext = (typeof FILTER_CONTEXTS)[number];

/** `hide` leaves it out, `warn` shows the filter's name and the rest on demand, `blur` covers its pictures. */
export const FILTER_ACTIONS = ["hide", "warn", "blur"] as const;
export type FilterAction = (typeof FILTER_ACTIONS)[number];

/** A phrase with a number of its own, by which programs name it. */
export interface FilterPhrase extends Phrase {
  readonly key: number;
}

/** One thing that the filter names, whatever it says. */
export interface FilterObject {
  readonly key: number;
  /** Key of its row. */
  readonly object: number;
}

export interface Filter {
  readonly key: number;
  readonly title: string;
  readonly phrases: readonly FilterPhrase[];
  readonly objects: readonly FilterObject[];
  readonly contexts: readonly FilterContext[];
  readonly action: FilterAction;
  readonly expiresMs: number | null;
}

/** A person's filters: reading stays quick, and nobody looks through more. */
export const MAX_FILTERS = 50;
export const MAX_PHRASES = 50;
export const MAX_PHRASE = 100;
export const MAX_TITLE = 80;
/** Things that one filter names. */
export const MAX_OBJECTS = 100;
