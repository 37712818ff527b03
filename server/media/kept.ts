/** A file that is kept here, as the rest of the server sees it. */
import { FILES_PATH, STILLS_PATH } from "./files-path.ts";
import { type Family, typeOfExtension } from "./probe.ts";
import type { MediaRow } from "./store.ts";

export interface KeptFile {
  readonly key: number;
  readonly url: string;
  readonly mediaType: string;
  readonly family: Family;
  readonly sizeBytes: number;
  /** In pixels; null for what is only heard or saved. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of what is heard or moves, where its headers say it. */
  readonly durationMs: number | null;
  /** A smaller copy of a picture, a still of a film, the cover of a sound. */
  readonly preview: KeptPreview | null;
  /** Where its still will be, while it is made. */
  readonly stillUrl: string | null;
  readonly blurhash: string | null;
  /** As its sender calls it; null for what is shown and not saved. */
  readonly fileName: string | null;
  /** What an app said of it before it is in a post; possibly empty. */
  readonly description: string;
  readonly focus: Focus | null;
  /** A preview is being made of it. */
  readonly isPending: boolean;
  /** Nothing uses it yet: it goes after a day. */
  readonly isLoose: boolean;
}

export interface KeptPreview {
  readonly url: string;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

/** What matters most in a picture: from the left (-1) to the right (1), from below (-1) to above (1). */
export type Focus = readonly [x: number, y: number];

export function keptFile(row: MediaRow, origin: string, nowMs: number): KeptFile {
  const type = typeOfName(row.name);
  const isPending = row.pendingMs !== null && row.pendingMs > nowMs;
  return {
    key: row.key,
    url:
      origin + FILES_PATH + row.name + (row.fileName === null ? "" : `/${encodeURIComponent(row.fileName)}`),
    mediaType: row.mediaType,
    family: type?.family ?? "file",
    sizeBytes: row.sizeBytes,
    width: row.width,
    height: row.height,
    durationMs: row.durationMs,
    preview: previewOf(row, origin),
    stillUrl: isPending ? origin + STILLS_PATH + row.name : null,
    blurhash: row.blurhash,
    fileName: row.fileName,
    description: row.description ?? "",
    focus: parseFocus(row.focus),
    isPending,
    isLoose: row.expiresMs !== null,
  };
}

const typeOfName = (name: string) => typeOfExtension(name.slice(name.lastIndexOf(".") + 1));

function previewOf(row: MediaRow, origin: string): KeptPreview | null {
  if (row.preview === null) return null;
  return {
    url: origin + FILES_PATH + row.preview,
    mediaType: typeOfName(row.preview)?.mediaType ?? "image/webp",
    width: row.previewWidth ?? 0,
    height: row.previewHeight ?? 0,
  };
}

/** `x,y`, each from -1 to 1; null for anything else. */
export function parseFocus(text: string | null): Focus | null {
  const [x, y, ...more] = (text ?? "")
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (x === undefined || y === undefined || more.length > 0) return null;
  return [x, y].every((value) => Math.abs(value) <= 1) ? [x, y] : null;
}

export const focusText = (focus: Focus | null): string | null => focus?.join(",") ?? null;

/** Longer names are cut in their middle of nowhere; what a person calls a file is shorter. */
const MAX_FILE_NAME = 120;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff/\\:*?"<>|]+/g;

/** The sender's name for a file, harmless as a part of an address and on any disk, and ending as what it really is. */
export function fileNameOf(given: string | null, extension: string): string {
  const name = (given ?? "").normalize("NFC").toWellFormed().replace(UNWANTED, " ").trim();
  const dot = name.toLowerCase().endsWith(`.${extension}`) ? name.length - extension.length - 1 : name.length;
  const stem = name
    .slice(0, Math.min(dot, MAX_FILE_NAME))
    .toWellFormed()
    .replace(/^[.\s]+/, "")
    .trim();
  return `${stem === "" ? "file" : stem}.${extension}`;
}
