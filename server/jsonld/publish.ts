/** Our compact form → a document with the right `@context`. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { ACTIVITYSTREAMS, bundledContexts, DATA_INTEGRITY, DID, MULTIKEY, SECURITY } from "./loader.ts";
import type { Vocabulary } from "./terms.ts";

/** The document with `@context` first, then `id` and `type`. Whatever context it had is replaced. */
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

  function contextFor(words: ReadonlySet<string>): Json {
    const named = ORDER.filter((url) => [...words].some((word) => own(BY_WORD, word)?.includes(url)));
    const inline: Record<string, Json> = {};
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
    return extra.length === 0 ? ACTIVITYSTREAMS : [ACTIVITYSTREAMS, ...extra];
  }

  return (object) => {
    const words = new Set<string>();
    collectWords(object, (word) => {
      if (definitions.has(word) || own(BY_WORD, word) !== undefined) words.add(word);
    });
    const key = [...words].sort().join(" ");
    let context = contexts.get(key);
    if (context === undefined) {
      context = contextFor(words);
      contexts.set(key, context);
    }
    const { "@context": _, id, type, ...rest } = object;
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

/** Terms and types of the vocabularies, with the prefixes that each of them needs; not those of bundled contexts. */
function definitionsOf(vocabularies: readonly Vocabulary[]): ReadonlyMap<string, Definition> {
  const given = new Map<string, unknown>();
  const bundled = new Map(bundledContexts().flatMap((context) => Object.entries(context)));
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

/** Names of properties and types anywhere in the document, except in maps from languages to texts. */
function collectWords(value: Json | undefined, add: (word: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) collectWords(item, add);
  } else if (isJsonObject(value)) {
    for (const [property, inner] of Object.entries(value)) {
      add(property);
      if (property === "type") for (const type of [inner].flat()) if (typeof type === "string") add(type);
      if (!property.endsWith("Map")) collectWords(inner, add);
    }
  }
}

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
