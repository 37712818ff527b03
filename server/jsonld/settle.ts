/** Puts the meanings of a document's words where they belong: one context at the top, and only what is used. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import {
  type Definition,
  isIri,
  isTerm,
  type Kept,
  prefixesOf,
  prefixOf,
  readKept,
  writeKept,
} from "./kept.ts";

/** Whether a word has its meaning here, whatever a document says of it. */
export type Knows = (word: string) => boolean;

/** Maps from languages to texts: their keys are no words. */
const LANGUAGE_MAPS: ReadonlySet<string> = new Set(["nameMap", "summaryMap", "contentMap"]);

/**
 * `document`, with the contexts in it (in the form of `kept.ts`) joined into one. Kept are the meanings of words that
 * it uses and `knows` does not know. Where two parts mean something else by one word, the inner one keeps a context of
 * its own. Without `knows`, for a document that was settled before, nothing is known. Never throws.
 */
export function settle(document: JsonObject, knows: Knows | null = null): JsonObject {
  const found = contextsIn(document);
  if (found === null) return document;
  const walk = createWalk(found, knows ?? (() => false));
  const top: Part = { source: document, uses: new Map(), context: undefined };
  walk.visit(top, NOWHERE);
  const urls = knows === null || walk.hasMystery() ? found.urls : [];
  const context = writeKept(urls, meant(top.uses));
  const { "@context": _, ...rest } = found.isNested ? walk.rebuilt(document) : document;
  return context === undefined ? rest : { "@context": context, ...rest };
}

/** `inner`, a part of `outer`, as a document of its own: with the meanings that it has from there. */
export function inherit<T extends JsonObject>(outer: JsonObject, inner: T): T {
  const context = outer["@context"];
  if (context === undefined) return inner;
  const own = inner["@context"];
  // The same object, where it can be, was read before (`readKept`).
  return settle({ ...inner, "@context": own === undefined ? context : [context, own].flat() }) as T;
}

interface Found {
  readonly urls: readonly string[];
  /** Every word that is defined anywhere in the document. */
  readonly words: ReadonlySet<string>;
  readonly hasVocab: boolean;
  /** Whether a part has a context of its own. */
  readonly isNested: boolean;
}

/** Null where no part of the document has a context. */
function contextsIn(document: JsonObject): Found | null {
  const contexts: Kept[] = [];
  let isNested = false;
  const look = (value: Json | undefined): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) look(item);
      return;
    }
    const object = value as JsonObject;
    for (const name in object) {
      if (name !== "@context") look(object[name]);
      else {
        contexts.push(readKept(object[name]));
        isNested ||= object !== document;
      }
    }
  };
  look(document);
  if (contexts.length === 0) return null;
  return {
    urls: [...new Set(contexts.flatMap(({ urls }) => urls))],
    words: new Set(contexts.flatMap(({ definitions }) => [...definitions.keys()])),
    hasVocab: contexts.some(({ vocab }) => vocab !== null),
    isNested,
  };
}

interface Scope {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly vocab: string | null;
}

const NOWHERE: Scope = { definitions: new Map(), vocab: null };

/** What the words in it mean; null for one that is defined elsewhere in the document, but not there. */
type Uses = Map<string, Definition | null>;

/** An object within the document, with the uses of all that is in it. */
interface Part {
  readonly source: JsonObject;
  readonly uses: Uses;
  /** Where it needs one of its own. */
  context: Json | undefined;
}

function createWalk(found: Found, knows: Knows) {
  const contexts = new Map<JsonObject, Json>();
  let hasMystery = false;

  function visit({ source, uses }: Part, outer: Scope): void {
    const context = source["@context"];
    const scope = context === undefined ? outer : inside(outer, readKept(context));
    const parts: Part[] = [];
    for (const property in source) {
      const value = source[property];
      if (property === "@context" || value === undefined) continue;
      use(property, scope, uses);
      const definition = scope.definitions.get(property);
      if (property === "type" || property === "formerType" || isTyped(definition, "@vocab"))
        for (const word of [value].flat()) if (typeof word === "string") use(word, scope, uses);
      if (!isOpaque(property, definition)) visitValue(value, scope, uses, parts);
    }
    if (parts.length > 0) join(uses, parts);
    for (const part of parts) if (part.context !== undefined) contexts.set(part.source, part.context);
  }

  function visitValue(value: Json, scope: Scope, uses: Uses, parts: Part[]): void {
    if (typeof value === "string") {
      const prefix = prefixOf(value);
      if (prefix !== null && found.words.has(prefix)) use(prefix, scope, uses);
    } else if (Array.isArray(value)) {
      for (const item of value) visitValue(item, scope, uses, parts);
    } else if (isJsonObject(value)) {
      // Where there is one context, all parts mean the same.
      const part: Part = { source: value, uses: found.isNested ? new Map() : uses, context: undefined };
      if (found.isNested) parts.push(part);
      visit(part, scope);
    }
  }

  function use(word: string, scope: Scope, uses: Uses): void {
    if (knows(word) || word.startsWith("@")) return;
    const prefix = prefixOf(word);
    const before = prefix === null || knows(prefix) ? undefined : note(prefix, scope, uses);
    const meaning = note(word, scope, uses);
    const isTold = meaning === undefined ? before !== undefined || isWhole(word, knows) : isLocated(meaning);
    if (!isTold) hasMystery = true;
  }

  function note(word: string, scope: Scope, uses: Uses): Definition | undefined {
    const given = scope.definitions.get(word) ?? byVocab(word, scope.vocab);
    const meaning = given === undefined || isAmbiguous(given) ? undefined : given;
    if (meaning !== undefined) uses.set(word, meaning);
    else if (found.hasVocab || found.words.has(word)) uses.set(word, null);
    return meaning;
  }

  /** Whether an address in it would be read by a prefix that was not meant when it was defined. */
  function isAmbiguous(meaning: Definition): boolean {
    const prefixes = prefixesOf(meaning);
    return prefixes.length > 0 && (found.hasVocab || prefixes.some((prefix) => found.words.has(prefix)));
  }

  /** `source` without its context, and with those that its parts need. */
  function rebuilt(source: JsonObject): JsonObject {
    const context = contexts.get(source);
    const copy: Record<string, Json | undefined> = context === undefined ? {} : { "@context": context };
    for (const [property, value] of Object.entries(source))
      if (property !== "@context" && property !== "__proto__") copy[property] = value && copied(value);
    return copy;
  }

  const copied = (value: Json): Json =>
    Array.isArray(value)
      ? value.map((item: Json) => copied(item))
      : isJsonObject(value)
        ? rebuilt(value)
        : value;

  return { visit, rebuilt, hasMystery: () => hasMystery };
}

function inside(outer: Scope, { definitions, vocab }: Kept): Scope {
  return {
    definitions: outer.definitions.size === 0 ? definitions : new Map([...outer.definitions, ...definitions]),
    vocab: vocab ?? outer.vocab,
  };
}

const byVocab = (word: string, vocab: string | null): string | undefined =>
  vocab !== null && isTerm(word) && !word.includes(":") && isIri(vocab + word) ? vocab + word : undefined;

/**
 * Adds to the uses of an object (`own`) those of its parts. For each word one meaning goes up: the object's own, else
 * none where one of the parts has none, else the first in the alphabet. Parts that mean something else get a context.
 */
function join(own: Uses, parts: readonly Part[]): void {
  const theirs: Uses = new Map();
  for (const { uses } of parts)
    for (const [word, meaning] of uses) {
      const other = theirs.get(word);
      theirs.set(word, other === undefined ? meaning : lesser(other, meaning));
    }
  for (const [word, meaning] of theirs) if (!own.has(word)) own.set(word, meaning);
  for (const part of parts) {
    const others = meant(part.uses).filter(([word, meaning]) => !isSame(meaning, own.get(word) ?? null));
    if (others.length > 0) part.context = writeKept([], others);
  }
}

const meant = (uses: Uses): (readonly [string, Definition])[] =>
  [...uses].flatMap(([word, meaning]) => (meaning === null ? [] : [[word, meaning] as const]));

function lesser(one: Definition | null, other: Definition | null): Definition | null {
  if (one === other) return one;
  if (one === null || other === null) return null;
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}

const isSame = (one: Definition, other: Definition | null): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

const isTyped = (definition: Definition | undefined, type: string): boolean =>
  typeof definition === "object" && definition["@type"] === type;

/** Whether what is inside are no words of the document. */
const isOpaque = (property: string, definition: Definition | undefined): boolean =>
  LANGUAGE_MAPS.has(property) ||
  isTyped(definition, "@json") ||
  (typeof definition === "object" && definition["@container"] === "@language");

/** Whether it needs no prefix that another context may define. */
const isLocated = (meaning: Definition): boolean =>
  (typeof meaning === "string" ? meaning : (meaning["@id"] ?? "://")).includes("://");

/** Whether the word says by itself what it means. */
function isWhole(word: string, knows: Knows): boolean {
  const prefix = prefixOf(word);
  return prefix === null ? word.includes("://") : knows(prefix);
}
