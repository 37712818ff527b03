/** The part of a view that hangs on nothing but the document: read, cleaned and cut once, then remembered. */
import type { Addresses } from "../core/addresses.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embedded, id, text } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { fromIso } from "../lib/clock.ts";
import { toPlainText } from "../lib/html-clean.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject } from "../lib/json.ts";
import { attachmentsOf } from "./attachments.ts";
import { factsOf } from "./facts.ts";
import { oneLine, pageUrl, webUrl } from "./plain.ts";
import { type PollParts, pollPartsOf } from "./poll.ts";
import { type LocalLinks, readTags, richText } from "./rich.ts";
import type { DocumentRow } from "./store.ts";
import type { ObjectView } from "./view.ts";

/** A title is a line. */
const MAX_NAME = 500;
/** A warning or an abstract is a paragraph or two. */
const MAX_SUMMARY = 5000;
/** Of the markup around it. */
const MAX_SUMMARY_HTML = 20_000;
/** Names of types are words. */
const MAX_TYPE = 60;
/** Edited within this time of being written is not worth a word; many peers set both times at once. */
const EDITED_AFTER_MS = 1000;

type Fixed =
  | "key"
  | "iri"
  | "type"
  | "typeLabel"
  | "ancestry"
  | "isLocal"
  | "publishedMs"
  | "updatedMs"
  | "name"
  | "summary"
  | "isSensitive"
  | "contentHtml"
  | "language"
  | "source"
  | "attachments"
  | "facts";

export interface ObjectParts {
  readonly fixed: Pick<ObjectView, Fixed>;
  /** The page at its origin, for objects from elsewhere. */
  readonly originUrl: string;
  readonly parentIri: string | null;
  /** Of its row; what is answered always has one, be it only its address. */
  readonly parentKey: number | null;
  readonly poll: PollParts | null;
  /** Activities that the vocabulary offers, each with the collection that counts it. */
  readonly actions: readonly {
    readonly type: string;
    readonly label: string;
    readonly talliedIn: string | null;
  }[];
  /** A vote in a poll is stored like a note, but nobody means to read it. */
  readonly isVote: boolean;
}

export interface PartsDeps {
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly clean: (html: string) => string;
}

/** The document as it was stored; what is not an object is an empty one. */
export function parseStored(json: string | null): AsObject {
  const value: unknown = json === null ? null : JSON.parse(json);
  return isJsonObject(value) ? (value as AsObject) : {};
}

/** What it answers, when that is an address at all. */
export function parentOf(document: AsObject): string | null {
  const iri = id(document, "inReplyTo");
  return webUrl(iri) === null ? null : iri;
}

/** What the addresses in a document mean here. */
export interface Known {
  /** From addresses elsewhere to pages here. */
  readonly links: LocalLinks;
  readonly parentKey: number | null;
}

/** Never throws, whatever the document holds. */
export function objectPartsOf(
  deps: PartsDeps,
  row: DocumentRow,
  document: AsObject,
  known: Known,
  language: string,
): ObjectParts {
  const { registry, clean } = deps;
  const type = row.type ?? registry.knownType(document);
  const ancestry = registry.ancestry(type);
  const display = registry.display(type);
  const isLocal = row.host === LOCAL_HOST;
  const tags = readTags(document);
  const body = display.body ?? "content";
  const name = oneLine(text(document, display.title ?? "name", language), MAX_NAME) || null;
  const content = text(document, body, language);
  const contentHtml = richText(content, tags, { clean, links: known.links, mediaType: document.mediaType });
  const parentIri = parentOf(document);
  const publishedMs = publishedOf(row.key, document);
  const updatedMs = fromIso(document.updated);
  return {
    fixed: {
      key: row.key,
      iri: row.iri,
      type: oneLine(type, MAX_TYPE),
      typeLabel: oneLine(registry.word(type, language), MAX_TYPE),
      ancestry,
      isLocal,
      publishedMs,
      updatedMs: updatedMs !== null && updatedMs > publishedMs + EDITED_AFTER_MS ? updatedMs : null,
      name,
      summary:
        cut(
          toPlainText((text(document, "summary", language) ?? "").slice(0, MAX_SUMMARY_HTML)),
          MAX_SUMMARY,
        ) || null,
      isSensitive: document.sensitive === true,
      contentHtml,
      language: languageOf(document, body, content, language),
      source: isLocal ? sourceOf(document) : null,
      attachments: attachmentsOf(document, ancestry),
      facts: factsOf(registry, type, document, language),
    },
    originUrl: pageUrl(document) ?? row.iri,
    parentIri,
    parentKey: parentIri === null ? null : known.parentKey,
    poll: pollPartsOf(document),
    actions: registry.actions(type).map((action) => ({
      type: action,
      label: oneLine(registry.word(action, language), MAX_NAME),
      talliedIn: registry.talliedIn(action),
    })),
    isVote: parentIri !== null && name !== null && content === null && ancestry.includes("Note"),
  };
}

/** What its author says, unless that is later than when it came here. */
export function publishedOf(key: number, document: AsObject): number {
  const said = fromIso(document.published);
  return said !== null && said <= timeOfKey(key) ? said : timeOfKey(key);
}

const cut = (plain: string, max: number): string =>
  plain.length <= max ? plain : `${plain.slice(0, max - 1).toWellFormed()}…`;

function sourceOf(document: AsObject): string | null {
  const source = embedded(document, "source");
  return source === null ? null : text(source, "content");
}

/** The language of the text that was chosen: its key in the map, or what the document says of itself. */
function languageOf(
  document: AsObject,
  property: string,
  chosen: string | null,
  wanted: string,
): string | null {
  const map = document[`${property}Map`];
  if (isJsonObject(map) && chosen !== null) {
    const keys = Object.keys(map).filter((key) => map[key] === chosen);
    const found = keys.find((key) => key === wanted) ?? keys[0];
    if (found !== undefined) return tagOf(found);
  }
  const said = document.language;
  return tagOf(isJsonObject(said) ? said.identifier : said);
}

/** A language tag as BCP 47 forms them, in its usual parts; anything else is none. */
const tagOf = (value: unknown): string | null =>
  typeof value === "string" && /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(value) && value !== "und"
    ? value
    : null;
