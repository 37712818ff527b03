/** Bytes to look into piece by piece, wherever they lie: a film is never read as a whole. */
import { type FileHandle, open } from "node:fs/promises";

export interface Source {
  readonly sizeBytes: number;
  /** Fewer bytes than `length` at the end. Into `space` where that is given and the bytes are not in memory anyway. */
  read(at: number, length: number, space?: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

export interface Editable extends Source {
  /** In place of those that are there. */
  write(at: number, bytes: Uint8Array): Promise<void>;
}

/** `write` changes `bytes` themselves. */
export const sourceOfBytes = (bytes: Uint8Array): Editable => ({
  sizeBytes: bytes.length,
  read: async (at, length) => bytes.subarray(at, at + length),
  async write(at, given) {
    bytes.set(given, at);
  },
});

/** Read when it is needed, wherever the blob lies. */
export const sourceOfBlob = (blob: Blob): Source => ({
  sizeBytes: blob.size,
  read: async (at, length) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer()),
});

/** The file may be read and written while `use` runs. */
export async function withFile<T>(
  path: string,
  flags: "r" | "r+",
  use: (source: Editable) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags);
  try {
    const { size } = await file.stat();
    return await use({
      sizeBytes: size,
      read: (at, length, space) => readAt(file, at, Math.max(0, Math.min(length, size - at)), space),
      async write(at, bytes) {
        await file.write(bytes, 0, bytes.length, at);
      },
    });
  } finally {
    await file.close();
  }
}

async function readAt(
  file: FileHandle,
  at: number,
  length: number,
  bytes = new Uint8Array(length),
): Promise<Uint8Array> {
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}

/** A view for numbers, over the very bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** One letter for each byte. */
export const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
