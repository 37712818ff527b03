/** Short names and IRIs: which property or type a document means, whatever name it gives to it. */
import { isJsonObject, type Json } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { ENDS_AS_PREFIX, isUnknownContext } from "./kept.ts";
import { bundledContexts, contextOf, fixedWords } from "./loader.ts";
import { containerOf, definitionIri, type OwnTerms, readOwnTerms } from "./own-terms.ts";

/** What is said of a vocabulary here: the terms it adds, and its types. */
export interface Vocabulary {
  readonly context?: Readonly<Record<string, unknown>>;
  readonly types?: Readonly<Record<string, { readonly iri: string }>>;
}

/** How to read one `@context`: what the names in it mean. */
export interface View {
  /** Our name for a property, `@graph` and the like for keywords. */
  readonly nameOf: (key: string) => string;
  /** Our name for a type. */
  readonly typeOf: (type: string) => string;
  /** Whether the property's value is a map from languages to texts. */
  readonly isLanguageMap: (key: string) => boolean;
  /** The contexts that it reads by. */
  readonly parts: readonly unknown[];
  /**
   * `intricate` where the context says something that only a JSON-LD processor understands; `scoped` where it holds
   * contexts inside definitions, which cost a processor seconds and are read by none here.
   */
  readonly kind: "plain" | "intricate" | "scoped";
  /** What of it is to stay with the document, in the form of `kept.ts`; undefined where it is nothing. */
  readonly kept: Json | undefined;
}

export interface Terms {
  /** The view of a document's `@context`, inside a document that is read by `outer`. */
  view(context: unknown, outer?: View): View;
  /** What documents without a context, or with none but known ones, are read by. */
  readonly plain: View;
  /** Whether a word has its meaning here, whatever a document says of it. */
  readonly knows: (word: string) => boolean;
  /** Whether our property of that name holds addresses of things. */
  isAddress(property: string): boolean;
}

const AS = "https://www.w3.org/ns/activitystreams#";
/** Servers repeat the same few contexts in every document they send. */
const MAX_VIEWS = 500;
/** Of their texts together, at most 10 MB: the longest in use has 6 kB. */
const MAX_REMEMBERED_LENGTH = 20_000;
/** The longest in use (PeerTube's) has 70 terms; what is longer is not looked at, and its names stay as they are. */
const MAX_TERMS = 500;
const SCHEMA_ORG = /^https?:\/\/schema\.org[/#]/;
/** Containers that change the shape of a value (JSON-LD 1.1 §4.6). Lists, sets and languages are understood here. */
const ODD_CONTAINER = /@(?:index|id|type|graph)/;

/** The name of a term that no document may give to something else by a detour. */
const isReserved = (name: string): boolean => name === "id" || name === "type" || name.startsWith("@");

/** schema.org is written with `#`, `/`, http and https; it is one vocabulary. */
const normaliseIri = (iri: string): string =>
  iri
    .replace(SCHEMA_ORG, "http://schema.org#")
    .replace(/^http:(?=\/\/www\.w3\.org\/ns\/activitystreams#)/, "https:");

export function createTerms(vocabularies: readonly Vocabulary[]): Terms {
  const contexts: readonly Readonly<Record<string, unknown>>[] = [
    ...bundledContexts(),
    ...vocabularies.flatMap(({ context }) => (context === undefined ? [] : [context])),
  ];
  const prefixes = new Map<string, string>();
  const addresses = new Set<string>();
  const languageMaps = new Set<string>();
  const nameByIri = new Map<string, string>();
  const iriByName = new Map<string, string>();

  for (const context of contexts) {
    for (const [term, definition] of Object.entries(context)) {
      const iri = definitionIri(definition);
      if (iri !== null && /[#/:]$/.test(iri)) prefixes.set(term, normaliseIri(iri));
      if (isJsonObject(definition) && definition["@type"] === "@id") addresses.add(term);
      if (containerOf(definition) === "@language") languageMaps.add(term);
    }
  }
  const expand = (iri: string, own?: ReadonlyMap<string, string>): string => {
    const colon = iri.indexOf(":");
    const prefix = colon > 0 && !iri.startsWith("//", colon + 1) ? iri.slice(0, colon) : null;
    const namespace = prefix === null ? undefined : (spaceOf(own?.get(prefix)) ?? prefixes.get(prefix));
    return normaliseIri(namespace === undefined ? iri : namespace + iri.slice(colon + 1));
  };
  const ours = new Set([
    ...fixedWords(),
    ...vocabularies.flatMap(({ context = {}, types = {} }) => [
      ...Object.keys(context),
      ...Object.keys(types),
    ]),
  ]);
  for (const context of contexts) {
    for (const [term, definition] of Object.entries(context)) {
      const iri = definitionIri(definition);
      if (iri === null || iri.startsWith("@") || !ours.has(term)) continue;
      const whole = expand(iri);
      if (!iriByName.has(term)) iriByName.set(term, whole);
      if (containerOf(definition) === "@language" || prefixes.has(term)) continue;
      if (!nameByIri.has(whole)) nameByIri.set(whole, term);
    }
  }
  for (const { types = {} } of vocabularies)
    for (const [name, { iri }] of Object.entries(types)) {
      if (!nameByIri.has(normaliseIri(iri))) nameByIri.set(normaliseIri(iri), name);
      iriByName.set(name, normaliseIri(iri));
    }
  const knows = (word: string): boolean => ours.has(word);

  /** Our name for an IRI, or undefined; what is in the ActivityStreams namespace has the name that it has there. */
  function nameOfIri(iri: string): string | undefined {
    const rest = iri.startsWith(AS) ? iri.slice(AS.length) : "";
    return nameByIri.get(iri) ?? (ours.has(rest) && !isReserved(rest) ? rest : undefined);
  }

  /** `own` is what the document itself defines. */
  function viewOf(own: OwnTerms, { parts, kind }: Pick<View, "parts" | "kind">): View {
    const { iris, languageMaps: ownLanguageMaps, vocab, kept } = own;
    const nameOf = (key: string): string => {
      if (key === "@id" || key === "@type") return key.slice(1);
      if (isReserved(key) || ours.has(key)) return key;
      if (key.includes(":")) return nameOfCompact(key);
      const meant = iris.get(key) ?? (vocab === null ? undefined : vocab + key);
      if (meant === "@id" || meant === "@type") return meant.slice(1);
      return meant === undefined ? key : (nameOfIri(normaliseIri(meant)) ?? key);
    };
    /** A prefix that the document means otherwise than we do is written out, or it would mean what we do. */
    const nameOfCompact = (key: string): string => {
      const whole = expand(key, iris);
      return (
        nameOfIri(whole) ?? (ours.has(key.slice(0, key.indexOf(":"))) && whole !== expand(key) ? whole : key)
      );
    };
    return {
      nameOf,
      typeOf: (type) => (isReserved(type) ? type : nameOf(type)),
      isLanguageMap: (key) => languageMaps.has(key) || ownLanguageMaps.has(key),
      parts,
      kind,
      kept,
    };
  }

  const views = createLru<View>(MAX_VIEWS);
  const nothing: OwnTerms = { iris: new Map(), languageMaps: new Set(), vocab: null, kept: undefined };
  const plain = viewOf(nothing, { parts: [], kind: "plain" });

  function read(parts: readonly unknown[]): View {
    const inline = parts
      .map((part) => (typeof part === "string" ? contextOf(part) : part))
      .filter(isJsonObject);
    if (inline.reduce((sum, part) => sum + Object.keys(part).length, 0) > MAX_TERMS) return plain;
    const own = readOwnTerms(parts, {
      isWord: knows,
      iriOf: (word) => iriByName.get(word),
      isOurs: (iri) => nameOfIri(normaliseIri(iri)) !== undefined,
      prefixIri: (prefix) => prefixes.get(prefix),
    });
    if (own.iris.size === 0 && own.kept === undefined) return plain;
    return viewOf(own, { parts, kind: kindOf(parts) });
  }

  return {
    plain,
    knows,
    isAddress: (property) => addresses.has(property),
    view(context, outer = plain) {
      if (context === undefined) return outer;
      if (typeof context === "string" && !isUnknownContext(context)) return outer;
      const parts = [...outer.parts, ...[context].flat(3)];
      const key = JSON.stringify(parts);
      const seen = views.get(key);
      if (seen !== undefined) return seen;
      const made = read(parts);
      if (key.length <= MAX_REMEMBERED_LENGTH) views.set(key, made);
      return made;
    },
  };
}

/** The name space that a prefix of a document stands for; undefined where it is no prefix. */
const spaceOf = (iri: string | undefined): string | undefined =>
  iri !== undefined && ENDS_AS_PREFIX.test(iri) && !iri.startsWith("@") ? iri : undefined;

function kindOf(parts: readonly unknown[]): View["kind"] {
  let kind: View["kind"] = "plain";
  for (const definition of parts.filter(isJsonObject).flatMap((part) => Object.values(part))) {
    if (!isJsonObject(definition)) continue;
    if ("@context" in definition) return "scoped";
    if (ODD_CONTAINER.test(containerOf(definition)) || "@reverse" in definition || "@nest" in definition)
      kind = "intricate";
  }
  return kind;
}
