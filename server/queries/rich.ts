/** From a peer's text to what a page may hold: clean HTML, custom emoji, and links to people and tags that stay here. */
import { type AsObject, id, text, typeOf, values } from "../core/object.ts";
import { escapeHtml, tokensOf, unescapeHtml } from "../lib/html-clean.ts";
import { isJsonObject } from "../lib/json.ts";
import { linkedUrl, webUrl } from "./plain.ts";

/** Longer texts are books; what comes after is at their origin. In characters, markup included. */
const MAX_HTML = 200_000;
/** Of the tags of one document; the rest are not read. */
const MAX_TAGS = 300;
/** Pictures in one text: more is a wall, and each brings its address along. */
const MAX_EMOJI_SHOWN = 200;
/** An emoji's address stands in the text each time it is used. */
const MAX_EMOJI_URL = 500;

/** What the `tag`s of a document say about words in its texts. */
export interface Tags {
  /** `blobcat` → address of its picture. */
  readonly emoji: ReadonlyMap<string, string>;
  /** Addresses of people that are mentioned. */
  readonly mentions: readonly string[];
  /** Address at the origin → tag without `#`, in lower case. */
  readonly hashtags: ReadonlyMap<string, string>;
}

export function readTags(document: AsObject): Tags {
  const emoji = new Map<string, string>();
  const mentions: string[] = [];
  const hashtags = new Map<string, string>();
  for (const tag of values(document, "tag").slice(0, MAX_TAGS)) {
    if (!isJsonObject(tag)) continue;
    const named = tag as AsObject;
    const name = text(named, "name")?.trim() ?? "";
    const type = typeOf(named);
    if (type === "Emoji") {
      const shortcode = /^:?([\p{L}\p{N}_+-]{1,64}):?$/u.exec(name)?.[1];
      const url = linkedUrl(named.icon);
      if (shortcode && url !== null && url.length <= MAX_EMOJI_URL) emoji.set(shortcode, url);
    } else if (type === "Mention") {
      const iri = id(named, "href");
      if (iri !== null && webUrl(iri) !== null) mentions.push(iri);
    } else if (type === "Hashtag") {
      const href = webUrl(id(named, "href"));
      const bare = name.replace(/^#/, "").toLowerCase();
      if (href !== null && bare !== "") hashtags.set(href, bare);
    }
  }
  return { emoji, mentions, hashtags };
}

/** Addresses to replace: where the link led → where it leads here. */
export type LocalLinks = ReadonlyMap<string, string>;

const NO_LINKS: LocalLinks = new Map();

/** HTML (or plain text, when `mediaType` says so) from anywhere, made safe and at home here. */
export function richText(
  html: string | null,
  tags: Tags,
  options: {
    readonly clean: (html: string) => string;
    readonly links?: LocalLinks;
    readonly mediaType?: unknown;
  },
): string {
  if (html === null || html === "") return "";
  const cut = html.slice(0, MAX_HTML).toWellFormed();
  const markup = options.mediaType === "text/plain" ? paragraphs(cut) : cut;
  return decorate(options.clean(markup), tags.emoji, options.links ?? NO_LINKS);
}

const paragraphs = (plain: string): string =>
  plain
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll("\n", "<br>")}</p>`)
    .join("");

function decorate(html: string, emoji: ReadonlyMap<string, string>, links: LocalLinks): string {
  if (emoji.size === 0 && links.size === 0) return html;
  let shown = 0;
  const picture = (whole: string, shortcode: string): string => {
    const url = emoji.get(shortcode);
    if (url === undefined || shown >= MAX_EMOJI_SHOWN) return whole;
    shown++;
    return `<img class="emoji" src="${escapeHtml(url)}" alt="${whole}" title="${whole}" width="20" height="20" loading="lazy">`;
  };
  const led = (whole: string, before: string, href: string): string => {
    const local = links.get(webUrl(unescapeHtml(href)) ?? "");
    return local === undefined ? whole : `${before}"${escapeHtml(local)}"`;
  };
  return tokensOf(html)
    .map((token) => {
      if (!token.startsWith("<")) {
        return emoji.size === 0 ? token : token.replace(/:([\p{L}\p{N}_+-]{1,64}):/gu, picture);
      }
      return token.startsWith("<a ") ? token.replace(/(\shref=)"([^"]*)"/, led) : token;
    })
    .join("");
}
