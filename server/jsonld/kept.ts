/** Meanings of words that nobody here knows, as they stay with a document: their form, their limits, reading and writing. */
import { isJsonObject, type Json } from "../lib/json.ts";
import { isBundled } from "./loader.ts";

/** A document of 2025 uses at most 40 words that are not in the contexts shipped here (PeerTube's videos). */
export const MAX_DEFINITIONS = 64;
/** As JSON; more is longer than most posts. */
export const MAX_DEFINITIONS_LENGTH = 4_000;
/** Contexts that only their address tells; documents name one or two. */
export const MAX_UNKNOWN_CONTEXTS = 3;
/** What is longer is no address that anybody chose. */
const MAX_URL_LENGTH = 200;
const MAX_IRI_LENGTH = 300;
const MAX_TERM_LENGTH = 100;
/** Longer words before a colon are sentences. */
const MAX_PREFIX_LENGTH = 50;

/** What a term means: an address, or the address with how its values are read. */
export type Definition =
  | string
  | {
      /** Missing where the term is an address itself, whole or by a prefix. */
      readonly "@id"?: string;
      /** `@id`, `@vocab`, `@json` or the address of a data type. */
      readonly "@type"?: string;
      readonly "@container"?: string;
      /** Where the address does not end as that of a name space does. */
      readonly "@prefix"?: true;
    };

/** What a context says of words that nobody here knows. */
export interface Kept {
  readonly urls: readonly string[];
  readonly definitions: ReadonlyMap<string, Definition>;
  /** What stands before every word that has no definition (JSON-LD 1.1 §4.1.2). */
  readonly vocab: string | null;
}

/** Ends of addresses to which a name may be added (JSON-LD 1.1 §4.1.5, gen-delims of RFC 3986 §2.2). */
export const ENDS_AS_PREFIX = /[:/?#[\]@]$/;
const IRI = /^(?:[A-Za-z][A-Za-z0-9+.-]*|_):[^\s<>"{}|\\^`]*$/;
const CONTAINERS: ReadonlySet<unknown> = new Set(["@list", "@set", "@language"]);
const VALUE_TYPES: ReadonlySet<unknown> = new Set(["@id", "@vocab", "@json"]);
/** With one of these a term says more than what it means, and what it says is not understood here. */
const INTRICATE = ["@context", "@reverse", "@nest", "@index", "@import"];

/** A whole address (RFC 3987) of a bearable length. */
export const isIri = (value: unknown): value is string =>
  typeof value === "string" && value.length <= MAX_IRI_LENGTH && IRI.test(value);

/** A context that is not among those shipped, and can be named again. */
export const isUnknownContext = (url: string): boolean =>
  url.length <= MAX_URL_LENGTH && /^https:\/\/[^\s"<>\\]+$/.test(url) && !isBundled(url);

/**
 * The simple part of `given`, which defines `term`; null where there is none, or where it is for a processor only.
 * `iri` is the whole address that it means, `typeIri` finds that of its data type.
 */
export function definitionOf(
  term: string,
  given: Json | undefined,
  iri: string | null,
  typeIri: (type: string) => string | null,
): Definition | null {
  if (!isTerm(term) || !isIri(iri)) return null;
  const object = isJsonObject(given) ? given : {};
  if (INTRICATE.some((keyword) => Object.hasOwn(object, keyword))) return null;
  const containers = [object["@container"] ?? []].flat();
  if (!containers.every((one) => CONTAINERS.has(one))) return null;
  const said = object["@type"];
  const type = VALUE_TYPES.has(said) ? said : typeof said === "string" ? typeIri(said) : null;
  const container = containers.find((one) => one !== "@set") ?? containers[0];
  const more = {
    ...(VALUE_TYPES.has(type) || isIri(type) ? { "@type": type as string } : {}),
    ...(typeof container === "string" ? { "@container": container } : {}),
    ...(object["@prefix"] === true && !ENDS_AS_PREFIX.test(iri) ? { "@prefix": true as const } : {}),
  };
  const hasMore = Object.keys(more).length > 0;
  // JSON-LD 1.1 §4.2.2: a term in the form of an address may mean no other.
  if (term.includes(":")) return hasMore && !("@prefix" in more) ? more : null;
  return hasMore ? { "@id": iri, ...more } : iri;
}

/** `rec` of `rec:servings`; null for words without one and for whole addresses. */
export function prefixOf(word: string): string | null {
  const colon = word.indexOf(":");
  return colon > 0 && colon <= MAX_PREFIX_LENGTH && !word.startsWith("//", colon + 1)
    ? word.slice(0, colon)
    : null;
}

/** The prefixes of the addresses in it, or what a reader may take for one. */
export function prefixesOf(definition: Definition): readonly string[] {
  const addresses =
    typeof definition === "string" ? [definition] : [definition["@id"] ?? "", definition["@type"] ?? ""];
  return addresses.map(prefixOf).filter((prefix) => prefix !== null);
}

/** Whether a context may define it (JSON-LD 1.1 §4.2.2), and we let it. */
export const isTerm = (term: string): boolean =>
  term.length > 0 &&
  term.length <= MAX_TERM_LENGTH &&
  !term.startsWith("@") &&
  !/^:|:$/.test(term) &&
  (term.includes(":") || !term.includes("/")) &&
  term !== "__proto__";

const read = new WeakMap<object, Kept>();

/** What is kept in a `@context` of a compact document; whatever else stands there counts for nothing. Never throws. */
export function readKept(context: Json | undefined): Kept {
  if (typeof context !== "object" || context === null) return readParts([context]);
  let kept = read.get(context);
  if (kept === undefined) {
    kept = readParts([context].flat());
    read.set(context, kept);
  }
  return kept;
}

function readParts(parts: readonly (Json | undefined)[]): Kept {
  const urls = new Set<string>();
  const definitions = new Map<string, Definition>();
  let vocab: string | null = null;
  for (const part of parts) {
    if (typeof part === "string" && isUnknownContext(part)) urls.add(part);
    if (!isJsonObject(part)) continue;
    for (const [term, given] of Object.entries(part)) {
      if (term === "@vocab" && isIri(given) && given.includes("://")) vocab = given;
      const said = isJsonObject(given) ? given["@id"] : given;
      const iri = typeof said === "string" ? said : term.includes(":") ? term : null;
      const definition = definitionOf(term, given, iri, (type) => type);
      if (definition !== null) definitions.set(term, definition);
    }
  }
  return { urls: [...urls].slice(0, MAX_UNKNOWN_CONTEXTS), definitions, vocab };
}

/** The `@context` that says this, as much as the limits allow; undefined where it says nothing. */
export function writeKept(
  urls: readonly string[],
  definitions: Iterable<readonly [string, Definition]>,
): Json | undefined {
  const inline: Record<string, Json> = {};
  let length = 0;
  const sorted = [...definitions].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [term, definition] of sorted.slice(0, MAX_DEFINITIONS)) {
    length += JSON.stringify([term, definition]).length;
    if (length <= MAX_DEFINITIONS_LENGTH) inline[term] = definition;
  }
  const parts: Json[] = [...urls.slice(0, MAX_UNKNOWN_CONTEXTS)];
  if (Object.keys(inline).length > 0) parts.push(inline);
  return parts.length > 1 ? parts : parts[0];
}
