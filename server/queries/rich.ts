/** From a peer's text to what a page may hold: clean HTML, custom emoji, and links to people and tags that stay here. */
import { type AsObject, id, text, typeOf, values } from "../core/object.ts";
import { escapeHtml, tokensOf, unescapeHtml } from "../lib/html-clean.ts";
import { isJsonObject } from "../lib/json.ts";
import { fromMarkdownText, fromPlain } from "../lib/text.ts";
import { linkedUrl, webUrl } from "./plain.ts";
import type { EmojiView, ObjectView } from "./view.ts";

/** Longer texts are books; what comes after is at their origin. In characters, markup included, before and after cleaning. */
export const MAX_HTML = 200_000;
/** Of the tags of one document; the rest are not read. */
const MAX_TAGS = 300;
/** Pictures in one text: more is a wall, and each brings its address along. */
const MAX_EMOJI_SHOWN = 200;
/** An emoji's address stands in the text each time it is used. */
const MAX_EMOJI_URL = 500;
/** Tags shown below a text; a film may have thirty, and nobody reads more. */
const MAX_HASHTAGS = 30;
/** A tag is a word or a few. */
const MAX_HASHTAG = 100;

const SHORTCODE = /:([\p{L}\p{N}_+-]{1,64}):/gu;

/** What the `tag`s of a document say about words in its texts. */
export interface Tags {
  /** `blobcat` → address of its picture. */
  readonly emoji: ReadonlyMap<string, string>;
  /** Addresses of people that are mentioned. */
  readonly mentions: readonly string[];
  /** Address at the origin → tag without `#`, in lower case. */
  readonly hashtags: ReadonlyMap<string, string>;
  /** Tags without `#` as they are written, with or without an address. */
  readonly names: readonly string[];
}

export function readTags(document: AsObject): Tags {
  const emoji = new Map<string, string>();
  const mentions: string[] = [];
  const hashtags = new Map<string, string>();
  const names: string[] = [];
  for (const tag of values(document, "tag").slice(0, MAX_TAGS)) {
    if (!isJsonObject(tag)) continue;
    const named = tag as AsObject;
    const name = text(named, "name")?.trim() ?? "";
    const type = typeOf(named);
    if (type === "Emoji") {
      const shortcode = /^:?([\p{L}\p{N}_+-]{1,64}):?$/u.exec(name)?.[1];
      const url = linkedUrl(named.icon);
      if (shortcode && url?.startsWith("https:") && url.length <= MAX_EMOJI_URL) emoji.set(shortcode, url);
    } else if (type === "Mention") {
      const iri = id(named, "href");
      if (iri !== null && webUrl(iri) !== null) mentions.push(iri);
    } else if (type === "Hashtag") {
      const href = webUrl(id(named, "href"));
      // Rows of before texts were made whole at the door (`core/draft.ts`) may hold half a character.
      const bare = name.replace(/^#/, "").normalize("NFC").toWellFormed();
      if (bare === "" || bare.length > MAX_HASHTAG) continue;
      names.push(bare);
      if (href !== null) hashtags.set(href, bare.toLowerCase());
    }
  }
  return { emoji, mentions, hashtags, names };
}

/** The pictures for these lines of plain text. */
export function emojiOf(tags: Tags, lines: readonly (string | null)[]): readonly EmojiView[] {
  if (tags.emoji.size === 0) return [];
  const used = lines.flatMap((line) => [...(line ?? "").matchAll(SHORTCODE)].map((match) => match[1] ?? ""));
  return [...new Set(used)].slice(0, MAX_EMOJI_SHOWN).flatMap((shortcode) => {
    const url = tags.emoji.get(shortcode);
    return url === undefined ? [] : [{ shortcode, url }];
  });
}

/** Tags that the text does not show, each once. `pageOf` gives their pages here by their name in lower case. */
export function hashtagsOf(
  tags: Tags,
  html: string,
  pageOf: (name: string) => string,
): ObjectView["hashtags"] {
  if (tags.names.length === 0) return [];
  const text = html.toLowerCase().replace(/<\/?(?:span|b|strong|em|i|bdi)\b[^<>]*>/g, "");
  const links = new Set([...html.matchAll(/\shref="([^"]*)"/g)].map((match) => match[1]));
  const found = new Map<string, ObjectView["hashtags"][number]>();
  for (const name of tags.names) {
    const folded = name.toLowerCase();
    const path = pageOf(folded);
    if (found.size >= MAX_HASHTAGS || links.has(escapeHtml(path)) || text.includes(`#${escapeHtml(folded)}`))
      continue;
    if (!found.has(folded)) found.set(folded, { name: `#${name}`, path });
  }
  return [...found.values()];
}

/** Addresses to replace: where the link led → where it leads here. */
export type LocalLinks = ReadonlyMap<string, string>;

const NO_LINKS: LocalLinks = new Map();

/** HTML (or Markdown or plain text, where it is such) from anywhere, made safe and at home here. */
export function richText(
  html: string | null,
  tags: Tags,
  options: {
    readonly clean: (html: string) => string;
    readonly links?: LocalLinks;
    readonly mediaType?: unknown;
    /** In characters of markup; `MAX_HTML` where nothing is said. */
    readonly max?: number;
    /** Called where something had to be left out. */
    readonly onCut?: () => void;
  },
): string {
  if (html === null || html === "") return "";
  const { max = MAX_HTML, clean, onCut, links = NO_LINKS } = options;
  const cleaned = clean(markupOf(html.slice(0, max).toWellFormed(), options.mediaType));
  // Cleaning writes `&` as five characters: what was short enough may not be any more.
  const isLong = cleaned.length > max;
  if (isLong || html.length > max) onCut?.();
  return decorate(isLong ? clean(upTo(cleaned, max)) : cleaned, tags.emoji, links);
}

/** The beginning of clean HTML, without half a tag or half a character at its end. */
function upTo(html: string, max: number): string {
  const cut = html.slice(0, max).toWellFormed();
  const halves = [
    ["<", ">"],
    ["&", ";"],
  ].map(([from = "", to = ""]) =>
    cut.lastIndexOf(from) > cut.lastIndexOf(to) ? cut.lastIndexOf(from) : max,
  );
  return cut.slice(0, Math.min(...halves));
}

/** HTML, whatever is said of it: Castopod says "Markdown" of a text that it gives in both forms. */
const BEGINS_AS_HTML = /^\s*<(?:p|div|h[1-6]|ul|ol|blockquote|table)[\s>]/i;

/** PeerTube sends Markdown and says so; profiles and forums often send plain text and say nothing. */
function markupOf(text: string, mediaType: unknown): string {
  if (mediaType === "text/markdown" && !BEGINS_AS_HTML.test(text)) return fromMarkdownText(text);
  const isPlain = mediaType === "text/plain" || (text.includes("\n") && !/<[a-z!/]|&[a-z#\d]+;/i.test(text));
  return isPlain ? fromPlain(text) : text;
}

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
        return emoji.size === 0 ? token : token.replace(SHORTCODE, picture);
      }
      return token.startsWith("<a ") ? token.replace(/(\shref=)"([^"]*)"/, led) : token;
    })
    .join("");
}
