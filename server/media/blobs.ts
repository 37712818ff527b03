/** The blobs port: bytes under a name that is made from them, wherever they are kept. */

export interface Found {
  /** Read when it is needed, and only the part that is. */
  readonly blob: Blob;
  readonly sizeBytes: number;
}

export interface Blobs {
  /**
   * Keeps the bytes; resolves once they are safe. A name stands for its bytes, so the same name again changes nothing.
   * Throws Problem `full` where there is no room.
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Null where nothing has that name. */
  find(name: string): Promise<Found | null>;
  /** Nothing where nothing has that name. */
  remove(name: string): Promise<void>;
  /** All that are kept, in no order. */
  names(): AsyncIterable<string>;
  /** Clears away what was being put when the power went. Only while nothing is being put. */
  removeUnfinished(): Promise<void>;
}
