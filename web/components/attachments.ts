/** Pictures, sound, films and files that belong to a thing. */
import { STILLS_PATH } from "../../server/media/files-path.ts";
import type { AttachmentView, ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { sizeInWords } from "../words/number.ts";
import { blur } from "./blur.ts";
import { icon } from "./icon.ts";

/** Where a picture does not tell its size, the room that is kept for it. */
const UNKNOWN_SIZE = { width: 640, height: 480 };

export const attachments = (context: PageContext, view: ObjectView): Html =>
  view.attachments.length === 0 ? null : html`${mediaOf(context, view)}${linksOf(context, view)}`;

/** What is not shown in place, but leads to where it is. */
const isFile = ({ kind, shownUrl }: AttachmentView): boolean =>
  kind === "link" || kind === "file" || shownUrl === null;

/** Pictures and films, the stills of films that only their own page can play, and sounds below them. */
export function mediaOf(context: PageContext, view: ObjectView): Html {
  const seen = view.attachments.filter((one) =>
    isFile(one) ? one.posterUrl !== undefined : one.kind !== "audio",
  );
  const heard = view.attachments.filter(({ kind }) => kind === "audio");
  if (seen.length + heard.length === 0) return null;
  const gallery =
    seen.length > 0 &&
    html`<div class=${`gallery gallery-${Math.min(seen.length, 4)}`}>
      ${seen.map((one) => (isFile(one) ? still(one) : medium(context, one, view.name, seen.length === 1)))}
    </div>`;
  const all = html`${gallery}${heard.map((one) => medium(context, one, view.name))}`;
  return view.isSensitive ? behindCover(context, all) : all;
}

/** Files and links, one line each. */
export function linksOf(context: PageContext, view: ObjectView): Html {
  const files = view.attachments.filter(isFile);
  return files.length > 0 && html`<ul class="files">${files.map((file) => fileLine(context, file))}</ul>`;
}

/** Decoration: the line below leads there, too, and has a name. */
const still = ({ url, posterUrl }: AttachmentView): Html =>
  html`<a key=${url} class="gallery-item" href=${url} rel="noopener nofollow ugc" tabindex="-1" aria-hidden="true">
    <img src=${posterUrl} alt="" width=${UNKNOWN_SIZE.width} height=${UNKNOWN_SIZE.height} loading="lazy" decoding="async" />
  </a>`;

/** What has no description of its own is called by the title of what it belongs to. */
function medium({ words }: PageContext, view: AttachmentView, title: string | null, isAlone = false): Html {
  const { kind, url, name, mediaType, width, height } = view;
  const source = view.shownUrl ?? url;
  if (kind === "image") {
    const size = width && height ? { width, height } : UNKNOWN_SIZE;
    return html`<a key=${url} class="gallery-item" href=${url} rel="noopener nofollow ugc">
      ${mediaType === "image/jpeg" && blur(view.blurhash)}
      <img ...${sourcesOf(view, source, isAlone)} class=${focusClass(view)} alt=${name || words.post.noDescription}
        width=${size.width} height=${size.height} loading="lazy" decoding="async" />
      ${mediaType === "image/gif" && view.posterUrl && html`<span class="gallery-mark">GIF</span>`}
    </a>`;
  }
  const label = name || title || words.post.noDescription;
  // Of a film of ours whose still may not be there yet the first picture costs a few bytes; of another server's it would
  // be a part of the film, fetched for nobody.
  const hasStill = view.posterUrl?.includes(STILLS_PATH) === false;
  const preload = source === url && !hasStill ? "metadata" : "none";
  return kind === "video"
    ? html`<video key=${url} class="gallery-item" controls preload=${preload} aria-label=${label}
        poster=${view.posterUrl} width=${width ?? undefined} height=${height ?? undefined}>
        <source src=${source} type=${mediaType ?? undefined} />
      </video>`
    : html`<audio key=${url} class="gallery-sound" controls preload="none" aria-label=${label}>
        <source src=${source} type=${mediaType ?? undefined} />
      </audio>`;
}

/** The columns of a gallery as wide as they become (`assets/css/content.css`). */
const SIZES = { one: "(width < 640px) 100vw, 592px", several: "(width < 640px) 50vw, 296px" } as const;

/** What moves stands still until it is opened; else the browser takes the copy that is large enough. */
function sourcesOf(view: AttachmentView, source: string, isAlone: boolean): Record<string, string> {
  const { url, posterUrl, posterSize, width } = view;
  if (posterUrl === undefined || (source !== url && view.mediaType !== "image/gif")) return { src: source };
  if (view.mediaType === "image/gif" || !posterSize || !width) return { src: posterUrl };
  return {
    src: posterUrl,
    srcset: `${posterUrl} ${posterSize.width}w, ${source} ${width}w`,
    sizes: isAlone ? SIZES.one : SIZES.several,
  };
}

/** What is cut off at the sides is not what matters: nine places of a picture have a class each. */
function focusClass({ focus }: AttachmentView): string | undefined {
  if (focus === undefined) return undefined;
  const third = (at: number): number => (at < -1 / 3 ? 0 : at > 1 / 3 ? 2 : 1);
  return `focus-${third(focus[0])}${third(focus[1])}`;
}

function behindCover({ words }: PageContext, gallery: Html): Html {
  return html`<details class="sensitive">
    <summary class="sensitive-summary">
      ${icon("eye-off")}<span>${words.post.sensitiveMedia}</span>
      <span class="warning-open">${words.post.showMedia}</span>
    </summary>
    ${gallery}
  </details>`;
}

function fileLine({ words, language }: PageContext, view: AttachmentView): Html {
  const { kind, url, name, sizeBytes } = view;
  const isLink = kind === "link";
  const size = sizeBytes === undefined ? [] : [sizeInWords(language, sizeBytes)];
  return html`<li key=${url}>
    <a class="file" href=${url} rel="noopener nofollow ugc">
      ${icon(isLink ? "link" : "file-text")}
      <span class="file-name" dir="auto">${name || (isLink ? withoutScheme(url) : fileName(url))}</span>
      <span class="quiet">${isLink ? words.post.openLink : [formatOf(view) ?? words.post.download, ...size].join(", ")}</span>
    </a>
  </li>`;
}

const withoutScheme = (url: string): string => url.replace(/^https?:\/\/(?:www\.)?/, "").replace(/\/$/, "");

/** As people call it: `PDF`; by its address, else by its type. */
function formatOf({ url, mediaType }: AttachmentView): string | null {
  const ending = /\.([a-z0-9]{2,5})$/i.exec(url.split(/[?#]/)[0] ?? "")?.[1];
  return ending?.toUpperCase() ?? mediaType;
}

/** The last part of an address, as a person would write it. */
export function fileName(url: string): string {
  const last = url
    .split(/[?#]/)[0]
    ?.split("/")
    .findLast((part) => part);
  try {
    return decodeURIComponent(last ?? url);
  } catch {
    // @NOTE Bytes that are no UTF-8 are shown as they are written.
    return last ?? url;
  }
}
