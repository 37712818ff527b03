/** A kept file as part of a document (AS2 Vocabulary §3.3): what peers need to show it, its size before it has come. */
import type { AsObject } from "../core/object.ts";
import type { Family } from "./probe.ts";
import type { KeptFile } from "./upload.ts";

const TYPES: Readonly<Record<Family, string>> = {
  image: "Image",
  audio: "Audio",
  video: "Video",
  file: "Document",
};

/** `name` says in words what it shows, for those who cannot see or hear it; it may be empty. */
export const describeFile = (file: KeptFile, name = ""): AsObject & { readonly type: string } => ({
  type: TYPES[file.family],
  mediaType: file.mediaType,
  url: file.url,
  ...(name === "" ? {} : { name }),
  ...(file.width === null || file.height === null ? {} : { width: file.width, height: file.height }),
});
