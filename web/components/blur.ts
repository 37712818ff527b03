/** What a picture looks like until it is there: a few points of colour, which the browser makes smooth. */
import { pixelsOf } from "../../server/media/blurhash.ts";
import { type Html, html } from "../html.ts";

/** Points across and down: a hash knows no more. */
const POINTS = { across: 6, down: 4 } as const;
const HEAD_BYTES = 54;
/** Rows of a BMP fill whole words. */
const ROW_BYTES = Math.ceil((POINTS.across * 3) / 4) * 4;

/** Decoration, which the picture then covers; nothing where the hash says nothing. */
export function blur(hash: string | undefined): Html {
  const pixels = hash === undefined ? null : pixelsOf(hash, POINTS.across, POINTS.down);
  if (pixels === null) return null;
  return html`<img class="gallery-blur" src=${bmp(pixels.rgb)} alt="" aria-hidden="true" />`;
}

/** A bitmap of 24 bits (BITMAPINFOHEADER), written from below, blue first: the shortest picture that all browsers read. */
function bmp(rgb: Uint8Array): string {
  const { across, down } = POINTS;
  const bytes = Buffer.alloc(HEAD_BYTES + ROW_BYTES * down);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(HEAD_BYTES, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(across, 18);
  bytes.writeInt32LE(down, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const from = (y * across + x) * 3;
      const to = HEAD_BYTES + (down - 1 - y) * ROW_BYTES + x * 3;
      bytes.set([rgb[from + 2] ?? 0, rgb[from + 1] ?? 0, rgb[from] ?? 0], to);
    }
  return `data:image/bmp;base64,${bytes.toString("base64")}`;
}
