/** Our compact form → a document with the right `@context`. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { ACTIVITYSTREAMS, DATA_INTEGRITY, DID, fixedWords, MULTIKEY, SECURITY } from "./loader.ts";
import { settle } from "./settle.ts";
import type { Vocabulary } from "./terms.ts";

/**
 * The document with `@context` first, then `id` and `type`. Of contexts that it and its parts had, there is what they
 * say of words that nobody here knows (`kept.ts`), joined into the one at the top wherever they agree.
 */
export type Publish = (object: JsonObject) => JsonObject;

/** Contexts to name when one of their words occurs. What is missing here is not ours to send. */
const BY_WORD: Readonly<Record<string, readonly string[]>> = {
  publicKey: [SECURITY],
  proof: [DATA_INTEGRITY],
  assertionMethod: [DID, MULTIKEY],
  Multikey: [MULTIKEY],
};
const ORDER = [SECURITY, DID, MULTIKEY, DATA_INTEGRITY];

/** The few kinds of documents of one server need few contexts. */
const MAX_CONTEXTS = 500;

export function createPublish(vocabularies: readonly Vocabulary[]): Publish {
  const definitions = definitionsOf(vocabularies);
  const contexts = createLru<Json>(MAX_CONTEXTS);
  const fixed = fixedWords();
  const knows = (word: string): boolean => fixed.has(word) || definitions.has(word);

  function contextFor(words: ReadonlySet<string>, kept: Json | undefined): Json {
    const named = ORDER.filter((url) => [...words].some((word) => own(BY_WORD, word)?.includes(url)));
    const inline: Record<string, Json> = Object.assign({}, ...[kept].flat().filter(isJsonObject));
    for (const word of words) {
      const definition = definitions.get(word);
      if (definition === undefined) continue;
      for (const prefix of definition.prefixes) inline[prefix.name] = prefix.iri;
      inline[word] = definition.says;
    }
    const sorted = Object.fromEntries(
      Object.entries(inline).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
    const extra = [...named, ...(Object.keys(sorted).length > 0 ? [sorted] : [])];
    // What others write at their addresses may change: it stands first, so that it can take no word from us.
    const unseen = [kept].flat().filter((part) => typeof part === "string");
    return unseen.length + extra.length === 0 ? ACTIVITYSTREAMS : [...unseen, ACTIVITYSTREAMS, ...extra];
  }

  return (object) => {
    const settled = settle(object, knows);
    const { "@context": kept, id, type, ...rest } = settled;
    const words = new Set<string>();
    collectWords(settled, (word) => {
      if (definitions.has(word) || own(BY_WORD, word) !== undefined) words.add(word);
      const colon = word.indexOf(":");
      if (colon > 0 && definitions.has(word.slice(0, colon))) words.add(word.slice(0, colon));
    });
    const key = `${[...words].sort().join(" ")}${kept === undefined ? "" : ` ${JSON.stringify(kept)}`}`;
    let context = contexts.get(key);
    if (context === undefined) {
      context = contextFor(words, kept);
      contexts.set(key, context);
    }
    return {
      "@context": context,
      ...(id === undefined ? {} : { id }),
      ...(type === undefined ? {} : { type }),
      ...rest,
    };
  };
}

interface Definition {
  readonly says: Json;
  readonly prefixes: readonly { readonly name: string; readonly iri: string }[];
}

/** Terms and types of the vocabularies, with the prefixes that each of them needs; not those that are fixed. */
function definitionsOf(vocabularies: readonly Vocabulary[]): ReadonlyMap<string, Definition> {
  const given = new Map<string, unknown>();
  const bundled = fixedWords();
  for (const { context = {}, types = {} } of vocabularies) {
    for (const [name, { iri }] of Object.entries(types)) if (!given.has(name)) given.set(name, iri);
    for (const [term, definition] of Object.entries(context)) given.set(term, definition);
  }
  const prefixesOf = (definition: unknown, seen: readonly string[] = []): Definition["prefixes"] => {
    const parts = isJsonObject(definition) ? [definition["@id"], definition["@type"]] : [definition];
    return parts.flatMap((part) => {
      const name = typeof part === "string" && !/^[a-z]+:\/\//i.test(part) ? part.split(":")[0] : undefined;
      const iri = name === undefined ? undefined : given.get(name);
      if (name === undefined || typeof iri !== "string" || part === name || seen.includes(name)) return [];
      return bundled.has(name) ? [] : [...prefixesOf(iri, [...seen, name]), { name, iri }];
    });
  };
  return new Map(
    [...given]
      .filter(([term]) => !bundled.has(term))
      .map(([term, says]) => [term, { says: says as Json, prefixes: prefixesOf(says) }]),
  );
}

/** Names of properties and types anywhere in the document, except in maps from languages to texts and in contexts. */
function collectWords(value: Json | undefined, add: (word: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) collectWords(item, add);
  } else if (isJsonObject(value)) {
    for (const [property, inner] of Object.entries(value)) {
      add(property);
      if (property === "type") for (const type of [inner].flat()) if (typeof type === "string") add(type);
      if (property !== "@context" && !isByLanguage(property, inner)) collectWords(inner, add);
    }
  }
}

const isByLanguage = (property: string, value: Json | undefined): boolean =>
  property.endsWith("Map") &&
  isJsonObject(value) &&
  Object.values(value).every((text) => typeof text === "string");

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
