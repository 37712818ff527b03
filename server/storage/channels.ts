/** Messages between parts of one process: who listens to which channel. */

export interface Channels {
  /** Calls every listener, after the caller has finished its turn. */
  tell(channel: string, payload: string): void;
  /** Returns how to stop. */
  listen(channel: string, heard: (payload: string) => void): () => void;
}

export function createChannels(): Channels {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  return {
    tell(channel, payload) {
      for (const heard of listeners.get(channel) ?? []) queueMicrotask(() => heard(payload));
    },
    listen(channel, heard) {
      // Wrapped, so that one function that listens twice can also stop twice.
      const own = (payload: string): void => heard(payload);
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(own));
      return () => {
        known.delete(own);
        if (known.size === 0) listeners.delete(channel);
      };
    },
  };
}
