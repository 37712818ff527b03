/** Films and sound in MP4 boxes: place, time and maker are blanked out, nothing else changes (ISO 14496-12 §4.2). */

/** Boxes that hold others on the way to the metadata. */
const CONTAINERS: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "minf", "moof", "traf"]);
/** Boxes that hold nothing but metadata, wherever they stand. */
const METADATA: ReadonlySet<string> = new Set(["udta", "meta", "uuid"]);
/** `moov/trak/mdia/minf` is four deep. */
const MAX_DEPTH = 6;

/** A copy of `bytes` in which every metadata box is free space of the same length, so that no offset moves. */
export function withoutFilmMetadata(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  blank(copy, 0, copy.length, MAX_DEPTH);
  return copy;
}

function blank(bytes: Uint8Array, from: number, to: number, depth: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const short = view.getUint32(at);
    const hasLong = short === 1 && at + 16 <= to;
    const head = hasLong ? 16 : 8;
    const size = hasLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    // What is damaged stays as it is: players skip it too.
    if (size < head || at + size > to) return;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (METADATA.has(type)) {
      bytes.set(FREE, at + 4);
      bytes.fill(0, at + head, at + size);
    } else if (CONTAINERS.has(type) && depth > 0) {
      blank(bytes, at + head, at + size, depth - 1);
    }
    at += size;
  }
}

const FREE = new TextEncoder().encode("free");
