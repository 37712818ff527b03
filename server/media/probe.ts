/** What a file really is, by its bytes; what its sender calls it counts only where the bytes leave it open. */
import { type Source, textAt } from "./source.ts";
import { zipKindOf } from "./zip-kind.ts";

export type Family = "image" | "audio" | "video" | "file";

export interface MediaType {
  /** Without a dot, as in the addresses of files. */
  readonly extension: string;
  readonly mediaType: string;
  /** What is shown in place; a `file` is only ever offered for saving. */
  readonly family: Family;
}

const TYPES: readonly MediaType[] = [
  { extension: "png", mediaType: "image/png", family: "image" },
  { extension: "jpg", mediaType: "image/jpeg", family: "image" },
  { extension: "webp", mediaType: "image/webp", family: "image" },
  { extension: "gif", mediaType: "image/gif", family: "image" },
  { extension: "bmp", mediaType: "image/bmp", family: "image" },
  { extension: "mp4", mediaType: "video/mp4", family: "video" },
  { extension: "mov", mediaType: "video/quicktime", family: "video" },
  { extension: "webm", mediaType: "video/webm", family: "video" },
  { extension: "ogv", mediaType: "video/ogg", family: "video" },
  { extension: "mp3", mediaType: "audio/mpeg", family: "audio" },
  { extension: "m4a", mediaType: "audio/mp4", family: "audio" },
  { extension: "aac", mediaType: "audio/aac", family: "audio" },
  { extension: "ogg", mediaType: "audio/ogg", family: "audio" },
  { extension: "wav", mediaType: "audio/wav", family: "audio" },
  { extension: "flac", mediaType: "audio/flac", family: "audio" },
  { extension: "rtf", mediaType: "application/rtf", family: "file" },
  { extension: "pdf", mediaType: "application/pdf", family: "file" },
  { extension: "zip", mediaType: "application/zip", family: "file" },
  { extension: "gz", mediaType: "application/gzip", family: "file" },
  { extension: "txt", mediaType: "text/plain", family: "file" },
  { extension: "bin", mediaType: "application/octet-stream", family: "file" },
];

/** Zip files of which `zip-kind.ts` knows what they are; offered for saving whatever they are. */
const ZIPPED: Readonly<Record<string, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odp: "application/vnd.oasis.opendocument.presentation",
  odg: "application/vnd.oasis.opendocument.graphics",
  odf: "application/vnd.oasis.opendocument.formula",
  epub: "application/epub+zip",
  h5p: "application/zip",
  mbz: "application/vnd.moodle.backup",
  ggb: "application/vnd.geogebra.file",
  sb3: "application/x.scratch.sb3",
  imscc: "application/zip",
};
/** What is told by its name alone, among names that are harmless: by what the bytes are at least. */
const GZIPPED: Readonly<Record<string, string>> = {
  tgz: "application/gzip",
  mbz: "application/vnd.moodle.backup",
};
/** Compound files of older office programs. */
const COMPOUND: Readonly<Record<string, string>> = {
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  ppt: "application/vnd.ms-powerpoint",
};
/** Texts that no browser makes a page or a program of. */
const TEXTS: Readonly<Record<string, string>> = {
  md: "text/markdown",
  csv: "text/csv",
  tex: "text/x-tex",
  srt: "text/plain",
  vtt: "text/vtt",
};

const byExtension = new Map(TYPES.map((type) => [type.extension, type]));
for (const [extension, mediaType] of [ZIPPED, GZIPPED, COMPOUND, TEXTS].flatMap(Object.entries<string>)) {
  byExtension.set(extension, { extension, mediaType, family: "file" });
}

/** Media types that are taken as what they are; everything else is bytes to save. */
export const TAKEN_TYPES: readonly string[] = [
  ...new Set([...byExtension.values()].map(({ mediaType }) => mediaType)),
];

/** The type that files with this extension are served as, or null where we never gave it out. */
export const typeOfExtension = (extension: string): MediaType | null => byExtension.get(extension) ?? null;

/** Formats that cannot be read here, so that the place and time in them would be published. */
export type Unreadable = "HEIC" | "AVIF" | "TIFF";

/** As many of the first bytes tell what a file is, unless it is a zip file. */
const HEAD_BYTES = 64 * 1024;

/** What is in `source`. `fileName` is the sender's word for it, or null. */
export async function probeSource(source: Source, fileName: string | null): Promise<MediaType | Unreadable> {
  const found = probe(await source.read(0, HEAD_BYTES), fileName);
  if (typeof found === "string" || found.extension !== "zip") return found;
  return known(await zipKindOf(source, claimOf(fileName)));
}

/** What `bytes` are, or begin: of a zip file not more than that. */
export function probe(bytes: Uint8Array, fileName: string | null): MediaType | Unreadable {
  const claimed = claimOf(fileName);
  const found = SIGNS.find(({ matches }) => matches(bytes));
  if (found !== undefined) return kindOf(found.means(bytes), claimed);
  if (isText(bytes)) return known(claimed in TEXTS ? claimed : ["txt", ""].includes(claimed) ? "txt" : "bin");
  // Tables and notes of older programs are in the letters of their country.
  return known(isOldText(bytes) && ["csv", "txt"].includes(claimed) ? claimed : "bin");
}

const claimOf = (fileName: string | null): string =>
  /\.([a-z0-9]{1,8})$/i.exec(fileName ?? "")?.[1]?.toLowerCase() ?? "";

interface Sign {
  readonly matches: (bytes: Uint8Array) => boolean;
  readonly means: (bytes: Uint8Array) => string;
}

const sign = (at: number, text: string, means: string | ((bytes: Uint8Array) => string)): Sign => ({
  matches: (bytes) => textAt(bytes, at, text.length) === text,
  means: typeof means === "string" ? () => means : means,
});

const SIGNS: readonly Sign[] = [
  sign(0, "\x89PNG\r\n\x1a\n", "png"),
  sign(0, "\xff\xd8\xff", "jpg"),
  sign(0, "GIF87a", "gif"),
  sign(0, "GIF89a", "gif"),
  { matches: (bytes) => isRiff(bytes, "WEBP"), means: () => "webp" },
  { matches: (bytes) => isRiff(bytes, "WAVE"), means: () => "wav" },
  sign(4, "ftyp", (bytes) => brand(textAt(bytes, 8, 4))),
  sign(0, "\x1a\x45\xdf\xa3", (bytes) => (textAt(bytes, 0, 64).includes("webm") ? "webm" : "bin")),
  sign(0, "OggS", (bytes) => (textAt(bytes, 0, 64).includes("\x80theora") ? "ogv" : "ogg")),
  sign(0, "fLaC", "flac"),
  sign(0, "ID3", "mp3"),
  { matches: ([one = 0, two = 0]) => one === 0xff && (two & 0xe6) === 0xe2, means: () => "mp3" },
  { matches: ([one = 0, two = 0]) => one === 0xff && (two & 0xf6) === 0xf0, means: () => "aac" },
  sign(0, "%PDF-", "pdf"),
  sign(0, "{\\rtf", "rtf"),
  sign(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound"),
  sign(0, "PK\x03\x04", "zip"),
  sign(0, "\x1f\x8b\x08", "gz"),
  sign(0, "II*\0", "TIFF"),
  sign(0, "MM\0*", "TIFF"),
  // Two letters are too little to go by: the four reserved bytes are zero in every file.
  {
    matches: (bytes) => textAt(bytes, 0, 2) === "BM" && textAt(bytes, 6, 4) === "\0\0\0\0",
    means: () => "bmp",
  },
];

/** ISO 14496-12 §4.3: the major brand says who wrote it. */
function brand(name: string): string {
  if (/^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/.test(name)) return "HEIC";
  if (/^avi[fs]$/.test(name)) return "AVIF";
  if (/^M4[AB] $/.test(name)) return "m4a";
  return name === "qt  " ? "mov" : "mp4";
}

function kindOf(means: string, claimed: string): MediaType | Unreadable {
  if (means === "HEIC" || means === "AVIF" || means === "TIFF") return means;
  if (means === "compound") return known(claimed in COMPOUND ? claimed : "bin");
  if (means === "gz" && claimed in GZIPPED) return known(claimed);
  return known(means);
}

function known(extension: string): MediaType {
  const type = byExtension.get(extension);
  if (!type) throw new Error(`There is no type of file called ${extension}`);
  return type;
}

const isRiff = (bytes: Uint8Array, form: string): boolean =>
  textAt(bytes, 0, 4) === "RIFF" && textAt(bytes, 8, 4) === form;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** UTF-8 without control characters; the last letter may be cut off. */
function isText(bytes: Uint8Array): boolean {
  try {
    return !CONTROLS.test(new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }));
  } catch {
    // @NOTE Bytes that are no UTF-8 are no text.
    return false;
  }
}

const isOldText = (bytes: Uint8Array): boolean => !CONTROLS.test(new TextDecoder("latin1").decode(bytes));
