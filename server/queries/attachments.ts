/** What belongs to a thing: pictures, sound, films, files and links, in any of the shapes that peers send. */
import { type AsObject, types, values } from "../core/object.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { lineOf, linkedUrl, MAX_LINKS, webUrl, wholeNumber } from "./plain.ts";
import type { AttachmentView } from "./view.ts";

/** More in one thing is an archive, which belongs to its origin. */
const MAX_ATTACHMENTS = 32;
/** A description for those who cannot see it: Mastodon allows 1 500 characters, others more. */
const MAX_DESCRIPTION = 5000;
/** Pixels along one side of anything that a screen shows. */
const MAX_PIXELS = 100_000;
/** Of several sizes of a film the one nearest to this height: legible, and bearable on a school's line. */
const WANTED_HEIGHT = 720;

/** `ancestry` of the document's type: of a film, a sound or a picture its own `url` is what is shown. */
export function attachmentsOf(document: AsObject, ancestry: readonly string[]): readonly AttachmentView[] {
  const own =
    ancestry.includes("Document") && !ancestry.includes("Page") ? ownMedium(document, ancestry) : null;
  const covers = ancestry.includes("Note") ? [] : values(document, "image").slice(0, MAX_ATTACHMENTS);
  const all = [
    own,
    ...covers.map((cover) => attachmentOf(cover, "image")),
    ...values(document, "attachment")
      .slice(0, MAX_ATTACHMENTS)
      .map((value) => attachmentOf(value, null)),
  ];
  const seen = new Set<string>();
  return all
    .filter((one): one is AttachmentView => {
      if (one === null || seen.has(one.url)) return false;
      seen.add(one.url);
      return true;
    })
    .slice(0, MAX_ATTACHMENTS);
}

/** A film comes in many sizes, and as a play list that holds more of them (PeerTube). */
function ownMedium(document: AsObject, ancestry: readonly string[]): AttachmentView | null {
  const wanted = (["Video", "Audio", "Image"] as const).find((type) => ancestry.includes(type));
  const kind =
    wanted === "Video" ? "video" : wanted === "Audio" ? "audio" : wanted === "Image" ? "image" : null;
  const links = values(document, "url").slice(0, MAX_LINKS).flatMap(withNested).map(toLink);
  const plain = typeof document.mediaType === "string" ? document.mediaType : null;
  const found = links.flatMap((link) => {
    const mediaType = link?.mediaType ?? plain;
    const is = kindOf(mediaType, null);
    return link && (kind === null ? is !== null : is === kind) ? [{ ...link, mediaType }] : [];
  });
  const best = found.sort((a, b) => distance(a.height) - distance(b.height))[0];
  if (!best) return null;
  return {
    kind: kindOf(best.mediaType, null) ?? "file",
    url: best.url,
    mediaType: best.mediaType,
    name: "",
    width: best.width ?? wholeNumber(document.width, MAX_PIXELS),
    height: best.height ?? wholeNumber(document.height, MAX_PIXELS),
    ...poster(document),
  };
}

const distance = (height: number | null): number => Math.abs((height ?? 0) - WANTED_HEIGHT);

const withNested = (link: Json): readonly Json[] =>
  isJsonObject(link) ? [link, ...values(link as AsObject, "tag").slice(0, MAX_LINKS)] : [link];

interface Link {
  readonly url: string;
  readonly mediaType: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

function toLink(value: Json): Link | null {
  const url = isJsonObject(value) ? webUrl(value.href) : webUrl(value);
  if (url === null) return null;
  const link = isJsonObject(value) ? value : {};
  return {
    url,
    mediaType: mediaTypeOf(link.mediaType),
    width: wholeNumber(link.width, MAX_PIXELS),
    height: wholeNumber(link.height, MAX_PIXELS),
  };
}

function attachmentOf(value: Json, assumed: AttachmentView["kind"] | null): AttachmentView | null {
  const url = linkedUrl(value);
  if (url === null) return null;
  const document = (isJsonObject(value) ? value : {}) as AsObject;
  const named = types(document);
  if (named.includes("PropertyValue")) return null;
  const mediaType = mediaTypeOf(document.mediaType) ?? nestedMediaType(document);
  const isLink = named.includes("Link") || (named.includes("Page") && mediaType === null);
  return {
    kind:
      kindOf(mediaType, url, named) ??
      (isLink ? "link" : (assumed ?? (mediaType === null ? "link" : "file"))),
    url,
    mediaType,
    name: lineOf(document, "name", MAX_DESCRIPTION) ?? lineOf(document, "summary", MAX_DESCRIPTION) ?? "",
    width: wholeNumber(document.width, MAX_PIXELS),
    height: wholeNumber(document.height, MAX_PIXELS),
    ...poster(document),
  };
}

function nestedMediaType(document: AsObject): string | null {
  const link = values(document, "url").find(isJsonObject);
  return link ? mediaTypeOf(link.mediaType) : null;
}

/** A still of a film, or the cover of a record. */
function poster(document: AsObject): { readonly posterUrl?: string } {
  const url = linkedUrl(document.icon) ?? linkedUrl(document.preview);
  return url === null ? {} : { posterUrl: url };
}

const mediaTypeOf = (value: unknown): string | null =>
  typeof value === "string" && /^[a-z]+\/[\w.+-]{1,100}/i.test(value) ? (value.split(";")[0] ?? "") : null;

const EXTENSIONS: Readonly<Record<string, AttachmentView["kind"]>> = {
  jpg: "image",
  jpeg: "image",
  png: "image",
  gif: "image",
  webp: "image",
  avif: "image",
  mp4: "video",
  webm: "video",
  mp3: "audio",
  ogg: "audio",
  opus: "audio",
  flac: "audio",
};

/** By media type; without one by the type of the object, then by the ending of the address. Null for anything else. */
function kindOf(
  mediaType: string | null,
  url: string | null,
  named: readonly string[] = [],
): "image" | "video" | "audio" | null {
  const family = mediaType?.split("/")[0]?.toLowerCase();
  if (family === "image" || family === "video" || family === "audio") return family;
  if (mediaType !== null) return null;
  if (named.includes("Image")) return "image";
  if (named.includes("Video")) return "video";
  if (named.includes("Audio")) return "audio";
  const ending = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(url ?? "")?.[1]?.toLowerCase() ?? "";
  const kind = Object.hasOwn(EXTENSIONS, ending) && !named.includes("Link") ? EXTENSIONS[ending] : null;
  return kind === "image" || kind === "video" || kind === "audio" ? kind : null;
}
