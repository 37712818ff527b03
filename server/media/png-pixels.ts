/** The points of a small picture, out of the PNG that `Bun.Image` makes of it (PNG §7, §9): 8 bits, not interlaced. */
import { inflateSync } from "node:zlib";
import type { Pixels } from "./blurhash.ts";

/** Bytes for each point, by colour type (PNG §11.2.1): grey, colours, grey with alpha, colours with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };
/** What is transparent is shown on paper. */
const PAPER = 255;

/** Null for a PNG of another kind. */
export function pixelsOfPng(png: Uint8Array): Pixels | null {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const channels = CHANNELS[view.getUint8(25)];
  if (view.getUint8(24) !== 8 || channels === undefined || view.getUint8(28) !== 0) return null;
  const data: Uint8Array[] = [];
  for (let at = 8; at + 12 <= png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === "IDAT") data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const stride = width * channels;
  const rows = unfiltered(inflateSync(Buffer.concat(data)), stride, height, channels);
  const rgb = new Uint8Array(width * height * 3);
  for (let point = 0; point < width * height; point++) {
    const at = point * channels;
    const alpha = channels === 4 ? rows[at + 3] : channels === 2 ? rows[at + 1] : 255;
    for (let c = 0; c < 3; c++) {
      const value = rows[channels < 3 ? at : at + c] ?? 0;
      rgb[point * 3 + c] = Math.round((value * (alpha ?? 255) + PAPER * (255 - (alpha ?? 255))) / 255);
    }
  }
  return { width, height, rgb };
}

/** PNG §9.2: each row says how it was written. */
function unfiltered(data: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)] ?? 0;
    const from = y * (stride + 1) + 1;
    const to = y * stride;
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : (rows[to + x - channels] ?? 0);
      const up = y === 0 ? 0 : (rows[to + x - stride] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (rows[to + x - stride - channels] ?? 0);
      rows[to + x] = (data[from + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ];
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}
