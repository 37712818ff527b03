/** From a peer's text to what a page may hold: clean HTML, custom emoji, and links to people and tags that stay here. */
import { type AsObject, id, text, typeOf, values } from "../core/object.ts";
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

/** The text of HTML on one or more lines, with nothing that a page would take for markup. */
export function withoutMarkup(html: string, clean: (html: string) => string): string {
  const cut = html.slice(0, MAX_HTML).toWellFormed();
  if (!/[<&]/.test(cut)) return cut.trim();
  return clean(cut)
    .replace(/<br\s*\/?>|<\/(?:p|div|li|h[1-6]|blockquote|pre)>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|quot|apos|nbsp|#39|#x27|amp);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  "#x27": "'",
  nbsp: " ",
  amp: "&",
};

const paragraphs = (plain: string): string =>
  plain
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escaped(paragraph).replaceAll("\n", "<br>")}</p>`)
    .join("");

/** `html` is clean already: attributes are quoted, and `<` stands for nothing but a tag. */
function decorate(html: string, emoji: ReadonlyMap<string, string>, links: LocalLinks): string {
  if (emoji.size === 0 && links.size === 0) return html;
  let shown = 0;
  const picture = (whole: string, shortcode: string): string => {
    const url = emoji.get(shortcode);
    if (url === undefined || shown >= MAX_EMOJI_SHOWN) return whole;
    shown++;
    return `<img class="emoji" src="${escaped(url)}" alt="${whole}" title="${whole}" width="20" height="20" loading="lazy">`;
  };
  const led = (whole: string, before: string, href: string): string => {
    const local = links.get(webUrl(unescaped(href)) ?? "");
    return local === undefined ? whole : `${before}"${escaped(local)}"`;
  };
  return html
    .split(/(<[^>]*>)/)
    .map((part, i) => {
      if (i % 2 === 0) return emoji.size === 0 ? part : part.replace(/:([\p{L}\p{N}_+-]{1,64}):/gu, picture);
      return /^<a\s/i.test(part) ? part.replace(/(\shref=)"([^"]*)"/i, led) : part;
    })
    .join("");
}

const escaped = (plain: string): string =>
  plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const unescaped = (attribute: string): string =>
  attribute.replace(/&(lt|gt|quot|apos|nbsp|#39|#x27|amp);/g, (_, name: string) => ENTITIES[name] ?? "");
