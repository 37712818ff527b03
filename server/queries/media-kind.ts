/** What kind of medium something is: by its media type, its type, or the ending of its address. */

export type MediumKind = "image" | "video" | "audio";

/** A media type without its parameters, or null for anything else. */
export const mediaTypeOf = (value: unknown): string | null =>
  typeof value === "string" && /^[a-z]+\/[\w.+-]{1,100}/i.test(value) ? (value.split(";")[0] ?? "") : null;

/** By media type; without one by the type of the object. Null for anything else. */
export function kindOf(mediaType: string | null, named: readonly string[] | null): MediumKind | null {
  const family = mediaType?.split("/")[0]?.toLowerCase();
  if (family === "image" || family === "video" || family === "audio") return family;
  if (mediaType !== null || named === null) return null;
  if (named.includes("Image")) return "image";
  if (named.includes("Video")) return "video";
  return named.includes("Audio") ? "audio" : null;
}

const ENDINGS: Readonly<Record<MediumKind, ReadonlySet<string>>> = {
  image: new Set(["jpg", "jpeg", "png", "gif", "webp", "avif"]),
  video: new Set(["mp4", "m4v", "webm", "ogv"]),
  audio: new Set(["mp3", "m4a", "ogg", "oga", "opus", "flac", "wav"]),
};

/** By the ending of the address, where it has one that says so. */
export function kindOfFile(url: string): MediumKind | null {
  const ending = /\.([a-z0-9]{3,4})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  for (const kind of ["image", "video", "audio"] as const) if (ENDINGS[kind].has(ending)) return kind;
  return null;
}
