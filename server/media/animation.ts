/** Moving pictures, which cannot be encoded anew: kept frame by frame, without anything that is not picture. */

export interface Picture {
  readonly isMoving: boolean;
  /** The picture alone: no comments, no place, no time, nothing after its end. */
  readonly bytes: Uint8Array;
  /** The same or, where only browsers can draw the whole, its first frame. */
  readonly still: Uint8Array;
  /** What browsers draw it on, in pixels, where that is not the size of the first frame; absent where nothing else is said. */
  readonly canvas?: { readonly width: number; readonly height: number };
}

/** Browsers draw every frame; more than that is no picture but a weapon. */
const MAX_FRAMES = 2_000;

/** Null where `bytes` are not what their first ones promise. */
export function readPicture(bytes: Uint8Array, extension: string): Picture | null {
  try {
    if (extension === "gif") return readGif(bytes);
    if (extension === "png") return readPng(bytes);
    if (extension === "webp") return readWebp(bytes);
    return { isMoving: false, bytes, still: bytes };
  } catch (error) {
    // @NOTE A DataView past its end is how a file that was cut short shows itself.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** To be changed: `slice` of a Buffer would be the same bytes. */
const copyOf = (bytes: Uint8Array, from: number, to?: number): Uint8Array =>
  Uint8Array.from(bytes.subarray(from, to));

/** GIF89a §27: the end. */
const TRAILER = 0x3b;

/** GIF89a §15–§27. */
function readGif(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(view.getUint8(10));
  const kept: Uint8Array[] = [bytes.subarray(0, at)];
  let frames = 0;
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  const pastBlocks = (from: number): number => {
    let next = from;
    for (let size = view.getUint8(next); size !== 0; size = view.getUint8(next)) next += size + 1;
    return next + 1;
  };
  for (;;) {
    const from = at;
    // Many programs forget the trailer; every browser draws what came before.
    const introducer = at === bytes.length ? TRAILER : view.getUint8(at);
    if (introducer === TRAILER) break;
    if (introducer === 0x2c) {
      if (++frames > MAX_FRAMES) return null;
      width = Math.max(width, view.getUint16(at + 1, true) + view.getUint16(at + 5, true));
      height = Math.max(height, view.getUint16(at + 3, true) + view.getUint16(at + 7, true));
      at = pastBlocks(at + 10 + colours(view.getUint8(at + 9)) + 1);
      kept.push(bytes.subarray(from, at));
    } else if (introducer === 0x21) {
      const label = view.getUint8(at + 1);
      at = pastBlocks(at + 2);
      const isLoop = label === 0xff && /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(textAt(bytes, from + 3, 11));
      if (label === 0xf9 || isLoop) kept.push(bytes.subarray(from, at));
    } else {
      return null;
    }
  }
  kept.push(Uint8Array.of(TRAILER));
  const whole = Buffer.concat(kept);
  if (frames === 0) return null;
  return { isMoving: frames > 1, bytes: whole, still: whole, canvas: { width, height } };
}

/** Chunks that say how the picture looks (PNG §11.2, §11.3); what tells of its making is left out. */
const PNG_KEPT: ReadonlySet<string> = new Set([
  ...["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "acTL", "fcTL", "fdAT"],
  ...["cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs"],
]);

function readPng(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  let isMoving = false;
  let frames = 0;
  for (let at = 8; ; ) {
    const type = textAt(bytes, at + 4, 4);
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    if (type === "acTL") isMoving = true;
    if (type === "fcTL" && ++frames > MAX_FRAMES) return null;
    if (PNG_KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === "IEND") {
      const whole = Buffer.concat(kept);
      return { isMoving, bytes: whole, still: whole };
    }
    at = end;
  }
}

const WEBP_KEPT: ReadonlySet<string> = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** RFC 9649 §2.7.1: the flags that promise EXIF and XMP chunks, and those that promise transparency and a profile of colours. */
const WEBP_METADATA_FLAGS = 0x0c;
const WEBP_STILL_FLAGS = 0x30;
/** RFC 9649 §2.7.1.1: place, size, duration and flags of a frame, then the chunks of a picture. */
const ANMF_HEAD_BYTES = 16;

function readWebp(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  const riffEnd = 8 + view.getUint32(4, true);
  if (riffEnd > bytes.length) return null;
  const kept: Uint8Array[] = [];
  let first: Uint8Array | null = null;
  let frames = 0;
  for (let at = 12; at + 8 <= riffEnd; ) {
    const type = textAt(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > riffEnd) return null;
    if (type === "ANMF" && ++frames > MAX_FRAMES) return null;
    if (WEBP_KEPT.has(type)) {
      const chunk = copyOf(bytes, at, end);
      if (type === "VP8X") chunk[8] = (chunk[8] ?? 0) & ~WEBP_METADATA_FLAGS;
      if (type === "ANMF") first ??= chunk;
      kept.push(chunk);
    }
    at = end;
  }
  const whole = webpOf(bytes, kept);
  return {
    isMoving: frames > 1,
    bytes: whole,
    still: first === null ? whole : webpOf(bytes, stillChunks(kept, first)),
  };
}

const webpOf = (bytes: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array => {
  const header = copyOf(bytes, 0, 12);
  viewOf(header).setUint32(4, 4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), true);
  return Buffer.concat([header, ...chunks]);
};

/** A frame as a picture of its own, as large as the frame. */
function stillChunks(chunks: readonly Uint8Array[], frame: Uint8Array): readonly Uint8Array[] {
  const named = (type: string) => chunks.find((chunk) => textAt(chunk, 0, 4) === type);
  const given = named("VP8X");
  if (given === undefined) return [];
  const extended = copyOf(given, 0);
  extended[8] = (extended[8] ?? 0) & WEBP_STILL_FLAGS;
  extended.set(frame.subarray(8 + 6, 8 + 12), 8 + 4);
  const profile = named("ICCP");
  return [extended, ...(profile ? [profile] : []), frame.subarray(8 + ANMF_HEAD_BYTES)];
}
