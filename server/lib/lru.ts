/** A map that forgets what was not used for longest, so that strangers cannot fill the memory. */

export interface Lru<T> {
  /** The value, which thereby counts as used; undefined where there is none. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  /** Forgets everything. */
  clear(): void;
  /** Forgets every entry that matches; looks at all of them. */
  deleteWhere(matches: (value: T) => boolean): void;
}

export function createLru<T>(maxEntries: number): Lru<T> {
  const entries = new Map<string, T>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= maxEntries) return;
      const oldest = entries.keys().next().value;
      if (oldest !== undefined) entries.delete(oldest);
    },
    delete(key) {
      entries.delete(key);
    },
    clear() {
      entries.clear();
    },
    deleteWhere(matches) {
      for (const [key, value] of entries) if (matches(value)) entries.delete(key);
    },
  };
}
