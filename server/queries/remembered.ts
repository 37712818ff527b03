/** What was made from documents, kept while it fits and while the rows are the same. */

/** Says which version of a row something was made from: any change of the row changes one of these. */
export interface Stamp {
  readonly updated: number | null;
  readonly fetched: number | null;
  readonly deleted: number | null;
  /** Bytes of the document. */
  readonly size: number | null;
}

export interface Remembered<T> {
  /** What was made from this very version, or undefined. */
  get(key: string, stamp: Stamp): T | undefined;
  /** `bytes` of the text that the value keeps; those of the whole document where nothing is said. */
  set(key: string, stamp: Stamp, value: T, bytes?: number): void;
  /** Bytes that all entries are estimated to take. */
  bytes(): number;
  /** Forgets everything. */
  clear(): void;
}

interface Entry<T> extends Stamp {
  readonly value: T;
  readonly weight: number;
}

/** Objects, strings and map entries around the text: measured on notes and actors, rounded up. */
const BYTES_PER_ENTRY = 1500;
/** Strings made from a document, cleaned, compared with the bytes of the document itself. */
const BYTES_PER_BYTE = 2;

/** Forgets what was not used for longest once `maxBytes` are reached. */
export function createRemembered<T>(maxBytes: number): Remembered<T> {
  const entries = new Map<string, Entry<T>>();
  let bytes = 0;

  function drop(key: string, entry: Entry<T>): void {
    entries.delete(key);
    bytes -= entry.weight;
  }

  return {
    get(key, stamp) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (!isSame(entry, stamp)) {
        drop(key, entry);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, { updated, fetched, deleted, size }, value, kept = size ?? 0) {
      const known = entries.get(key);
      if (known) drop(key, known);
      const weight = BYTES_PER_ENTRY + BYTES_PER_BYTE * kept;
      entries.set(key, { updated, fetched, deleted, size, value, weight });
      bytes += weight;
      for (const [oldest, entry] of entries) {
        if (bytes <= maxBytes) break;
        drop(oldest, entry);
      }
    },
    bytes: () => bytes,
    clear() {
      entries.clear();
      bytes = 0;
    },
  };
}

const isSame = (one: Stamp, other: Stamp): boolean =>
  one.updated === other.updated &&
  one.fetched === other.fetched &&
  one.deleted === other.deleted &&
  one.size === other.size;
