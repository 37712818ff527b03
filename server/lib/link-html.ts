/** Addresses, people and hashtags as links, in the markup by which other servers know them. */
import type { Piece } from "./find-links.ts";
import { escapeHtml } from "./html-clean.ts";
import { linkRelations } from "./html-rules.ts";

/** Whom a mention means: the actor, and the page of theirs that the link opens. */
export interface Mentioned {
  readonly iri: string;
  readonly url: string;
}

export function asLink(piece: Piece): string {
  if (piece.kind !== "url") return escapeText(piece.text);
  return `<a href="${escapeHtml(piece.text)}" rel="${linkRelations()}">${shortened(piece.text)}</a>`;
}

/** Enough of an address to know where it leads. */
const SHOWN_CHARACTERS = 30;

/**
 * The whole address, with the parts that say little in the classes by which other servers hide them. The host is
 * always shown as a whole; an address with a name in front of it is no link (`isSafeHref`).
 */
function shortened(address: string): string {
  const [, scheme = "", host = "", rest = ""] =
    /^(https?:\/\/(?:www\.(?=[^/?#]*\.))?)([^/?#]*)(.*)$/is.exec(address) ?? [];
  if (scheme === "") return escapeText(address);
  const hidden = (text: string): string => `<span class="invisible">${escapeText(text)}</span>`;
  const characters = [...(host + rest)];
  const shown = Math.max(SHOWN_CHARACTERS, [...host].length);
  if (characters.length <= shown) return hidden(scheme) + escapeText(host + rest);
  const start = escapeText(characters.slice(0, shown).join(""));
  return `${hidden(scheme)}<span class="ellipsis">${start}</span>${hidden(characters.slice(shown).join(""))}`;
}

/** The markup by which other servers know a mention (microformats h-card). */
export function mentionLink(handle: string, { url }: Mentioned): string {
  const name = handle.split("@")[0] ?? handle;
  const link = `<a href="${escapeHtml(url)}" rel="${linkRelations()}" class="u-url mention">@<span>${name}</span></a>`;
  return `<span class="h-card" translate="no">${link}</span>`;
}

/** The markup by which other servers know a hashtag. */
export const hashtagLink = (name: string, href: string): string =>
  `<a href="${escapeHtml(href)}" rel="${linkRelations("tag")}" class="mention hashtag">#<span>${escapeText(name)}</span></a>`;

const escapeText = (text: string): string => escapeHtml(text).replaceAll("&quot;", '"');
