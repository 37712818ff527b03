/** A gate that lets so many through at once for each key, and so many in all. */

export interface Gate {
  /**
   * Resolves once there is room, first come first served, and gives the function that makes room again.
   * Rejects with `signal.reason` when that comes first.
   */
  enter(key: string, signal: AbortSignal): Promise<() => void>;
  /** How many are inside and how many wait. */
  load(): { readonly inside: number; readonly waiting: number };
}

interface Waiter {
  readonly key: string;
  readonly admit: () => void;
}

/** Keeps state only for keys that have somebody inside. */
export function createGate(limits: { readonly perKey: number; readonly total: number }): Gate {
  const insideByKey = new Map<string, number>();
  const waiting = new Set<Waiter>();
  let inside = 0;

  const hasRoom = (key: string): boolean =>
    inside < limits.total && (insideByKey.get(key) ?? 0) < limits.perKey;

  function admit(key: string): () => void {
    inside++;
    insideByKey.set(key, (insideByKey.get(key) ?? 0) + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      leave(key);
    };
  }

  function leave(key: string): void {
    inside--;
    const left = (insideByKey.get(key) ?? 1) - 1;
    if (left === 0) insideByKey.delete(key);
    else insideByKey.set(key, left);
    for (const waiter of waiting) {
      if (inside >= limits.total) return;
      if (hasRoom(waiter.key)) waiter.admit();
    }
  }

  return {
    async enter(key, signal) {
      signal.throwIfAborted();
      if (hasRoom(key)) return admit(key);
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const waiter: Waiter = {
        key,
        admit() {
          waiting.delete(waiter);
          signal.removeEventListener("abort", giveUp);
          resolve(admit(key));
        },
      };
      function giveUp(): void {
        waiting.delete(waiter);
        reject(signal.reason);
      }
      waiting.add(waiter);
      signal.addEventListener("abort", giveUp, { once: true });
      return promise;
    },
    load: () => ({ inside, waiting: waiting.size }),
  };
}
