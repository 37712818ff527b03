/** The part of a view that hangs on nothing but the document: read, cleaned and cut once, then remembered. */
import type { Addresses } from "../core/addresses.ts";
import { type Kind, LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embedded, id, text } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { fromStored } from "../core/stored.ts";
import { editedOf } from "../core/versions.ts";
import { fromIso } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import { sameOrigin } from "../lib/url.ts";
import { attachmentsOf } from "./attachments.ts";
import { eventOf } from "./event.ts";
import { factsOf } from "./facts.ts";
import { type Pictures, publisherOf, shownAttachment, shownEmoji } from "./pictures.ts";
import { oneLine, pageUrl, webUrl } from "./plain.ts";
import { type PollParts, pollPartsOf } from "./poll.ts";
import { approvalsOf, quoteIriOf } from "./quote.ts";
import { emojiOf, hashtagsOf, type LocalLinks, MAX_HTML, readTags } from "./rich.ts";
import type { DocumentRow, PersonDocumentRow } from "./store.ts";
import { textsOf } from "./texts.ts";
import type { MentionView, ObjectView } from "./view.ts";

/** Names of types are words, those of actions a few. */
const MAX_TYPE = 60;
/** Edited within this time of being written is not worth a word; many peers set both times at once. */
const EDITED_AFTER_MS = 1000;
/**
 * Of a text in a list, in characters of markup: a long article. Forty of those are a page that a telephone can take; more
 * is to be read on the thing's own page.
 */
const MAX_EXCERPT_HTML = 20_000;

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
  | "emoji"
  | "isSensitive"
  | "contentHtml"
  | "isCut"
  | "previewHtml"
  | "mentions"
  | "tags"
  | "hashtags"
  | "language"
  | "source"
  | "attachments"
  | "facts"
  | "event";

export interface ObjectParts {
  readonly fixed: Pick<ObjectView, Fixed>;
  /** The page at its origin, for objects from elsewhere. */
  readonly originUrl: string;
  readonly parentIri: string | null;
  /** Of its row; what is answered always has one, be it only its address. */
  readonly parentKey: number | null;
  readonly poll: PollParts | null;
  /** What it quotes, by its address; null where it quotes nothing. */
  readonly quoteIri: string | null;
  /** Whom its author lets quote it, by their addresses (FEP-044f); null where nothing is said of it. */
  readonly quotableBy: readonly string[] | null;
  /** The language in which it was read. */
  readonly readIn: string;
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
  readonly pictures: Pictures;
}

/** The document of a row, but for whom it is addressed to and who wrote it, which the row says. */
export const parseStored = (row: PersonDocumentRow & { readonly kind?: Kind }): AsObject =>
  row.document === null ? {} : fromStored(row.document, { kind: "actor", ...row, ownerIri: null });

/** What it answers, when that is an address at all. */
export function parentOf(document: AsObject): string | null {
  const iri = id(document, "inReplyTo");
  return webUrl(iri) === null ? null : iri;
}

/** What the addresses in a document mean here. */
export interface Known {
  /** From addresses elsewhere to pages here. */
  readonly links: LocalLinks;
  readonly mentions: readonly MentionView[];
  readonly parentKey: number | null;
}

/** How much of its text is wanted: as much as a list has room for, or as much as is ever shown. */
export type Extent = "excerpt" | "whole";

const MAX_TEXT: Readonly<Record<Extent, number>> = { excerpt: MAX_EXCERPT_HTML, whole: MAX_HTML };

/** Never throws, whatever the document holds. */
export function objectPartsOf(
  deps: PartsDeps,
  row: DocumentRow,
  document: AsObject,
  known: Known,
  language: string,
  extent: Extent = "whole",
): ObjectParts {
  const { registry, addresses, clean, pictures } = deps;
  const type = row.type ?? registry.knownType(document);
  const ancestry = registry.ancestry(type);
  const display = registry.display(type);
  const isLocal = row.host === LOCAL_HOST;
  const host = publisherOf(row.iri, isLocal);
  const tags = shownEmoji(pictures, readTags(document), host);
  const { hasContent, ...texts } = textsOf(document, display, language, {
    clean,
    links: known.links,
    tags,
    max: MAX_TEXT[extent],
  });
  const poll = pollPartsOf(document);
  const tagPage = (tag: string) => addresses.tag(tag).slice(addresses.origin.length);
  const parentIri = parentOf(document);
  const publishedMs = publishedOf(row.key, document);
  const updatedMs = editedOf({ key: row.key, updatedMs: row.updated, fetchedMs: row.fetched }, document);
  return {
    fixed: {
      key: row.key,
      iri: row.iri,
      type: oneLine(type, MAX_TYPE),
      typeLabel: oneLine(wordOf(registry, type, language), MAX_TYPE),
      ancestry,
      isLocal,
      publishedMs,
      updatedMs: updatedMs !== null && updatedMs > publishedMs + EDITED_AFTER_MS ? updatedMs : null,
      ...texts,
      emoji: emojiOf(tags, [texts.name, texts.summary, ...(poll?.options ?? []).map(({ name }) => name)]),
      isSensitive: document.sensitive === true,
      mentions: known.mentions,
      tags: [...new Set(tags.names.map((name) => name.toLowerCase()))],
      hashtags: hashtagsOf(tags, texts.contentHtml, tagPage),
      source: isLocal ? sourceOf(document) : null,
      attachments: attachmentsOf(document, {
        iri: row.iri,
        ancestry,
        links: (display.links ?? []).map((property) => ({
          property,
          label: registry.word(property, language),
        })),
      }).map((one) => shownAttachment(pictures, one, host, row.key)),
      facts: factsOf(registry, type, document, language),
      event: eventOf(document, ancestry, language),
    },
    originUrl: originPage(document, row.iri, ancestry),
    parentIri,
    parentKey: parentIri === null ? null : known.parentKey,
    poll,
    quoteIri: quoteIriOf(document, row.iri),
    quotableBy: approvalsOf(document),
    readIn: language,
    actions: registry.actions(type).map((action) => ({
      type: action,
      label: oneLine(registry.word(action, language), MAX_TYPE),
      talliedIn: registry.talliedIn(action),
    })),
    isVote: parentIri !== null && texts.name !== null && !hasContent && ancestry.includes("Note"),
  };
}

/** Of a type that nobody here knows, the end of its address or prefixed name says most. */
const wordOf = (registry: Registry, type: string, language: string): string => {
  const word = registry.word(type, language);
  return word === type ? (type.split(/[:/#]/).findLast((part) => part !== "") ?? type) : word;
};

/** What its author says, unless that is later than when it came here. */
export function publishedOf(key: number, document: AsObject): number {
  const said = fromIso(document.published);
  return said !== null && said <= timeOfKey(key) ? said : timeOfKey(key);
}

function sourceOf(document: AsObject): string | null {
  const source = embedded(document, "source");
  return source === null ? null : text(source, "content");
}

/** Of a Page that leads elsewhere, `url` is where it leads, not where it is to be read (Lotide, Friendica). */
const originPage = (document: AsObject, iri: string, ancestry: readonly string[]): string => {
  const page = pageUrl(document);
  return page === null || (ancestry.includes("Page") && !sameOrigin(page, iri)) ? iri : page;
};
