/** The words of a thing: its title, its text, and what its author says instead of them where there is no room. */
import type { Display } from "../core/behaviour.ts";
import { type AsObject, embedded, text } from "../core/object.ts";
import { toPlainText } from "../lib/html-clean.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { isLanguageTag } from "../lib/language-tag.ts";
import { fromSummary } from "../lib/summary.ts";
import { oneLine } from "./plain.ts";
import { type LocalLinks, richText, type Tags } from "./rich.ts";

/** A title is a line. */
const MAX_NAME = 500;
/** A warning or an abstract is a paragraph or two. */
const MAX_SUMMARY = 5000;
/** What its author gives where there is no room. */
const MAX_PREVIEW_HTML = 20_000;
/** Of the markup around it. */
const MAX_SUMMARY_HTML = 20_000;

export interface Texts {
  readonly name: string | null;
  readonly summary: string | null;
  /** Clean HTML, possibly empty. */
  readonly contentHtml: string;
  /** Clean HTML, possibly empty. */
  readonly previewHtml: string;
  readonly language: string | null;
  /** It has a text of its own, be it an empty one. */
  readonly hasContent: boolean;
  /** There is more of it than `contentHtml` holds. */
  readonly isCut: boolean;
}

export function textsOf(
  document: AsObject,
  display: Display,
  language: string,
  options: {
    readonly clean: (html: string) => string;
    readonly links: LocalLinks;
    readonly tags: Tags;
    /** Of the text, in characters of markup. */
    readonly max: number;
  },
): Texts {
  const { clean, links, tags, max } = options;
  const body = bodyOf(document, display.body ?? "content");
  const content = text(body.document, body.property, language);
  let isCut = false;
  const contentHtml = richText(content, tags, {
    clean,
    links,
    mediaType: body.document.mediaType,
    max,
    onCut: () => {
      isCut = true;
    },
  });
  const preview = embedded(document, "preview");
  const previewHtml = richText(preview && text(preview, "content", language), tags, {
    clean,
    links,
    mediaType: preview?.mediaType,
    max: MAX_PREVIEW_HTML,
  });
  const title = text(document, display.title ?? "name", language) ?? text(document, "title", language);
  const name = oneLine(title, MAX_NAME) || null;
  const summary = cut(
    fromSummary((text(document, "summary", language) ?? "").slice(0, MAX_SUMMARY_HTML)),
    MAX_SUMMARY,
  );
  const says = summary !== "" && !repeats(document, summary, name, contentHtml);
  return {
    name,
    summary: says ? summary : null,
    contentHtml,
    previewHtml: previewHtml === contentHtml ? "" : previewHtml,
    language: languageOf(body.document, body.property, content, language) ?? spoken(document),
    hasContent: content !== null,
    isCut,
  };
}

/** The text itself, what stands in its place as a thing with a text (a podcast's `description`), or the usual one. */
function bodyOf(document: AsObject, property: string): { document: AsObject; property: string } {
  if (text(document, property) !== null) return { document, property };
  return { document: embedded(document, property) ?? document, property: "content" };
}

const cut = (plain: string, max: number): string =>
  plain.length <= max ? plain : `${plain.slice(0, max - 1).toWellFormed()}…`;

const CUT_OFF = /\s*(?:…|\.\.\.|\[(?:…|\.\.\.)\])\s*$/;
/** Markup may take so many times the room of its text, and that much more at least. */
const MARKUP = 8;
const MARKUP_AT_LEAST = 2000;

/**
 * Forums give a title once more as the summary, blogs the beginning of the text. Neither says anything new; a warning
 * never repeats what it warns of.
 */
function repeats(document: AsObject, summary: string, name: string | null, contentHtml: string): boolean {
  if (name === null || document.sensitive === true) return false;
  const said = flat(summary).replace(CUT_OFF, "");
  if (said === "" || said === flat(name)) return true;
  const beginning = contentHtml.slice(0, said.length * MARKUP + MARKUP_AT_LEAST);
  return flat(toPlainText(beginning)).startsWith(said);
}

const flat = (plain: string): string => plain.replace(/\s+/g, " ").trim();

/** The language of the text that was chosen: its key in the map, or the only one there. */
function languageOf(
  document: AsObject,
  property: string,
  chosen: string | null,
  wanted: string,
): string | null {
  const map: Json | undefined = document[`${property}Map`];
  if (!isJsonObject(map) || chosen === null) return null;
  const keys = Object.keys(map);
  const same = keys.filter((key) => map[key] === chosen);
  // Friendica gives one text in two forms of markup: as `content`, and as the only entry of the map.
  const found = same.find((key) => key === wanted) ?? same[0] ?? (keys.length === 1 ? keys[0] : undefined);
  return found === undefined ? null : tagOf(found);
}

/** What the document says of itself: a tag, or an object with one (Lemmy, PeerTube). */
function spoken(document: AsObject): string | null {
  const said = document.language ?? document.inLanguage;
  return tagOf(isJsonObject(said) ? said.identifier : said);
}

/** A language tag as BCP 47 forms them, in its usual parts; anything else is none. */
const tagOf = (value: unknown): string | null =>
  typeof value === "string" && isLanguageTag(value) && value !== "und" ? value : null;
