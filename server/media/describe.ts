/** A kept file as part of a document (AS2 Vocabulary §3.3): what peers need to show it, its size before it has come. */
import type { AsObject } from "../core/object.ts";
import type { Json } from "../lib/json.ts";
import type { Focus, KeptFile, KeptPreview } from "./kept.ts";
import type { Family } from "./probe.ts";

const TYPES: Readonly<Record<Family, string>> = {
  image: "Image",
  audio: "Audio",
  video: "Video",
  file: "Document",
};

/** Middle of the picture, where peers look anyway. */
const isMiddle = ([x, y]: Focus): boolean => x === 0 && y === 0;

type Words = Readonly<Record<string, Json>>;

/** What is said of a file in a document, as far as it is known. */
export type Describable = Pick<KeptFile, "family" | "mediaType" | "url"> & Partial<KeptFile>;

/**
 * `name` says in words what it shows, for those who cannot see or hear it; it may be empty, and what is only saved is then
 * called as its sender calls it. `focus` is what matters in a picture.
 */
export function describeFile(
  file: Describable,
  name = "",
  focus: Focus | null = null,
): AsObject & { readonly type: string } {
  const words = name === "" && file.family === "file" ? (file.fileName ?? "") : name;
  const { width, height, durationMs, blurhash, sizeBytes } = file;
  return {
    type: TYPES[file.family],
    mediaType: file.mediaType,
    url: file.url,
    ...(words === "" ? {} : { name: words }),
    ...(width && height ? { width, height } : {}),
    ...(durationMs ? { duration: `PT${durationMs / 1000}S` } : {}),
    ...(blurhash ? { blurhash } : {}),
    ...focusWords(focus),
    ...(file.family === "file" && sizeBytes ? { size: sizeBytes } : {}),
    ...(file.preview ? previewWords(file.family, file.preview) : {}),
    ...(!file.preview && file.stillUrl ? { icon: { type: "Image", url: file.stillUrl } } : {}),
  };
}

/** Mastodon's `focalPoint`; nothing for the middle. */
export const focusWords = (focus: Focus | null): Words =>
  focus === null || isMiddle(focus) ? {} : { focalPoint: [...focus] };

/** Of a picture its smaller self (AS2 `preview`); of a film or sound what peers show in its place (`icon`). */
const previewWords = (family: Family, { url, mediaType, width, height }: KeptPreview): Words => ({
  [family === "image" ? "preview" : "icon"]: { type: "Image", mediaType, url, width, height },
});
