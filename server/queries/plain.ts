/** Reads single values out of documents that may hold anything: always a value of the right type, never a throw. */
import { type AsObject, text, values } from "../core/object.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { parseHttpUrl } from "../lib/url.ts";

/** Line breaks and all that is invisible or turns text around become a space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\u0000-\u0020\u007f-\u00a0\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** One line of text with at most `max` characters, cut with an ellipsis. */
export function oneLine(value: unknown, max: number): string {
  if (typeof value !== "string") return "";
  const line = value
    .slice(0, max * 4)
    .replace(UNSEEN, " ")
    .trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
}

/** The property (or its language map) as one line; null where there is none. */
export function lineOf(document: AsObject, property: string, max: number, language?: string): string | null {
  return oneLine(text(document, property, language), max) || null;
}

/** An ampersand as HTML writes it, which some peers (WordPress) leave in addresses. */
const ESCAPED_AMPERSAND = /&(?:amp|#0*38|#x0*26);/gi;

/** The address when it is an honest http(s) one, in normal form; else null. */
export const webUrl = (value: unknown): string | null =>
  (parseHttpUrl(value) && parseHttpUrl(String(value).replace(ESCAPED_AMPERSAND, "&")))?.href ?? null;

/** Where an image, a Link or a bare address leads: itself, its `href` or its `url`. */
export function linkedUrl(value: Json | undefined): string | null {
  if (typeof value === "string") return webUrl(value);
  if (Array.isArray(value)) return first(value, linkedUrl);
  if (!isJsonObject(value)) return null;
  return webUrl(value.href) ?? first(values(value as AsObject, "url").slice(0, MAX_LINKS), urlOfLink);
}

const urlOfLink = (value: Json): string | null =>
  isJsonObject(value) ? (webUrl(value.href) ?? webUrl(value.url)) : webUrl(value);

/** Among the links of one thing nobody needs more to find one that works. */
export const MAX_LINKS = 100;

function first<T>(items: readonly Json[], find: (item: Json) => T | null): T | null {
  for (const item of items.slice(0, MAX_LINKS)) {
    const found = Array.isArray(item) ? null : find(item);
    if (found !== null) return found;
  }
  return null;
}

/** The page of the thing for people: an HTML link of `url` before any other; null where there is none. */
export function pageUrl(document: AsObject): string | null {
  const links = values(document, "url").slice(0, MAX_LINKS);
  for (const link of links) {
    if (isJsonObject(link) && link.mediaType === "text/html") return webUrl(link.href);
  }
  return first(links, urlOfLink);
}

/** A count or a size that makes sense, or null. */
export const wholeNumber = (value: unknown, max: number): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max ? value : null;
