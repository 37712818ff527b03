/** How long something is heard or moves, and how large it is shown: read out of its headers. */
import { type Measured, measureMp4, measureTheora, measureWebm, milliseconds } from "./measure-film.ts";
import { type Source, textAt, viewOf } from "./source.ts";

const NOTHING: Measured = { durationMs: null, width: null, height: null };
const HEAD_BYTES = 64 * 1024;
/** An Ogg page has 65 307 bytes at most (RFC 3533 §6). */
const OGG_TAIL_BYTES = 66_000;
/** Larger sizes are a mistake or a lie. */
const MAX_PIXELS_A_SIDE = 32_768;

/** `extension` as found by `probe`. Whatever is damaged is simply not known. */
export async function measure(source: Source, extension: string): Promise<Measured> {
  const reader = READERS[extension];
  if (reader === undefined) return NOTHING;
  try {
    const { durationMs, width, height } = await reader(source);
    const isSize = width !== null && height !== null && Math.max(width, height) <= MAX_PIXELS_A_SIDE;
    return { durationMs, width: isSize ? width : null, height: isSize ? height : null };
  } catch (error) {
    // @NOTE A DataView past its end is how a file that was cut short shows itself.
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

const sound = (read: (source: Source) => Promise<number | null>) => async (source: Source) => ({
  ...NOTHING,
  durationMs: await read(source),
});

const READERS: Readonly<Record<string, (source: Source) => Promise<Measured>>> = {
  mp4: measureMp4,
  mov: measureMp4,
  m4a: sound(async (source) => (await measureMp4(source)).durationMs),
  webm: measureWebm,
  ogv: async (source) => ({
    ...measureTheora(await source.read(0, 4096)),
    durationMs: await oggDuration(source),
  }),
  ogg: sound(oggDuration),
  mp3: sound(mp3Duration),
  wav: sound(wavDuration),
  flac: sound(flacDuration),
};

/** The last page of the sound says how many samples came before its end (RFC 3533 §6; RFC 7845 §4; Vorbis I §A.2). */
async function oggDuration(source: Source): Promise<number | null> {
  const head = await source.read(0, HEAD_BYTES);
  const text = textAt(head, 0, Math.min(head.length, 8192));
  const opus = text.indexOf("OpusHead");
  const vorbis = text.indexOf("\x01vorbis");
  if (opus < 0 && vorbis < 0) return null;
  const at = opus >= 0 ? opus : vorbis;
  const rate = opus >= 0 ? 48_000 : viewOf(head).getUint32(vorbis + 12, true);
  const skipped = opus >= 0 ? viewOf(head).getUint16(opus + 10, true) : 0;
  const serial = serialBefore(head, at);
  const from = Math.max(0, source.sizeBytes - OGG_TAIL_BYTES);
  const tail = await source.read(from, OGG_TAIL_BYTES);
  const view = viewOf(tail);
  for (let page = tail.length - 27; page >= 0; page--) {
    if (tail[page] !== 0x4f || textAt(tail, page, 4) !== "OggS") continue;
    if (view.getUint32(page + 14, true) !== serial) continue;
    const samples = Number(view.getBigInt64(page + 6, true));
    if (samples > 0) return milliseconds((samples - skipped) / rate);
  }
  return null;
}

function serialBefore(head: Uint8Array, at: number): number | null {
  for (let page = at - 27; page >= 0; page--)
    if (textAt(head, page, 4) === "OggS") return viewOf(head).getUint32(page + 14, true);
  return null;
}

/** In kilobits a second, by the four bits of a frame's header: MPEG-1 Layer III, and MPEG-2 Layer III. */
const BITRATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const;

/** ISO 11172-3 §2.4.1.3 and the first frame's word of all frames (Xing), else as long as the bytes last at that rate. */
async function mp3Duration(source: Source): Promise<number | null> {
  const start = await source.read(0, 10);
  const tag = textAt(start, 0, 3) === "ID3" ? 10 + syncSafe(start, 6) : 0;
  const head = await source.read(tag, HEAD_BYTES);
  const at = head.findIndex((byte, i) => byte === 0xff && ((head[i + 1] ?? 0) & 0xe6) === 0xe2);
  if (at < 0 || at + 4 > head.length) return null;
  const [, one = 0, two = 0, three = 0] = head.subarray(at, at + 4);
  const isFirst = (one & 0x18) === 0x18;
  const slower = isFirst ? 1 : (one & 0x18) === 0x10 ? 2 : 4;
  const rate = (SAMPLE_RATES[(two >> 2) & 3] ?? 0) / slower;
  const samples = isFirst ? 1152 : 576;
  const isMono = three >> 6 === 3;
  const xing = at + 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17);
  const view = viewOf(head);
  if (/^(?:Xing|Info)$/.test(textAt(head, xing, 4)) && (view.getUint32(xing + 4) & 1) === 1)
    return milliseconds((view.getUint32(xing + 8) * samples) / rate);
  const kilobits = BITRATES[isFirst ? 1 : 2][two >> 4] ?? 0;
  return milliseconds((source.sizeBytes - tag - at) / (kilobits * 125));
}

/** ID3v2.4 §6.2: seven bits to a byte. */
const syncSafe = (bytes: Uint8Array, at: number): number =>
  bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);

async function wavDuration(source: Source): Promise<number | null> {
  const head = await source.read(0, HEAD_BYTES);
  const view = viewOf(head);
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= head.length; ) {
    const type = textAt(head, at, 4);
    const size = view.getUint32(at + 4, true);
    if (type === "fmt ") bytesPerSecond = view.getUint32(at + 16, true);
    if (type === "data") return milliseconds(Math.min(size, source.sizeBytes - at - 8) / bytesPerSecond);
    at += 8 + size + (size % 2);
  }
  return null;
}

/** RFC 9639 §8.2. */
async function flacDuration(source: Source): Promise<number | null> {
  const view = viewOf(await source.read(0, 42));
  const packed = view.getBigUint64(18);
  return milliseconds(Number(packed & 0xf_ffff_ffffn) / Number(packed >> 44n));
}
