/** Pictures, films and sounds as a `MediaAttachment`. */
import type { AttachmentView } from "../../../queries/view.ts";
import type { Site } from "./account.ts";
import { wholeUrl } from "./markup.ts";

export interface MediaAttachment {
  readonly id: string;
  readonly type: "image" | "video" | "audio" | "gifv" | "unknown";
  readonly url: string;
  readonly preview_url: string;
  readonly remote_url: string | null;
  readonly text_url: string | null;
  readonly meta: object;
  readonly description: string | null;
  readonly blurhash: string | null;
}

/** What clients show in place; files and links stand in the text. */
export const isMedium = ({ kind }: AttachmentView): boolean =>
  kind === "image" || kind === "video" || kind === "audio";

/** `id` where the view has none of its own. */
export function attachmentOf(view: AttachmentView, id: string, { origin }: Site): MediaAttachment {
  const shown = view.shownUrl == null ? null : wholeUrl(view.shownUrl, origin);
  const url = wholeUrl(view.url, origin);
  const preview = view.posterUrl === undefined ? (shown ?? url) : wholeUrl(view.posterUrl, origin);
  const isOurs = url.startsWith(`${origin}/`);
  return {
    id,
    type: view.kind === "link" || view.kind === "file" ? "unknown" : view.kind,
    url: view.kind === "image" ? (shown ?? url) : url,
    preview_url: preview,
    remote_url: isOurs ? null : url,
    text_url: null,
    meta: metaOf(view),
    description: view.name === "" ? null : view.name,
    blurhash: null,
  };
}

function metaOf({ width, height }: AttachmentView): object {
  if (width === null || height === null || height === 0) return {};
  const size = { width, height, size: `${width}x${height}`, aspect: width / height };
  return { original: size, small: size };
}
