/** What belongs to a thing: pictures, sound, films, files and links, in any of the shapes that peers send. */
import { type AsObject, types, values } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import { isJsonObject, type Json, wordOf } from "../lib/json.ts";
import { sameOrigin } from "../lib/url.ts";
import { isBlurhash } from "../media/blurhash.ts";
import { kindOf, kindOfFile, mediaTypeOf } from "./media-kind.ts";
import { lineOf, linkedUrl, MAX_LINKS, oneLine, pageUrl, webUrl, wholeNumber } from "./plain.ts";
import type { AttachmentView } from "./view.ts";

/** More in one thing is an archive, which belongs to its origin. */
const MAX_ATTACHMENTS = 32;
/** A description for those who cannot see it: Mastodon allows 1 500 characters, others more. */
const MAX_DESCRIPTION = 5000;
/** Pixels along one side of anything that a screen shows. */
const MAX_PIXELS = 100_000;
/** More is no file that one saves from a page: a terabyte. */
const MAX_SIZE_BYTES = 1e12;
/** A film of a week is a mistake. */
const MAX_DURATION_MS = 7 * DAY_MS;
/** Of several sizes of a film the one nearest to this height: legible, and bearable on a school's line. */
const WANTED_HEIGHT = 720;

export interface AttachmentSource {
  readonly iri: string;
  /** Of its type: of a film, a sound or a picture its own `url` is what is shown. */
  readonly ancestry: readonly string[];
  /** Properties that its vocabulary wants shown as links, with their labels. */
  readonly links: readonly { readonly property: string; readonly label: string }[];
}

export function attachmentsOf(document: AsObject, source: AttachmentSource): readonly AttachmentView[] {
  const { ancestry } = source;
  const isPage = ancestry.includes("Page");
  const own = ancestry.includes("Document") && !isPage ? ownMedium(document, ancestry) : null;
  const attached = values(document, "attachment")
    .slice(0, MAX_ATTACHMENTS)
    .map((value) => attachmentOf(value, null));
  const hasMedium = own !== null || attached.some((one) => one?.kind === "video" || one?.kind === "audio");
  // What hangs on a note is attached to it; `image` there is only another word for it.
  const covers =
    ancestry.includes("Note") && attached.length > 0
      ? []
      : values(document, "image").slice(0, MAX_ATTACHMENTS);
  const all = [
    own,
    hasMedium ? null : pageInstead(document, ancestry),
    ...covers.map((cover) => attachmentOf(cover, "image")),
    isPage ? elsewhere(document, source.iri) : null,
    ...attached,
    ...source.links.flatMap(({ property, label }) =>
      values(document, property)
        .slice(0, MAX_ATTACHMENTS)
        .map((value) => linkTo(value, label)),
    ),
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
  // An episode of a podcast has its sound in a property of its own.
  const inner = values(document, "audio").filter(isJsonObject) as readonly AsObject[];
  const links = [document, ...inner.slice(0, MAX_LINKS)]
    .flatMap((holder) => values(holder, "url").slice(0, MAX_LINKS))
    .flatMap(withNested)
    .map(toLink);
  const plain = mediaTypeOf(document.mediaType);
  const found = links.flatMap((link) => {
    const mediaType = link?.mediaType ?? plain;
    const is = mediaType === null && link ? kindOfFile(link.url) : kindOf(mediaType, null);
    return link && (kind === null ? is !== null : is === kind) ? [{ ...link, mediaType, is }] : [];
  });
  const best = found.sort((a, b) => distance(a.height) - distance(b.height))[0];
  if (!best) return null;
  return {
    kind: best.is ?? "file",
    url: best.url,
    mediaType: best.mediaType,
    name: "",
    width: best.width ?? wholeNumber(document.width, MAX_PIXELS),
    height: best.height ?? wholeNumber(document.height, MAX_PIXELS),
    ...detailsOf(document),
    ...poster(document),
  };
}

/** Of a live film, or of one in pieces that only its own page can play, that page. */
function pageInstead(document: AsObject, ancestry: readonly string[]): AttachmentView | null {
  const url = ancestry.includes("Video") || ancestry.includes("Audio") ? pageUrl(document) : null;
  return url === null ? null : { ...link(url, ""), ...poster(document) };
}

const distance = (height: number | null): number => Math.abs((height ?? 0) - WANTED_HEIGHT);

const withNested = (value: Json): readonly Json[] =>
  isJsonObject(value) ? [value, ...values(value as AsObject, "tag").slice(0, MAX_LINKS)] : [value];

interface Link {
  readonly url: string;
  readonly mediaType: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

function toLink(value: Json): Link | null {
  const url = isJsonObject(value) ? webUrl(value.href) : webUrl(value);
  if (url === null) return null;
  const found = isJsonObject(value) ? value : {};
  return {
    url,
    mediaType: mediaTypeOf(found.mediaType),
    width: wholeNumber(found.width, MAX_PIXELS),
    height: wholeNumber(found.height, MAX_PIXELS),
  };
}

const link = (url: string, name: string): AttachmentView => ({
  kind: "link",
  url,
  mediaType: null,
  name,
  width: null,
  height: null,
});

/** Forums of the older kind name in `url` the page that a post is about, not the post's own. */
function elsewhere(document: AsObject, iri: string): AttachmentView | null {
  const url = pageUrl(document);
  return url === null || sameOrigin(url, iri) ? null : link(url, "");
}

/** By its own name where it comes with one, else by that of the property. */
function linkTo(value: Json, label: string): AttachmentView | null {
  const named = (isJsonObject(value) ? value : {}) as AsObject;
  const url = linkedUrl(value) ?? webUrl(named.id);
  const name = lineOf(named, "name", MAX_DESCRIPTION) ?? lineOf(named, "title", MAX_DESCRIPTION);
  return url === null ? null : link(url, oneLine(name ?? label, MAX_DESCRIPTION));
}

function attachmentOf(value: Json, assumed: AttachmentView["kind"] | null): AttachmentView | null {
  const url = linkedUrl(value);
  if (url === null) return null;
  const document = (isJsonObject(value) ? value : {}) as AsObject;
  const named = types(document);
  if (named.includes("PropertyValue")) return null;
  const mediaType = mediaTypeOf(document.mediaType) ?? nestedMediaType(document);
  const isLink = named.includes("Link") || (named.includes("Page") && mediaType === null);
  const medium = mediaType === null ? (kindOfFile(url) ?? kindOf(null, named)) : kindOf(mediaType, named);
  return {
    kind: medium ?? (isLink ? "link" : (assumed ?? (mediaType === null ? "link" : "file"))),
    url,
    mediaType,
    name: descriptionOf(document),
    width: wholeNumber(document.width, MAX_PIXELS),
    height: wholeNumber(document.height, MAX_PIXELS),
    ...detailsOf(document),
    ...poster(document),
  };
}

type Details = Pick<AttachmentView, "blurhash" | "focus" | "durationMs" | "sizeBytes">;

/** What peers say of a medium besides, where it makes sense. */
function detailsOf({ blurhash, focalPoint, duration, size }: AsObject): Details {
  const durationMs = millisecondsOf(duration);
  const sizeBytes = wholeNumber(size, MAX_SIZE_BYTES);
  const [x, y] = Array.isArray(focalPoint) ? focalPoint : [];
  return {
    ...(typeof blurhash === "string" && isBlurhash(blurhash) ? { blurhash } : {}),
    ...(isCoordinate(x) && isCoordinate(y) && (x !== 0 || y !== 0) ? { focus: [x, y] } : {}),
    ...(durationMs ? { durationMs } : {}),
    ...(sizeBytes ? { sizeBytes } : {}),
  };
}

const isCoordinate = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 1;

/** An `xsd:duration` of hours at most, or seconds. */
function millisecondsOf(given: Json | undefined): number | null {
  const value = Array.isArray(given) ? given[0] : given;
  const [, hours = "0", minutes = "0", seconds = "0"] =
    /^P(?:T(?:(\d{1,3})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)$/.exec(wordOf(value) ?? "") ?? [];
  const told = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return wholeNumber(Math.round((typeof value === "number" ? value : told) * 1000), MAX_DURATION_MS);
}

/** Peers describe a picture in its `name`; a few in a text of it. */
function descriptionOf(document: AsObject): string {
  for (const property of ["name", "summary", "content"]) {
    const line = lineOf(document, property, MAX_DESCRIPTION);
    if (line !== null) return line;
  }
  return "";
}

function nestedMediaType(document: AsObject): string | null {
  const found = values(document, "url").find(isJsonObject);
  return found ? mediaTypeOf(found.mediaType) : null;
}

/** A still of a film, or the cover of a record: the widest that there is. */
function poster(document: AsObject): Pick<AttachmentView, "posterUrl" | "posterSize"> {
  const icons = values(document, "icon").slice(0, MAX_LINKS);
  const widthOf = (icon: Json) => (isJsonObject(icon) ? (wholeNumber(icon.width, MAX_PIXELS) ?? 0) : 0);
  const sorted = [...icons].sort((a, b) => widthOf(b) - widthOf(a));
  // A `preview` that says what it is for is a sheet of many stills (PeerTube), or a text.
  const previews = values(document, "preview").filter(
    (preview) => !isJsonObject(preview) || (preview.rel === undefined && preview.content === undefined),
  );
  const found = linkedUrl(sorted) === null ? previews : sorted;
  const url = linkedUrl(found);
  if (url === null) return {};
  const { width, height } = (found.find(isJsonObject) ?? {}) as AsObject;
  const size = { width: wholeNumber(width, MAX_PIXELS) ?? 0, height: wholeNumber(height, MAX_PIXELS) ?? 0 };
  return { posterUrl: url, ...(size.width > 0 && size.height > 0 ? { posterSize: size } : {}) };
}
