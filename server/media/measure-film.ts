/** How long a film is, and how large: out of the boxes of MP4 (ISO 14496-12) and the elements of WebM (RFC 9559). */
import { type Box, boxesIn } from "./boxes.ts";
import { type Source, textAt, viewOf } from "./source.ts";

export interface Measured {
  readonly durationMs: number | null;
  /** In pixels, as it is shown; null for sound, and where nothing is said. */
  readonly width: number | null;
  readonly height: number | null;
}

const NOTHING: Measured = { durationMs: null, width: null, height: null };
/** Tracks that are looked at: sound, subtitles and one film seldom make ten. */
const MAX_TRACKS = 20;
/** A WebM file says what it is before its first cluster. */
const WEBM_HEAD_BYTES = 256 * 1024;

export async function measureMp4(source: Source): Promise<Measured> {
  const moov = await find(source, "moov");
  if (moov === null) return NOTHING;
  let durationMs: number | null = null;
  let size: readonly [number, number] | null = null;
  let tracks = 0;
  for await (const box of boxesIn(source, moov.from, moov.to)) {
    if (box.type === "mvhd") durationMs = await movieDuration(source, box);
    if (box.type === "trak" && size === null && ++tracks <= MAX_TRACKS) size = await trackSize(source, box);
  }
  return { durationMs, width: size?.[0] ?? null, height: size?.[1] ?? null };
}

async function find(source: Source, type: string, from = 0, to = source.sizeBytes): Promise<Box | null> {
  for await (const box of boxesIn(source, from, to)) if (box.type === type) return box;
  return null;
}

/** §8.2.2 */
async function movieDuration(source: Source, box: Box): Promise<number | null> {
  const bytes = await source.read(box.from, 32);
  if (bytes.length < 32) return null;
  const view = viewOf(bytes);
  const isLong = view.getUint8(0) === 1;
  const scale = view.getUint32(isLong ? 20 : 12);
  const duration = isLong ? Number(view.getBigUint64(24)) : view.getUint32(16);
  return milliseconds(duration / scale);
}

/** §8.3.2: as it is shown, so a film of a phone held upright is upright. Null for sound. */
async function trackSize(source: Source, box: Box): Promise<readonly [number, number] | null> {
  const head = await find(source, "tkhd", box.from, box.to);
  const bytes = head === null ? new Uint8Array() : await source.read(head.from, 96);
  if (bytes.length < 84) return null;
  const view = viewOf(bytes);
  const matrix = view.getUint8(0) === 1 ? 52 : 40;
  if (bytes.length < matrix + 44) return null;
  const width = view.getUint32(matrix + 36) >>> 16;
  const height = view.getUint32(matrix + 40) >>> 16;
  if (width === 0 || height === 0) return null;
  const isTurned = view.getInt32(matrix) === 0 && view.getInt32(matrix + 4) !== 0;
  return isTurned ? [height, width] : [width, height];
}

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const VIDEO = 0xe0;
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const HOLDERS: ReadonlySet<number> = new Set([SEGMENT, INFO, TRACKS, TRACK, VIDEO]);
/** RFC 9559 §5.1.2.9: ticks of a millisecond, where nothing is said. */
const DEFAULT_SCALE = 1_000_000;
const MAX_ELEMENTS = 2_000;

export async function measureWebm(source: Source): Promise<Measured> {
  const bytes = await source.read(0, WEBM_HEAD_BYTES);
  const view = viewOf(bytes);
  const found = new Map<number, number>();
  let at = 0;
  for (let count = 0; count < MAX_ELEMENTS && at + 2 <= bytes.length; count++) {
    const id = numberAt(bytes, at, true);
    const size = id && numberAt(bytes, at + id.length, false);
    if (!id || !size) break;
    const from = at + id.length + size.length;
    // What holds others is stepped into, whatever it says of its length: a recorder does not know it yet.
    if (HOLDERS.has(id.value)) {
      at = from;
      continue;
    }
    const end = from + size.value;
    if (end > bytes.length) break;
    if (!found.has(id.value)) {
      if (id.value === DURATION && size.value === 8) found.set(DURATION, view.getFloat64(from));
      if (id.value === DURATION && size.value === 4) found.set(DURATION, view.getFloat32(from));
      if ([TIMESTAMP_SCALE, PIXEL_WIDTH, PIXEL_HEIGHT].includes(id.value) && size.value <= 6)
        found.set(
          id.value,
          bytes.subarray(from, end).reduce((sum, byte) => sum * 256 + byte, 0),
        );
    }
    at = end;
  }
  const duration = found.get(DURATION);
  return {
    durationMs:
      duration === undefined
        ? null
        : milliseconds((duration * (found.get(TIMESTAMP_SCALE) ?? DEFAULT_SCALE)) / 1e9),
    width: found.get(PIXEL_WIDTH) ?? null,
    height: found.get(PIXEL_HEIGHT) ?? null,
  };
}

/** RFC 8794 §4: the first byte says how many there are; an id keeps its mark. */
function numberAt(bytes: Uint8Array, at: number, isId: boolean): { value: number; length: number } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || length > (isId ? 4 : 8) || at + length > bytes.length) return null;
  let value = isId ? first : first & (0xff >> length);
  for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return { value, length };
}

/** Days are no film, and a division by zero is no time. */
const MAX_SECONDS = 7 * 24 * 3_600;

export const milliseconds = (seconds: number): number | null =>
  seconds > 0 && seconds <= MAX_SECONDS ? Math.round(seconds * 1000) : null;

/** The Theora header of an Ogg film (Theora I §6.2). */
export function measureTheora(page: Uint8Array): Pick<Measured, "width" | "height"> {
  const at = textAt(page, 0, Math.min(page.length, 128)).indexOf("\x80theora");
  if (at < 0 || at + 20 > page.length) return NOTHING;
  const view = viewOf(page);
  const three = (from: number): number => (view.getUint16(from) << 8) | view.getUint8(from + 2);
  return { width: three(at + 14) || null, height: three(at + 17) || null };
}
