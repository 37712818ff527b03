/** What the contexts of a document itself define: each of their terms as a whole address, read as JSON-LD does. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import {
  type Definition,
  definitionOf,
  ENDS_AS_PREFIX,
  isIri,
  isUnknownContext,
  prefixesOf,
} from "./kept.ts";
import { contextOf, isBundled } from "./loader.ts";

export interface OwnTerms {
  /** Term → the address that it means, or a keyword; words of ours too, as far as they are used as prefixes. */
  readonly iris: ReadonlyMap<string, string>;
  readonly languageMaps: ReadonlySet<string>;
  /** What stands before words that nobody defines; null where nothing does. */
  readonly vocab: string | null;
  /** What is to stay with the document, in the form of `kept.ts`, used or not; undefined where there is nothing. */
  readonly kept: Json | undefined;
}

/** What our own contexts say. */
export interface Known {
  readonly isWord: (word: string) => boolean;
  /** The address that a word of ours means. */
  readonly iriOf: (word: string) => string | undefined;
  readonly prefixIri: (prefix: string) => string | undefined;
  /** Whether a word of ours means this address. */
  readonly isOurs: (iri: string) => boolean;
}

interface Term {
  readonly iri: string;
  readonly isPrefix: boolean;
}

/** Longer addresses are nobody's; and chains of prefixes must not make them grow. */
const MAX_IRI_LENGTH = 1_000;

/** The value of a definition, or of its `@id`. */
export const definitionIri = (definition: unknown): string | null => {
  const iri = isJsonObject(definition) ? definition["@id"] : definition;
  return typeof iri === "string" ? iri : null;
};
export const containerOf = (definition: unknown): string =>
  isJsonObject(definition) ? [definition["@container"] ?? ""].flat().join(" ") : "";

/** `parts` in the order in which they stand; what a later one says of a term outweighs an earlier one. */
export function readOwnTerms(parts: readonly unknown[], known: Known): OwnTerms {
  const terms = new Map<string, Term>();
  const definitions = new Map<string, Definition>();
  const languageMaps = new Set<string>();
  const urls: string[] = [];
  let vocab: string | null = null;

  function readPart(part: JsonObject): void {
    const said = part["@vocab"];
    if (said === null) vocab = null;
    if (typeof said === "string") vocab = resolver({}, terms, vocab, known).whole(said) ?? vocab;
    const { whole, termOf } = resolver(part, terms, vocab, known);
    for (const [name, given] of Object.entries(part)) {
      const term = name.startsWith("@") ? null : termOf(name);
      if (term === null || (name.includes(":") && term.iri !== whole(name))) continue;
      const isOurs = known.isOurs(term.iri);
      const isWord = known.isWord(name);
      const definition = isOurs || isWord ? null : definitionOf(name, given as Json, term.iri, whole);
      // What cannot stay with the document does not displace what can.
      if (definition === null && !isOurs && definitions.has(name)) continue;
      if (!name.includes(":")) terms.set(name, term);
      if (definition !== null) definitions.set(name, definition);
      const isUnderstood = definition !== null || (isOurs && !isWord);
      if (isUnderstood && containerOf(given) === "@language") languageMaps.add(name);
      else languageMaps.delete(name);
    }
  }

  for (const part of parts) {
    if (isJsonObject(part)) readPart(part);
    if (typeof part !== "string") continue;
    // ActivityStreams sets what stands before unknown words to nothing of use (`_:`).
    if (isBundled(part)) vocab = null;
    else if (isUnknownContext(part)) urls.push(part);
    for (const name of Object.keys(contextOf(part))) terms.delete(name);
  }
  for (const [name, definition] of definitions) {
    // Written beside the terms that came later, it would mean something else.
    const isMisread = prefixesOf(definition).some((prefix) => vocab !== null || definitions.has(prefix));
    if (isMisread && definitions.delete(name)) languageMaps.delete(name);
  }
  const inline = {
    ...(isIri(vocab) ? { "@vocab": vocab as string } : {}),
    ...Object.fromEntries(definitions),
  };
  const kept = [...urls, ...(Object.keys(inline).length > 0 ? [inline] : [])];
  return {
    iris: new Map([...terms].map(([name, { iri }]) => [name, iri])),
    languageMaps,
    vocab,
    kept: kept.length > 0 ? kept : undefined,
  };
}

/** Finds what the terms of `part` mean, read after what is in `active`. */
function resolver(part: JsonObject, active: ReadonlyMap<string, Term>, vocab: string | null, known: Known) {
  const found = new Map<string, Term | null>();

  function termOf(name: string): Term | null {
    if (!Object.hasOwn(part, name)) return active.get(name) ?? null;
    const before = found.get(name);
    if (before !== undefined) return before;
    found.set(name, null); // A term that is needed to define itself means nothing.
    const given = part[name];
    const said = definitionIri(given) ?? (isJsonObject(given) ? name : null);
    const iri = said === null ? null : said === name ? implied(name) : whole(said);
    const isPrefix =
      iri !== null && (ENDS_AS_PREFIX.test(iri) || (isJsonObject(given) && given["@prefix"] === true));
    const term = iri === null || iri.length > MAX_IRI_LENGTH ? null : { iri, isPrefix };
    found.set(name, term);
    return term;
  }

  const implied = (name: string): string | null =>
    name.includes(":") ? whole(name) : vocab === null ? null : vocab + name;

  /** The whole address of an address, a prefix and a name, or a word; null for a word that means nothing. */
  function whole(said: string): string | null {
    const colon = said.indexOf(":");
    if (said.startsWith("@")) return said;
    if (colon < 0) return termOf(said)?.iri ?? known.iriOf(said) ?? (vocab === null ? null : vocab + said);
    if (colon === 0 || said.startsWith("//", colon + 1)) return said;
    const prefix = said.slice(0, colon);
    const term = termOf(prefix);
    const space = term?.isPrefix ? term.iri : known.prefixIri(prefix);
    return space === undefined ? said : space + said.slice(colon + 1);
  }

  return { whole, termOf };
}
