/** A view that says what it said the last time is the same object again: faces can keep what they made of it. */
import { createLru } from "../lib/lru.ts";
import { type ViewSources, viewOf } from "./object-view.ts";
import type { TallyRow } from "./store.ts";
import type { ObjectView } from "./view.ts";

/** The first pages of sixty people; some 10 MB with the markup that the pages keep of each. */
const MAX_VIEWS = 1_200;

interface Kept {
  readonly sources: ViewSources;
  readonly view: ObjectView;
}

export interface SameViews {
  /** `viewOf`, which never gives two objects that are equal in a row. */
  of(sources: ViewSources): ObjectView;
  /** The next view of each object is a new one. */
  releaseMemory(): void;
}

export function createSameViews(): SameViews {
  const kept = createLru<Kept>(MAX_VIEWS);
  return {
    of(sources) {
      // What a poll shows hangs on the time.
      if (sources.parts.poll !== null) return viewOf(sources);
      const key = keyOf(sources);
      const known = kept.get(key);
      if (known && isSame(known.sources, sources)) return known.view;
      const view = viewOf(sources);
      kept.set(key, { sources, view });
      return view;
    },
    releaseMemory: kept.clear,
  };
}

/** The row, and what the viewer is to it: most viewers are nothing to it, and share one view. */
function keyOf({ row, tallies, viewer }: ViewSources): string {
  const isAuthor = viewer !== null && row.owner === viewer;
  let key = `${row.key} ${viewer === null ? "-" : "+"}${isAuthor} ${row.bookmarked}`;
  for (const { name, mine } of tallies) if (mine > 0) key += ` ${name}`;
  return key;
}

/** Parts and people are compared as objects: they are remembered, and made anew when their rows change. */
const isSame = (one: ViewSources, other: ViewSources): boolean =>
  one.parts === other.parts &&
  one.author === other.author &&
  one.group === other.group &&
  one.visibility === other.visibility &&
  one.row.deleted === other.row.deleted &&
  one.row.held === other.row.held &&
  one.parent?.key === other.parent?.key &&
  one.parent?.author === other.parent?.author &&
  one.quote?.state === other.quote?.state &&
  one.quote?.view === other.quote?.view &&
  one.tallies.length === other.tallies.length &&
  one.tallies.every((tally, i) => isSameTally(tally, other.tallies[i]));

const isSameTally = (one: TallyRow, other: TallyRow | undefined): boolean =>
  one.name === other?.name && one.total === other.total;
