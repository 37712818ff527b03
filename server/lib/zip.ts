/** Writes a ZIP file (PKWARE APPNOTE 6.3): entries as they are, uncompressed, one after the other, in little memory. */
import { crc32 } from "node:zlib";

/** Without ZIP64 neither the file nor any entry may reach four gigabytes, nor entries sixty-five thousand. */
export const MAX_ZIP_BYTES = 0xffff_ffff;
const MAX_ZIP_ENTRIES = 0xffff;

const LOCAL_HEADER = 0x0403_4b50;
const CENTRAL_HEADER = 0x0201_4b50;
const END_OF_CENTRAL = 0x0605_4b50;
/** Version 2.0 of the format is what every program reads. */
const VERSION = 20;
/** Names are in UTF-8 (§4.4.4, bit 11). */
const FLAGS = 0x0800;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;

export interface Zip {
  /** `name` with slashes, `modifiedMs` since 1970. @throws RangeError where the file would grow too large. */
  add(name: string, modifiedMs: number, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Writes the directory; gives the size in bytes. */
  end(): Promise<number>;
}

interface Entry {
  readonly name: Uint8Array;
  readonly time: number;
  readonly crc: number;
  readonly size: number;
  readonly at: number;
}

/** `write` puts bytes at a place in the file, which may be one that was written before. */
export function createZip(write: (bytes: Uint8Array, at: number) => Promise<void>): Zip {
  const entries: Entry[] = [];
  let end = 0;

  async function append(bytes: Uint8Array): Promise<void> {
    if (end + bytes.length > MAX_ZIP_BYTES) throw new RangeError("A ZIP file ends at four gigabytes.");
    await write(bytes, end);
    end += bytes.length;
  }

  return {
    async add(name, modifiedMs, chunks) {
      if (entries.length >= MAX_ZIP_ENTRIES) throw new RangeError("A ZIP file holds no more entries.");
      const at = end;
      const bytes = new TextEncoder().encode(name);
      const time = dosTime(modifiedMs);
      // What is not known yet is written over the place once it is.
      await append(localHeader({ name: bytes, time, crc: 0, size: 0, at }));
      let crc = 0;
      const start = end;
      for await (const chunk of chunks) {
        crc = crc32(chunk, crc);
        await append(chunk);
      }
      const entry = { name: bytes, time, crc, size: end - start, at };
      await write(localHeader(entry), at);
      entries.push(entry);
    },
    async end() {
      const start = end;
      for (const entry of entries) await append(centralHeader(entry));
      const last = new DataView(new ArrayBuffer(END_SIZE));
      last.setUint32(0, END_OF_CENTRAL, true);
      last.setUint16(8, entries.length, true);
      last.setUint16(10, entries.length, true);
      last.setUint32(12, end - start, true);
      last.setUint32(16, start, true);
      await append(new Uint8Array(last.buffer));
      return end;
    },
  };
}

/** §4.3.7. */
function localHeader(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(LOCAL_SIZE + entry.name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, LOCAL_HEADER, true);
  writeShared(view, 4, entry);
  bytes.set(entry.name, LOCAL_SIZE);
  return bytes;
}

/** §4.3.12. */
function centralHeader(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(CENTRAL_SIZE + entry.name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CENTRAL_HEADER, true);
  view.setUint16(4, VERSION, true);
  writeShared(view, 6, entry);
  view.setUint32(42, entry.at, true);
  bytes.set(entry.name, CENTRAL_SIZE);
  return bytes;
}

/** What both headers say, in the same order. */
function writeShared(view: DataView, at: number, { name, time, crc, size }: Entry): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, FLAGS, true);
  view.setUint32(at + 6, time, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
}

/** MS-DOS date and time (§4.4.6), in UTC; the first moment that it can say is the beginning of 1980. */
function dosTime(ms: number): number {
  const date = new Date(Math.max(ms, Date.UTC(1980, 0, 1)));
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}
