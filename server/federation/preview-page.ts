/** What a page says of itself for those who link to it: OpenGraph, else its title and description. */
import { Parser } from "htmlparser2";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { parseHttpUrl } from "../lib/url.ts";
import { isActivityType } from "./media-type.ts";

/** What is shown below a post that leads somewhere. */
export interface Preview {
  readonly title: string;
  readonly description: string;
  readonly provider: string;
  readonly author: string;
  readonly authorUrl: string;
  /** Of a picture of it, http or https; null where it names none. */
  readonly imageUrl: string | null;
  readonly imageText: string;
  /** In pixels, as the page says; 0 where it does not. */
  readonly width: number;
  readonly height: number;
  readonly language: string | null;
}

export interface ReadPage {
  /** Null where the page says nothing that could be shown. */
  readonly preview: Preview | null;
  /** Where more is told in JSON (oEmbed). */
  readonly moreUrl: string | null;
  /** Where the same is to be had as an ActivityPub document. */
  readonly documentUrl: string | null;
}

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 500;
const MAX_NAME = 100;
/** Whatever says something of the page stands before this, in characters. */
const MAX_READ = 256 * 1024;
/** Elements of a head; a page without one is read so far. */
const MAX_TAGS = 2_000;
/** Of a `Link`, in characters; servers with many have a tenth. */
const MAX_LINKS_LENGTH = 8 * 1024;
/** Characters read before it is looked whether to go on. */
const PIECE = 8 * 1024;
const MAX_PIXELS = 100_000;

/** `url` is where the page came from. Never throws, whatever the page is. */
export function readPage(html: string, url: string): ReadPage {
  const said = new Map<string, string>();
  let title = "";
  let isTitle = false;
  let moreUrl: string | null = null;
  let documentUrl: string | null = null;
  let language: string | null = null;
  let isOver = false;
  let tags = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      tags++;
      // Behind this stands what people read.
      if (name === "body") isOver = true;
      if (name === "title" && title === "") isTitle = true;
      else if (name === "html") language = attributes.lang ?? null;
      else if (name === "meta") {
        const property = (attributes.property ?? attributes.name ?? "").toLowerCase();
        if (property !== "" && attributes.content && !said.has(property))
          said.set(property, attributes.content);
      } else if (name === "link" && attributes.type === "application/json+oembed" && moreUrl === null)
        moreUrl = wholeUrl(attributes.href, url);
      else if (name === "link" && isDocument(attributes.rel, attributes.type))
        documentUrl ??= wholeUrl(attributes.href, url);
    },
    ontext(text) {
      if (isTitle) title += text;
    },
    onclosetag(name) {
      if (name === "title") isTitle = false;
    },
  });
  for (let at = 0; at < Math.min(html.length, MAX_READ) && !isOver && tags < MAX_TAGS; at += PIECE)
    parser.write(html.slice(at, at + PIECE));
  const first = (...names: readonly string[]) =>
    names.map((name) => said.get(name)?.trim()).find(Boolean) ?? "";
  const found = line(first("og:title", "twitter:title") || title, MAX_TITLE);
  if (found === "") return { preview: null, moreUrl, documentUrl };
  return {
    moreUrl,
    documentUrl,
    preview: {
      title: found,
      description: line(first("og:description", "twitter:description", "description"), MAX_DESCRIPTION),
      provider: line(first("og:site_name", "application-name"), MAX_NAME),
      author: line(first("author", "article:author"), MAX_NAME).replace(/^https?:.*$/, ""),
      authorUrl: wholeUrl(first("article:author"), url) ?? "",
      imageUrl: wholeUrl(first("og:image:secure_url", "og:image", "twitter:image"), url),
      imageText: line(first("og:image:alt", "twitter:image:alt"), MAX_DESCRIPTION),
      width: pixels(first("og:image:width")),
      height: pixels(first("og:image:height")),
      language: languageOf(first("og:locale") || language),
    },
  };
}

/** The same as in a page's head, from the `Link` of its answer (RFC 8288). */
export function documentLink(header: string | null, url: string): string | null {
  for (const [, target, said = ""] of (header ?? "").slice(0, MAX_LINKS_LENGTH).matchAll(LINKS)) {
    const [rel, type] = [REL, TYPE].map((parameter) => parameter.exec(said)?.slice(1).find(Boolean));
    if (isDocument(rel, type)) return wholeUrl(target, url);
  }
  return null;
}

/** The target of each, and what is said of it. */
const LINKS = /<([^<>]*)>([^<]*)/g;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;
const TYPE = /;\s*type\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;

const isDocument = (rel: string | undefined, type: string | undefined): boolean =>
  /(?:^|\s)alternate(?:\s|$)/i.test(rel ?? "") && isActivityType(type ?? null);

/** An oEmbed answer (oEmbed 1.0 §2.3) in the same words, where a page itself says nothing. */
export function readMore(json: string, url: string): Preview | null {
  const said = parseJson(json);
  if (!isJsonObject(said)) return null;
  const text = (name: string, max: number) => line(typeof said[name] === "string" ? said[name] : "", max);
  const title = text("title", MAX_TITLE);
  if (title === "") return null;
  return {
    title,
    description: "",
    provider: text("provider_name", MAX_NAME),
    author: text("author_name", MAX_NAME),
    authorUrl: wholeUrl(said.author_url, url) ?? "",
    imageUrl: wholeUrl(said.thumbnail_url, url),
    imageText: "",
    width: pixels(said.thumbnail_width),
    height: pixels(said.thumbnail_height),
    language: null,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\u0000-\u0020\u007f-\u00a0\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

function line(text: string, max: number): string {
  const flat = text
    .slice(0, max * 4)
    .toWellFormed()
    .replace(UNSEEN, " ")
    .trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).toWellFormed()}…`;
}

/** As an address of http or https; relative ones are of `base`. */
function wholeUrl(given: unknown, base: string): string | null {
  if (typeof given !== "string" || given.trim() === "") return null;
  const url = URL.parse(given.trim(), base);
  return url === null ? null : (parseHttpUrl(url.href)?.href ?? null);
}

function pixels(given: unknown): number {
  const number = Number(typeof given === "string" ? given : typeof given === "number" ? given : 0);
  return Number.isInteger(number) && number > 0 && number <= MAX_PIXELS ? number : 0;
}

const languageOf = (given: string | null): string | null =>
  /^[a-z]{2,3}(?=[-_]|$)/i.exec(given ?? "")?.[0].toLowerCase() ?? null;
