/** Pictures made anew: whatever was hidden in them is gone, and they are no larger than a screen needs. */
import { Problem } from "../lib/problem.ts";
import { type Picture, readPicture } from "./animation.ts";

/** Longest side, in pixels: sharp on a large screen, and a 24-megapixel photo is scaled while it is decoded. */
const MAX_SIDE = 2_560;
/** A JPEG is scaled down while it is read. */
export const MAX_JPEG_PIXELS = 100_000_000;
/** Everything else takes four bytes of memory for each pixel: 100 MB at most. */
const MAX_PIXELS = 25_000_000;
/** Every reader of a page fetches the avatars and emoji on it, and other servers take no large ones. */
const MAX_SMALL_MOVING_BYTES = 1024 * 1024;
/** Not to be told from the original at the size that people see. */
const QUALITY = 85;
/** Of a picture whose original lies elsewhere: made twice as fast, and as large as it is shown. */
const COPY_QUALITY = 80;

export interface MadePicture {
  readonly bytes: Uint8Array;
  /** `png`, `jpg`, `webp` or `gif`: stills of the rarer formats become PNG. */
  readonly extension: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * `extension` as found by `probe`; `maxSide` in pixels for what is only ever shown small, which stands still where it
 * moves with more bytes than that is worth. Throws Problem `invalid` for pictures that are damaged or have too many pixels.
 */
export async function makePicture(
  bytes: Uint8Array,
  extension: string,
  maxSide?: number,
): Promise<MadePicture> {
  const picture = readPicture(bytes, extension);
  if (picture === null) throw damaged();
  const maxPixels = extension === "jpg" ? MAX_JPEG_PIXELS : MAX_PIXELS;
  try {
    const maxMovingBytes = maxSide === undefined ? Number.POSITIVE_INFINITY : MAX_SMALL_MOVING_BYTES;
    return picture.isMoving && picture.bytes.length <= maxMovingBytes
      ? await checked(picture, extension, maxPixels)
      : await encoded(picture.still, extension, { maxPixels, maxSide: maxSide ?? MAX_SIDE, isCopy: false });
  } catch (error) {
    throw refusal(error, maxPixels);
  }
}

/**
 * The same, no larger than a page shows it: a JPEG stays one, other stills become WebP, and what moves stays as it is
 * up to `maxMovingBytes` and stands still beyond that. Throws as `makePicture`.
 */
export async function makeSmall(
  bytes: Uint8Array,
  extension: string,
  maxSide: number,
  maxMovingBytes: number,
): Promise<MadePicture> {
  const picture = readPicture(bytes, extension);
  if (picture === null) throw damaged();
  const maxPixels = extension === "jpg" ? MAX_JPEG_PIXELS : MAX_PIXELS;
  try {
    return picture.isMoving && picture.bytes.length <= maxMovingBytes
      ? await checked(picture, extension, maxPixels)
      : await encoded(picture.still, extension === "jpg" ? "jpg" : "webp", {
          maxPixels,
          maxSide,
          isCopy: true,
        });
  } catch (error) {
    throw refusal(error, maxPixels);
  }
}

/** A moving picture stays as it is; its first frame shows that it can be drawn. */
async function checked(
  { bytes, still, canvas }: Picture,
  extension: string,
  maxPixels: number,
): Promise<MadePicture> {
  const { width, height } = canvas ?? (await new Bun.Image(bytes, { maxPixels }).metadata());
  // Its readers' browsers draw on all of it.
  if (width * height > maxPixels) throw tooManyPixels(maxPixels);
  await new Bun.Image(still, { maxPixels }).resize(1, 1).bytes();
  return { bytes, extension, width, height };
}

async function encoded(
  bytes: Uint8Array,
  extension: string,
  {
    maxPixels,
    maxSide,
    isCopy,
  }: { readonly maxPixels: number; readonly maxSide: number; readonly isCopy: boolean },
): Promise<MadePicture> {
  const image = new Bun.Image(bytes, { maxPixels }).resize(maxSide, maxSide, {
    fit: "inside",
    withoutEnlargement: true,
  });
  const made =
    extension === "jpg"
      ? image.jpeg(isCopy ? { quality: COPY_QUALITY } : { quality: QUALITY, progressive: true })
      : extension === "webp"
        ? image.webp({ quality: isCopy ? COPY_QUALITY : QUALITY })
        : image.png();
  const result = await made.bytes();
  const isKept = extension === "jpg" || extension === "webp";
  return { bytes: result, extension: isKept ? extension : "png", width: made.width, height: made.height };
}

function refusal(error: unknown, maxPixels: number): unknown {
  const { code } = error as { code?: unknown };
  if (code === "ERR_IMAGE_TOO_MANY_PIXELS") return tooManyPixels(maxPixels, error);
  return typeof code === "string" && code.startsWith("ERR_IMAGE_") ? damaged(error) : error;
}

const tooManyPixels = (maxPixels: number, cause?: unknown): Problem =>
  new Problem(
    "too-large",
    `This picture has more than ${maxPixels / 1_000_000} million pixels. Send a smaller one.`,
    { field: "file", reason: "media-too-large" },
    { cause },
  );

const damaged = (cause?: unknown): Problem =>
  new Problem(
    "invalid",
    "This picture is damaged and cannot be shown. Save it again, then send that.",
    { field: "file", reason: "unsupported-media-type" },
    { cause },
  );
