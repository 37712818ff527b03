/** After a commit, tells whoever is streaming. What is told may be lost: nothing may depend on it. */
import type { Log } from "../lib/log.ts";

export interface Happening {
  readonly type: string;
  readonly activity: number;
  readonly actor: number;
  /** Further activities that came of it in the same batch: an Accept, what a group does. */
  readonly emitted?: readonly number[];
}

export interface Listeners {
  tell(happening: Happening): void;
  /** Returns how to stop listening. */
  listen(heard: (happening: Happening) => void): () => void;
}

export function createListeners(log: Log): Listeners {
  const all = new Set<(happening: Happening) => void>();
  return {
    tell(happening) {
      for (const heard of all) {
        try {
          heard(happening);
        } catch (error) {
          // @NOTE The activity is committed; a listener that fails must not make it look as if it were not.
          log.error("A listener failed", error, { type: happening.type });
        }
      }
    },
    listen(heard) {
      all.add(heard);
      return () => all.delete(heard);
    },
  };
}
