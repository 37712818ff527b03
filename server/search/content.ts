/** What a document says, has and is, as far as one looks for it. */
import type { Display } from "../core/behaviour.ts";
import { type AsObject, embedded, embeddedAll, ids, text, types, values } from "../core/object.ts";
import { escapeHtml } from "../lib/html-clean.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { fromSummary } from "../lib/summary.ts";
import type { Has } from "./marks.ts";

/** Of all texts with their markup: a chapter. Who looks for more than that looks for a title. */
const MAX_TEXT = 40_000;
/** Of one language map: more languages than any school speaks. */
const MAX_LANGUAGES = 10;
const MAX_ATTACHMENTS = 32;
const MAX_TAGS = 50;
const MAX_CHOICES = 20;
const MAX_FACTS = 30;

export interface Content {
  /** Empty where it has none. */
  readonly title: string;
  /** Plain texts: summary, body, descriptions of what is attached, choices of a poll, facts. */
  readonly texts: readonly string[];
  /** Without their sign. */
  readonly hashtags: readonly string[];
  /** Addresses of those whom it names. */
  readonly mentions: readonly string[];
  readonly languages: readonly string[];
  readonly has: readonly Has[];
  readonly isReply: boolean;
  readonly isQuote: boolean;
  readonly isSensitive: boolean;
  /** A vote in a poll is stored like a note, but nobody means to read it. */
  readonly isVote: boolean;
}

/** Never throws, whatever the document holds. */
export function contentOf(document: AsObject, display: Display): Content {
  const titleProperty = display.title ?? "name";
  const bodyProperty = display.body ?? "content";
  const inner = embedded(document, bodyProperty);
  const bodies = allOf(document, bodyProperty);
  const html = [
    ...allOf(document, "summary").map((summary) => escapeHtml(fromSummary(summary))),
    ...bodies,
    ...(bodyProperty === "content" ? [] : allOf(document, "content")),
    ...(inner === null ? [] : allOf(inner, "content")),
  ];
  const title = [
    ...allOf(document, titleProperty),
    ...(titleProperty === "name" ? [] : allOf(document, "name")),
  ];
  const attached = [...values(document, "attachment"), ...values(document, "image")]
    .slice(0, MAX_ATTACHMENTS)
    .filter(isJsonObject) as readonly AsObject[];
  const choices = [...embeddedAll(document, "oneOf"), ...embeddedAll(document, "anyOf")].slice(
    0,
    MAX_CHOICES,
  );
  const tags = embeddedAll(document, "tag").slice(0, MAX_TAGS);
  const isReply = ids(document, "inReplyTo").length > 0;
  return {
    title: shortened(title).map(sayingOf).join(" "),
    texts: [
      ...shortened(html).map(sayingOf),
      ...[...attached, ...choices].flatMap((each) => text(each, "name") ?? []),
      ...(display.facts ?? []).slice(0, MAX_FACTS).flatMap((fact) => wordsOfFact(document[fact])),
    ],
    hashtags: tags.flatMap((tag) => (tag.type === "Hashtag" ? (text(tag, "name") ?? []) : [])),
    mentions: tags.flatMap((tag) => (types(tag).includes("Mention") ? ids(tag, "href") : [])),
    languages: languagesOf(document),
    has: hasOf(document, attached, html),
    isReply,
    isQuote: document.quote !== undefined,
    isSensitive: document.sensitive === true,
    isVote: isReply && typeof document.name === "string" && bodies.length === 0,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/**
 * What markup says, for its words alone: nothing of it is ever shown, so it need not be made safe, which takes ten times
 * as long. Elements within a line join what is around them (`#<span>tag</span>`), all others part it.
 */
export function sayingOf(html: string): string {
  if (!/[<&]/.test(html)) return html;
  return html
    .replace(/<(script|style)\b[^<]*<\/\1>/gi, " ")
    .replace(/<(\/?)([a-z0-9]*)[^<>]*>/gi, (_, _end, name: string) =>
      WITHIN_LINES.has(name.toLowerCase()) ? "" : " ",
    )
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
        const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : " ";
      },
    );
}

const WITHIN_LINES: ReadonlySet<string> = new Set(
  "a abbr b bdi bdo cite code del em font i ins kbd mark q s samp small span strong sub sup u var wbr".split(
    " ",
  ),
);

/** The first of them, and together no longer than is worth it. */
function shortened(texts: readonly string[]): readonly string[] {
  let left = MAX_TEXT;
  return texts.map((text) => {
    const part = text.slice(0, left);
    left -= part.length;
    return part;
  });
}

/** The property in every language in which it is said. */
function allOf(document: AsObject, property: string): readonly string[] {
  const map = document[`${property}Map`];
  const said = [
    ...values(document, property).slice(0, MAX_LANGUAGES),
    ...(isJsonObject(map) ? Object.values(map).slice(0, MAX_LANGUAGES) : []),
  ].filter((each) => typeof each === "string");
  return [...new Set(said)].map((each) => each.slice(0, MAX_TEXT));
}

/** Plain values, and names of what is more than that; addresses say nothing to a reader. */
function wordsOfFact(value: Json | undefined): readonly string[] {
  const all: readonly Json[] = Array.isArray(value)
    ? value.slice(0, MAX_FACTS)
    : value === undefined
      ? []
      : [value];
  return all.flatMap((each) => {
    const said = isJsonObject(each) ? text(each as AsObject, "name") : each;
    return typeof said === "string" && !/^[a-z][a-z0-9+.-]*:/i.test(said) ? [said.slice(0, MAX_TEXT)] : [];
  });
}

function languagesOf(document: AsObject): readonly string[] {
  const map = document.contentMap;
  const said = document.language ?? document.inLanguage;
  const named = isJsonObject(said) ? said.identifier : said;
  return [
    ...(isJsonObject(map) ? Object.keys(map).slice(0, MAX_LANGUAGES) : []),
    ...(typeof named === "string" ? [named] : []),
  ];
}

const MEDIA: readonly Has[] = ["image", "video", "audio", "file"];

function hasOf(document: AsObject, attached: readonly AsObject[], html: readonly string[]): readonly Has[] {
  const has = new Set<Has>();
  for (const each of [document, ...attached]) {
    const kind = mediumOf(each, each !== document);
    if (kind !== null) has.add(kind);
  }
  if (MEDIA.some((kind) => has.has(kind))) has.add("media");
  if (document.oneOf !== undefined || document.anyOf !== undefined) has.add("poll");
  if (has.has("embed") || document.quote !== undefined) has.add("embed");
  if (html.some(leadsElsewhere)) has.add("link");
  return [...has];
}

function mediumOf(of: AsObject, isAttached: boolean): Has | null {
  const named = types(of);
  const mediaType = typeof of.mediaType === "string" && isAttached ? of.mediaType : "";
  const [, family = ""] = /^(image|video|audio)\//.exec(mediaType) ?? [];
  if (family !== "") return family as Has;
  for (const type of ["Image", "Video", "Audio"] as const)
    if (named.includes(type)) return type.toLowerCase() as Has;
  if (!isAttached || named.includes("PropertyValue")) return null;
  if (named.includes("Link") || named.includes("Page")) return "embed";
  return named.includes("Document") || mediaType !== "" ? "file" : null;
}

/** A link that names neither somebody nor a tag. */
function leadsElsewhere(html: string): boolean {
  for (const [tag] of html.matchAll(/<a\s[^<>]*>/gi))
    if (/href\s*=\s*["']?https?:/i.test(tag) && !/class\s*=\s*["'][^"']*\b(?:mention|hashtag)\b/i.test(tag))
      return true;
  return false;
}
