/** Looks up types and behaviours, with inheritance walked in the data. */
import type { Behaviour, Extension, Kind, TypeDef } from "./behaviour.ts";
import type { AsObject } from "./object.ts";
import { types } from "./object.ts";

export interface Registry {
  readonly extensions: readonly Extension[];
  type(name: string): TypeDef | null;
  /** The type and its known ancestors, nearest first: `["Recipe", "Article", "Object"]`. */
  ancestry(name: string): readonly string[];
  isA(name: string, ancestor: string): boolean;
  /** What the document is; unknown types with an actor are activities, with an inbox actors. */
  kindOf(object: AsObject): Kind;
  /** The document's first known type, or its first type, or "Object". */
  knownType(object: AsObject): string;
  /** Every behaviour of the nearest type that has any, for this type of object. */
  behaviours(activityType: string, objectType: string | null): readonly Behaviour[];
  isIndexed(property: string): boolean;
  readonly indexed: readonly string[];
  /** The word for a type, property or action, or the name itself. */
  word(name: string, language: string): string;
  /** Names of the activities offered on objects of this type, from its `display` and its ancestors'. */
  actions(type: string): readonly string[];
  /** The display of the nearest ancestor that has one. */
  display(type: string): NonNullable<TypeDef["display"]>;
  /** Name of the collection of the object that the activity adds its actor or itself to, if any. */
  talliedIn(activityType: string): string | null;
}

/**
 * @throws Error when two extensions define one name, or one extends a type that nobody defines:
 * a mistake in what was installed, told with both names.
 */
export function createRegistry(extensions: readonly Extension[]): Registry {
  const typeDefs = new Map<string, TypeDef>();
  const definedBy = new Map<string, string>();
  const behaviourList: Behaviour[] = [];
  const indexed = new Set<string>();
  const words = new Map<string, Map<string, string>>();

  for (const extension of extensions) {
    for (const [name, definition] of Object.entries(extension.types)) {
      const other = definedBy.get(name);
      if (other !== undefined) {
        throw new Error(
          `The vocabularies "${other}" and "${extension.name}" both define the type "${name}". Remove or rename one.`,
        );
      }
      typeDefs.set(name, definition);
      definedBy.set(name, extension.name);
    }
    behaviourList.push(...(extension.behaviours ?? []));
    for (const property of extension.indexed ?? []) indexed.add(property);
    for (const [language, catalogue] of Object.entries(extension.words ?? {})) {
      const known = words.get(language) ?? new Map<string, string>();
      for (const [name, word] of Object.entries(catalogue)) known.set(name, word);
      words.set(language, known);
    }
  }
  for (const [name, definition] of typeDefs) {
    if (definition.extends !== undefined && !typeDefs.has(definition.extends)) {
      throw new Error(
        `The vocabulary "${definedBy.get(name)}" says that "${name}" extends "${definition.extends}", which no vocabulary defines.`,
      );
    }
  }
  const ancestries = new Map<string, readonly string[]>();
  for (const name of typeDefs.keys()) ancestries.set(name, walk(name));

  function walk(name: string): readonly string[] {
    const line: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = typeDefs.get(at)?.extends) {
      if (line.includes(at)) throw new Error(`The type "${name}" extends itself through ${line.join(", ")}.`);
      line.push(at);
    }
    return line;
  }

  const ancestry = (name: string) => ancestries.get(name) ?? [name];
  const isA = (name: string, ancestor: string) => ancestry(name).includes(ancestor);
  const cache = new Map<string, readonly Behaviour[]>();

  function behaviours(activityType: string, objectType: string | null): readonly Behaviour[] {
    const cacheKey = `${activityType} ${objectType ?? ""}`;
    const cached = cache.get(cacheKey);
    if (cached) return cached;
    const found = lookUp(activityType, objectType);
    // Types come from outside: only pairs of known types may be remembered, or memory would grow with them.
    if (typeDefs.has(activityType) && (objectType === null || typeDefs.has(objectType)))
      cache.set(cacheKey, found);
    return found;
  }

  function lookUp(activityType: string, objectType: string | null): readonly Behaviour[] {
    for (const type of ancestry(activityType)) {
      const ofType = behaviourList.filter((behaviour) => behaviour.type === type);
      for (const ancestor of objectType === null ? [] : ancestry(objectType)) {
        const exact = ofType.filter((behaviour) => behaviour.object === ancestor);
        if (exact.length > 0) return exact;
      }
      const general = ofType.filter((behaviour) => behaviour.object === undefined);
      if (general.length > 0) return general;
    }
    return [];
  }

  const knownType = (object: AsObject) => {
    const names = types(object);
    return names.find((name) => typeDefs.has(name)) ?? names[0] ?? "Object";
  };

  return {
    extensions,
    type: (name) => typeDefs.get(name) ?? null,
    ancestry,
    isA,
    knownType,
    kindOf(object) {
      const known = typeDefs.get(knownType(object));
      if (known) return known.kind;
      if (object.inbox !== undefined) return "actor";
      if (object.actor !== undefined) return "activity";
      return "object";
    },
    behaviours,
    isIndexed: (property) => indexed.has(property),
    indexed: [...indexed],
    word(name, language) {
      return words.get(language)?.get(name) ?? words.get("en")?.get(name) ?? name;
    },
    actions: (type) => [
      ...new Set(ancestry(type).flatMap((name) => typeDefs.get(name)?.display?.actions ?? [])),
    ],
    display(type) {
      for (const name of ancestry(type)) {
        const display = typeDefs.get(name)?.display;
        if (display) return display;
      }
      return {};
    },
    talliedIn(activityType) {
      for (const behaviour of behaviours(activityType, null)) {
        const membership = behaviour.adds?.find((added) => added.into[0] === "object");
        if (membership) return membership.into[1];
      }
      return null;
    },
  };
}
