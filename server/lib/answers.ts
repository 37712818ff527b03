/** Answers that take work: asked for once, shared by all who wait, kept while they are good, forgotten where asking failed. */
import { type Now, steady } from "./clock.ts";
import { createLru } from "./lru.ts";

export interface Answers<T> {
  /** What is known of `key`, or what `ask` gives. An error reaches all who wait for it; whoever comes later asks anew. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
  /** Forgets the answer; one that is still being asked for reaches those who wait for it and nobody else. */
  delete(key: string): void;
  /** Forgets all of them in the same way. */
  clear(): void;
}

/** What was not used for longest is forgotten beyond `maxEntries`. Without `goodFor` an answer is good for ever. */
export function createAnswers<T>(
  maxEntries: number,
  goodFor?: { readonly now: Now; readonly ms: number },
): Answers<T> {
  const known = createLru<{ readonly atMs: number; readonly answer: Promise<T> }>(maxEntries);
  const nowMs = goodFor ? steady(goodFor.now) : () => 0;
  const goodForMs = goodFor?.ms ?? Number.POSITIVE_INFINITY;

  return {
    get(key, ask) {
      const before = known.get(key);
      if (before !== undefined && nowMs() - before.atMs < goodForMs) return before.answer;
      const entry = { atMs: nowMs(), answer: ask() };
      known.set(key, entry);
      // @NOTE Whoever asked hears the error.
      entry.answer.catch(() => {
        if (known.get(key) === entry) known.delete(key);
      });
      return entry.answer;
    },
    delete: known.delete,
    clear: known.clear,
  };
}
