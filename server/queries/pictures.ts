/** From where pages show pictures, films and sounds: our own as they are, those of others through this server. */

import { hostOf } from "../lib/url.ts";
import type { AwayKind } from "../media/away-address.ts";
import type { Tags } from "./rich.ts";
import type { ActorView, AttachmentView } from "./view.ts";

export interface Pictures {
  /** Another one whenever `shown` may answer otherwise: what was made with an older one is made anew. */
  version(): string;
  /**
   * The address for a page to load; null where it is only to be linked to. `host` is who publishes it, null for ours; `of`
   * the row that shows it, with which the staff put it out of sight. Emoji are of a server, and of no row.
   */
  shown(url: string, kind: AwayKind, host: string | null, of?: number): string | null;
}

/** For programs, and wherever nothing stands between: every address as it is. */
export const PLAIN_PICTURES: Pictures = { version: () => "", shown: (url) => url };

/** Of a row elsewhere, for the rules about it. */
export const publisherOf = (iri: string, isLocal: boolean): string | null =>
  isLocal ? null : (hostOf(iri) ?? "");

/** Custom emoji that may be shown; the others stay words in colons. */
export function shownEmoji(pictures: Pictures, tags: Tags, host: string | null): Tags {
  if (tags.emoji.size === 0) return tags;
  const emoji = [...tags.emoji].flatMap(([shortcode, url]): [string, string][] => {
    const shown = pictures.shown(url, "emoji", host);
    return shown === null ? [] : [[shortcode, shown]];
  });
  return { ...tags, emoji: new Map(emoji) };
}

export function shownActor(
  pictures: Pictures,
  actor: { readonly key: number; readonly iconUrl: string | null; readonly imageUrl: string | null },
  host: string | null,
): Pick<ActorView, "iconUrl" | "imageUrl"> {
  const { key, iconUrl, imageUrl } = actor;
  return {
    iconUrl: iconUrl && pictures.shown(iconUrl, "avatar", host, key),
    imageUrl: imageUrl && pictures.shown(imageUrl, "header", host, key),
  };
}

export function shownAttachment(
  pictures: Pictures,
  view: AttachmentView,
  host: string | null,
  of: number,
): AttachmentView {
  const { posterUrl, posterSize, ...rest } = view;
  const poster = posterUrl === undefined ? null : pictures.shown(posterUrl, "picture", host, of);
  const size = posterSize === undefined ? {} : { posterSize };
  const shown = { ...rest, ...(poster === null ? {} : { posterUrl: poster, ...size }) };
  if (view.kind === "link" || view.kind === "file") return shown;
  const kind = view.kind === "image" ? "picture" : "film";
  return { ...shown, shownUrl: pictures.shown(view.url, kind, host, of) };
}
