/** Pictures, sound, films and files that belong to a thing. */
import type { AttachmentView, ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { icon } from "./icon.ts";

/** Where a picture does not tell its size, the room that is kept for it. */
const UNKNOWN_SIZE = { width: 640, height: 480 };

export function attachments(context: PageContext, view: ObjectView): Html {
  if (view.attachments.length === 0) return null;
  const media = view.attachments.filter(({ kind }) => kind !== "link" && kind !== "file");
  const files = view.attachments.filter(({ kind }) => kind === "link" || kind === "file");
  const gallery =
    media.length > 0 &&
    html`<div class=${`gallery gallery-${Math.min(media.length, 4)}`}>${media.map((one) => medium(context, one))}</div>`;
  return html`
    ${view.isSensitive && gallery ? behindCover(context, gallery) : gallery}
    ${files.length > 0 && html`<ul class="files">${files.map((file) => fileLine(context, file))}</ul>`}`;
}

function medium({ words }: PageContext, view: AttachmentView): Html {
  const { kind, url, name, mediaType, width, height } = view;
  if (kind === "image") {
    const size = width && height ? { width, height } : UNKNOWN_SIZE;
    return html`<a key=${url} class="gallery-item" href=${url}>
      <img src=${url} alt=${name || words.post.noDescription} width=${size.width} height=${size.height}
        loading="lazy" decoding="async" />
    </a>`;
  }
  const label = name || words.post.noDescription;
  return kind === "video"
    ? html`<video key=${url} class="gallery-item" controls preload="none" aria-label=${label}
        poster=${view.posterUrl} width=${width ?? undefined} height=${height ?? undefined}>
        <source src=${url} type=${mediaType ?? undefined} />
      </video>`
    : html`<audio key=${url} class="gallery-sound" controls preload="none" aria-label=${label}>
        <source src=${url} type=${mediaType ?? undefined} />
      </audio>`;
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

function fileLine({ words }: PageContext, { kind, url, name, mediaType }: AttachmentView): Html {
  const isLink = kind === "link";
  return html`<li key=${url}>
    <a class="file" href=${url} rel="noopener nofollow ugc">
      ${icon(isLink ? "link" : "file-text")}
      <span class="file-name" dir="auto">${name || lastPart(url)}</span>
      <span class="quiet">${isLink ? words.post.openLink : (mediaType ?? words.post.download)}</span>
    </a>
  </li>`;
}

const lastPart = (url: string): string =>
  url
    .split(/[?#]/)[0]
    ?.split("/")
    .findLast((part) => part) ?? url;
