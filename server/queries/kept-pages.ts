/** Pages that were read since the last commit: until something is written, the same question has the same answer. */
import { type Now, steady } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";
import type { Db } from "../storage/db.ts";

/** The first pages of as many people as a small server has at one time; what they show is shared with other pages. */
const MAX_PAGES = 200;
/** What hangs on the time (polls that end, mutes that are over) may be so old, in milliseconds. */
const MAX_AGE_MS = 1_000;

export interface KeptPages {
  /** `name` says what is read and `about` for whom and where in the list: whatever makes a difference, as JSON can write it. */
  keep<T extends object>(name: string, about: readonly unknown[], read: () => Promise<T>): Promise<T>;
  /** Forgets all of them. */
  releaseMemory(): void;
}

interface Kept {
  readonly page: object;
  readonly readMs: number;
}

/**
 * The same page is the same object, so that faces may keep what they made of it. Nothing is kept where the database cannot
 * say that nobody wrote.
 */
export function createKeptPages(deps: { readonly db: Pick<Db, "version">; readonly now: Now }): KeptPages {
  const { db } = deps;
  const now = steady(deps.now);
  const pages = createLru<Kept>(MAX_PAGES);
  /** Of the database when they were read. */
  let keptVersion: number | null = null;
  return {
    async keep(name, about, read) {
      const version = db.version();
      if (version === null) return read();
      if (version !== keptVersion) pages.clear();
      keptVersion = version;
      const key = `${name} ${JSON.stringify(about)}`;
      const known = pages.get(key);
      // The same key is only ever read by the same function.
      if (known && now() - known.readMs < MAX_AGE_MS) return known.page as Awaited<ReturnType<typeof read>>;
      const readMs = now();
      const page = await read();
      if (db.version() === version) pages.set(key, { page, readMs });
      else pages.delete(key);
      return page;
    },
    releaseMemory: pages.clear,
  };
}
