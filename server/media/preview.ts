/** What stands for a picture until it is there, and where there is little room: a small copy, and its colours from afar. */
import { readPicture } from "./animation.ts";
import { blurhashOf } from "./blurhash.ts";
import { type MadePicture, makeSmall } from "./image.ts";
import { pixelsOfPng } from "./png-pixels.ts";

/** Longest side in pixels: as wide as a post on a phone, or half of one on a fine screen. */
const PREVIEW_SIDE = 640;
/** Colours are looked at through so many points a side. */
const BLUR_SIDE = 32;

export interface Impression {
  /** Null where the picture itself is small, and still. */
  readonly preview: MadePicture | null;
  readonly blurhash: string | null;
}

/** Of a picture that was made here and can thus be read; what moves stands still in its preview. */
export async function impressionOf(picture: MadePicture): Promise<Impression> {
  const { bytes, extension, width, height } = picture;
  const isMoving = readPicture(bytes, extension)?.isMoving ?? false;
  const isLarge = Math.max(width, height) > PREVIEW_SIDE;
  const preview = isLarge || isMoving ? await makeSmall(bytes, extension, PREVIEW_SIDE, 0) : null;
  return { preview, blurhash: await blurOf(preview?.bytes ?? bytes) };
}

/** A still of a film, or a cover that somebody chose: small, and what it looks like. Throws as `makeSmall`. */
export async function coverOf(
  bytes: Uint8Array,
  extension: string,
): Promise<{ readonly preview: MadePicture; readonly blurhash: string | null }> {
  const preview = await makeSmall(bytes, extension, PREVIEW_SIDE, 0);
  return { preview, blurhash: await blurOf(preview.bytes) };
}

async function blurOf(bytes: Uint8Array): Promise<string | null> {
  const small = await new Bun.Image(bytes).resize(BLUR_SIDE, BLUR_SIDE, { fit: "inside" }).png().bytes();
  const pixels = pixelsOfPng(small);
  return pixels && blurhashOf(pixels);
}
