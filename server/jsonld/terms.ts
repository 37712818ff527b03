/** Short names and IRIs: which property or type a document means, whatever name it gives to it. */
import { isJsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { bundledContexts, contextOf } from "./loader.ts";

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
}

export interface Terms {
  /** The view of a document's `@context`, inside a document that is read by `outer`. */
  view(context: unknown, outer?: View): View;
  /** What documents without a context, or with none but known ones, are read by. */
  readonly plain: View;
  /** Whether our property of that name holds addresses of things. */
  isAddress(property: string): boolean;
}

const AS = "https://www.w3.org/ns/activitystreams#";
/** Servers repeat the same few contexts in every document they send. */
const MAX_VIEWS = 500;
/** The longest in use (PeerTube's) has 70 terms; what is longer is not looked at, and its names stay as they are. */
const MAX_TERMS = 500;
const SCHEMA_ORG = /^https?:\/\/schema\.org[/#]/;
/** Containers that change the shape of a value (JSON-LD 1.1 §4.6). Lists, sets and languages are understood here. */
const ODD_CONTAINER = /@(?:index|id|type|graph)/;

/** The name of a term that no document may give to something else by a detour. */
const isReserved = (name: string): boolean => name === "id" || name === "type" || name.startsWith("@");

const definitionIri = (definition: unknown): string | null => {
  const iri = isJsonObject(definition) ? definition["@id"] : definition;
  return typeof iri === "string" ? iri : null;
};
const containerOf = (definition: unknown): string =>
  isJsonObject(definition) ? [definition["@container"] ?? ""].flat().join(" ") : "";

/** schema.org is written with `#`, `/`, http and https; it is one vocabulary. */
const normaliseIri = (iri: string): string =>
  iri.replace(SCHEMA_ORG, "http://schema.org#").replace(/^http:\/\/www\.w3\.org\/ns\/activitystreams#/, AS);

export function createTerms(vocabularies: readonly Vocabulary[]): Terms {
  const contexts: readonly Readonly<Record<string, unknown>>[] = [
    ...bundledContexts(),
    ...vocabularies.flatMap(({ context }) => (context === undefined ? [] : [context])),
  ];
  const prefixes = new Map<string, string>();
  const addresses = new Set<string>();
  const languageMaps = new Set<string>();
  const nameByIri = new Map<string, string>();

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
    const namespace = prefix === null ? undefined : (own?.get(prefix) ?? prefixes.get(prefix));
    return normaliseIri(namespace === undefined ? iri : namespace + iri.slice(colon + 1));
  };
  for (const context of contexts) {
    for (const [term, definition] of Object.entries(context)) {
      const iri = definitionIri(definition);
      if (iri === null || iri.startsWith("@") || containerOf(definition) === "@language") continue;
      const whole = expand(iri);
      if (!nameByIri.has(whole)) nameByIri.set(whole, term);
    }
  }
  for (const { types = {} } of vocabularies)
    for (const [name, { iri }] of Object.entries(types))
      if (!nameByIri.has(normaliseIri(iri))) nameByIri.set(normaliseIri(iri), name);

  /** Our name for an IRI, or undefined: the terms we know, and whatever is in the ActivityStreams namespace. */
  function nameOfIri(iri: string): string | undefined {
    const known = nameByIri.get(iri);
    if (known !== undefined) return known;
    const rest = iri.startsWith(AS) ? iri.slice(AS.length) : "";
    return /^[A-Za-z]\w*$/.test(rest) && !isReserved(rest) ? rest : undefined;
  }

  /** `own` are the terms that the document itself defines. */
  function viewOf(
    own: ReadonlyMap<string, string>,
    ownLanguageMaps: ReadonlySet<string>,
    { parts, kind }: Pick<View, "parts" | "kind">,
  ): View {
    const nameOf = (key: string): string => {
      if (key === "@id" || key === "@type") return key.slice(1);
      const meant = own.get(key);
      if (meant === "@id" || meant === "@type") return meant.slice(1);
      if (isReserved(key)) return key;
      if (meant !== undefined) return nameOfIri(expand(meant, own)) ?? key;
      return key.includes(":") ? (nameOfIri(expand(key, own)) ?? key) : key;
    };
    return {
      nameOf,
      typeOf: (type) => (isReserved(type) ? type : nameOf(type)),
      isLanguageMap: (key) => languageMaps.has(key) || ownLanguageMaps.has(key),
      parts,
      kind,
    };
  }

  const views = createLru<View>(MAX_VIEWS);
  const plain = viewOf(new Map(), new Set(), { parts: [], kind: "plain" });

  function read(parts: readonly unknown[]): View {
    const own = new Map<string, string>();
    const ownLanguageMaps = new Set<string>();
    let kind: View["kind"] = "plain";
    const inline = parts
      .map((part) => (typeof part === "string" ? contextOf(part) : part))
      .filter(isJsonObject);
    if (inline.reduce((sum, part) => sum + Object.keys(part).length, 0) > MAX_TERMS) return plain;
    for (const part of parts.filter(isJsonObject)) {
      for (const [term, definition] of Object.entries(part)) {
        const iri = definitionIri(definition);
        if (iri !== null && !term.startsWith("@")) own.set(term, iri);
        const container = containerOf(definition);
        if (container === "@language") ownLanguageMaps.add(term);
        const isOdd = (...words: string[]) =>
          isJsonObject(definition) && words.some((word) => word in definition);
        if (isOdd("@context")) kind = "scoped";
        else if (kind === "plain" && (ODD_CONTAINER.test(container) || isOdd("@reverse", "@nest")))
          kind = "intricate";
      }
    }
    if (own.size === 0) return plain;
    return viewOf(own, ownLanguageMaps, { parts, kind });
  }

  return {
    plain,
    isAddress: (property) => addresses.has(property),
    view(context, outer = plain) {
      if (context === undefined || typeof context === "string") return outer;
      const parts = [...outer.parts, ...[context].flat(3)];
      const key = JSON.stringify(parts);
      const known = views.get(key);
      if (known !== undefined) return known;
      const made = read(parts);
      views.set(key, made);
      return made;
    },
  };
}
