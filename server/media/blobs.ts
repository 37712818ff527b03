/** The blobs port: bytes under a name that is made from them, wherever they are kept. */

export interface Found {
  /** Read when it is needed, and only the part that is. No body of an answer: see `part`. */
  readonly blob: Blob;
  readonly sizeBytes: number;
  /** Where it lies on this machine, or null. */
  readonly localPath: string | null;
  /** Where anybody may read it without us, or null. */
  readonly publicUrl: string | null;
  /** The bytes from one place up to another, as the body of an answer. */
  part(from: number, to: number): Promise<Blob | Uint8Array<ArrayBuffer> | ReadableStream>;
}

/** A file on this machine's disk, which is taken away once it is kept. */
export interface LocalFile {
  readonly path: string;
}

export interface Listed {
  readonly name: string;
  readonly sizeBytes: number;
  /** When it was kept, by the clock of the place. */
  readonly keptMs: number;
}

export interface Blobs {
  /**
   * Keeps the bytes; resolves once they are safe. A name stands for its bytes, so the same name again changes nothing.
   * Throws Problem `full` where there is no room.
   */
  put(name: string, content: Uint8Array | LocalFile): Promise<void>;
  /** Null where nothing has that name. */
  find(name: string): Promise<Found | null>;
  /** Nothing where nothing has that name. */
  remove(name: string): Promise<void>;
  /** All that are kept, in no order. */
  list(): AsyncIterable<Listed>;
  /** Clears away what was begun before that time and never finished, because the power went. */
  removeUnfinished(beforeMs: number): Promise<void>;
}

/** Names are ours, and yet nothing that could leave the place gets through. */
const NAME = /^[0-9a-f]{2}[0-9a-z]{2,126}\.[a-z0-9]{1,8}$/;

export const isBlobName = (name: string): boolean => NAME.test(name);

/** @throws Error for what is no name of a blob: a fault of ours, never of a request. */
export function requireBlobName(name: string): void {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a blob`);
}

/** Keeps what is new in one place, and finds what an earlier one still has: after the operator has named another. */
export const withEarlier = (place: Blobs, earlier: Blobs): Blobs => ({
  put: place.put,
  find: async (name) => (await place.find(name)) ?? earlier.find(name),
  async remove(name) {
    await place.remove(name);
    await earlier.remove(name);
  },
  async *list() {
    yield* place.list();
    yield* earlier.list();
  },
  async removeUnfinished(beforeMs) {
    await place.removeUnfinished(beforeMs);
    await earlier.removeUnfinished(beforeMs);
  },
});

/** Carries everything from one place to another, file by file; what was begun goes on where it ended. Gives how many. */
export async function moveBlobs(from: Blobs, to: Blobs): Promise<number> {
  let moved = 0;
  for await (const { name } of from.list()) {
    const found = await from.find(name);
    if (found?.localPath == null) continue;
    await to.put(name, { path: found.localPath });
    moved++;
  }
  return moved;
}
