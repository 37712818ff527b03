/** Pictures, films, sounds and files as a `MediaAttachment`. */
import { attachmentIdOf } from "../../../media/attachment-id.ts";
import type { KeptFile } from "../../../media/kept.ts";
import type { AttachmentView } from "../../../queries/view.ts";
import type { Site } from "./account.ts";
import { wholeUrl } from "./markup.ts";

export interface MediaAttachment {
  readonly id: string;
  readonly type: "image" | "video" | "audio" | "gifv" | "unknown";
  /** Null while something is worked on, and never in a status. */
  readonly url: string | null;
  /** Of pictures and films always a picture: clients load it without looking. */
  readonly preview_url: string | null;
  readonly remote_url: string | null;
  readonly text_url: string | null;
  readonly meta: object;
  readonly description: string | null;
  readonly blurhash: string | null;
}

/** Shown for a film of which there is no still. */
export const MISSING_STILL = "/media-still.png";

/** What clients show in place; files and links stand in the text. */
export const isMedium = ({ kind }: AttachmentView): boolean =>
  kind === "image" || kind === "video" || kind === "audio";

export function attachmentOf(view: AttachmentView, { origin }: Site): MediaAttachment {
  const url = wholeUrl(view.url, origin);
  const isOurs = url.startsWith(`${origin}/`);
  // Players ask for parts of what lies elsewhere, which its own server gives best.
  const shown = view.kind === "image" && view.shownUrl ? wholeUrl(view.shownUrl, origin) : url;
  const poster = view.posterUrl === undefined ? null : wholeUrl(view.posterUrl, origin);
  return {
    id: attachmentIdOf(url),
    type: typeOf(view.kind),
    url: shown,
    preview_url: poster ?? standIn(view.kind, shown, origin),
    remote_url: isOurs ? null : url,
    text_url: null,
    meta: metaOf(view),
    description: view.name === "" ? null : view.name,
    blurhash: view.blurhash ?? null,
  };
}

/** A file that an app has sent. */
export function uploadOf(file: KeptFile, { origin }: Pick<Site, "origin">): MediaAttachment {
  const kind = file.family;
  return {
    id: attachmentIdOf(file.url),
    type: typeOf(kind),
    url: file.isPending ? null : file.url,
    preview_url: file.preview?.url ?? standIn(kind, file.url, origin),
    remote_url: null,
    text_url: null,
    meta: metaOf({
      width: file.width,
      height: file.height,
      ...(file.preview === null ? {} : { posterSize: file.preview }),
      ...(file.focus === null ? {} : { focus: file.focus }),
      ...(file.durationMs === null ? {} : { durationMs: file.durationMs }),
    }),
    description: file.description === "" ? null : file.description,
    blurhash: file.blurhash,
  };
}

const typeOf = (kind: AttachmentView["kind"]): MediaAttachment["type"] =>
  kind === "link" || kind === "file" ? "unknown" : kind;

const standIn = (kind: AttachmentView["kind"], url: string, origin: string): string | null =>
  kind === "image" ? url : kind === "video" ? origin + MISSING_STILL : null;

function metaOf(
  view: Pick<AttachmentView, "width" | "height" | "posterSize" | "focus" | "durationMs">,
): object {
  const original = sizeOf(view.width, view.height);
  const small = view.posterSize ? sizeOf(view.posterSize.width, view.posterSize.height) : original;
  const seconds = view.durationMs === undefined ? null : view.durationMs / 1000;
  const whole = { ...original, ...(seconds === null ? {} : { duration: seconds }) };
  const [x, y] = view.focus ?? [];
  return {
    ...(seconds === null ? {} : { length: lengthOf(seconds), duration: seconds }),
    ...(original === null && seconds === null ? {} : { original: whole }),
    ...(small === null ? {} : { small }),
    ...(x === undefined || y === undefined ? {} : { focus: { x, y } }),
  };
}

const sizeOf = (width: number | null, height: number | null) =>
  width && height ? { width, height, size: `${width}x${height}`, aspect: width / height } : null;

/** `0:01:30.50` */
function lengthOf(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours}:${String(minutes).padStart(2, "0")}:${(seconds % 60).toFixed(2).padStart(5, "0")}`;
}
