/** Looks up types and behaviours, with inheritance walked in the data. */
import { Problem } from "../lib/problem.ts";
import { ANY, type Behaviour, type Display, type Extension, type TypeDef } from "./behaviour.ts";
import type { Kind } from "./entity.ts";
import type { AsObject } from "./object.ts";
import { types } from "./object.ts";

export interface Registry {
  readonly extensions: readonly Extension[];
  type(name: string): TypeDef | null;
  /** The type and its known ancestors, nearest first: `["Recipe", "Article", "Object"]`. */
  ancestry(name: string): readonly string[];
  isA(name: string, ancestor: string): boolean;
  /** The type or the nearest that it extends that says what is done; itself where none does: a kind of Create is one. */
  actsAs(activityType: string): string;
  /** The type itself, and those that act as it. */
  actingAs(activityType: string): readonly string[];
  /** What the document is; unknown types with an actor are activities, with an inbox actors. */
  kindOf(object: AsObject): Kind;
  /** The document's first known type, or its first type, or "Object". */
  knownType(object: AsObject): string;
  /** The document with its known type before the others, so that all who read only the first judge it by the same. */
  knownFirst(object: AsObject): AsObject;
  /** Every behaviour of the nearest type that has any, for this type of object; and those of any activity. */
  behaviours(activityType: string, objectType: string | null): readonly Behaviour[];
  /** Whether nothing can be done without what the activity is about; null where the type of that is not known. */
  needsObject(activityType: string, objectType: string | null): boolean;
  isIndexed(property: string): boolean;
  readonly indexed: readonly string[];
  /** The word for a type, property or action, or the name itself. */
  word(name: string, language: string): string;
  /** Names of the activities offered on objects of this type, from its `display` and its ancestors'. */
  actions(type: string): readonly string[];
  /**
   * Each part from the nearest ancestor that says it, with what other vocabularies add; unknown types are shown like
   * any Object.
   */
  display(type: string): Display;
  /** Name of the collection of the object (of this type) that the activity adds its actor or itself to, if any. */
  talliedIn(activityType: string, objectType?: string): string | null;
}

/**
 * @throws Problem `invalid` when two extensions define one name, or one builds on a type that nobody defines:
 * a mistake in what was installed, told with the names.
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
        throw unfit(
          `The vocabularies ${other} and ${called(extension)} both define the type "${name}". Remove or rename one.`,
        );
      }
      typeDefs.set(name, definition);
      definedBy.set(name, called(extension));
    }
    behaviourList.push(...(extension.behaviours ?? []));
    for (const property of extension.indexed ?? []) indexed.add(property);
    for (const [language, catalogue] of Object.entries(extension.words ?? {})) {
      const known = words.get(language) ?? new Map<string, string>();
      for (const [name, word] of Object.entries(catalogue)) known.set(name, word);
      words.set(language, known);
    }
  }
  requireWhole(extensions, typeDefs);
  const ancestries = new Map<string, readonly string[]>();
  for (const name of typeDefs.keys()) ancestries.set(name, walk(name));

  function walk(name: string): readonly string[] {
    const line: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = typeDefs.get(at)?.extends) {
      if (line.includes(at))
        throw unfit(
          `The vocabulary ${definedBy.get(name)} says that "${name}" extends itself, through ${line.join(", ")}.`,
        );
      line.push(at);
    }
    return line;
  }

  const ancestry = (name: string) => ancestries.get(name) ?? [name];
  const displays = new Map([...typeDefs.keys()].map((name) => [name, displayOf(name)]));

  function displayOf(name: string): Display {
    const line = ancestry(name);
    const own: Display = Object.assign(
      {},
      ...line.map((each) => typeDefs.get(each)?.display ?? {}).reverse(),
    );
    const added = extensions.flatMap(({ shows = {} }) => line.flatMap((each) => shows[each] ?? []));
    const all = (part: "facts" | "links") => {
      const names = new Set([own, ...added].flatMap((display) => display[part] ?? []));
      return names.size === 0 ? {} : { [part]: [...names] };
    };
    return { ...own, ...all("facts"), ...all("links") };
  }

  /** Whom an activity reaches, and what it is a line of, comes from the parent as what it does: a kind of Block tells nobody. */
  const whole = new Map([...typeDefs.keys()].map((name) => [name, wholeOf(name)]));

  function wholeOf(name: string): TypeDef | null {
    const line = ancestry(name).flatMap((each) => typeDefs.get(each) ?? []);
    const [own] = line;
    return own === undefined ? null : { ...inherited(line), ...own };
  }

  const isA = (name: string, ancestor: string) => ancestry(name).includes(ancestor);
  const cache = new Map<string, readonly Behaviour[]>();
  const doing = new Set(behaviourList.map(({ type }) => type));
  const actsAs = (type: string) => ancestry(type).find((each) => doing.has(each)) ?? type;
  const acting = new Map<string, readonly string[]>();
  for (const [name, { kind }] of typeDefs) {
    const as = actsAs(name);
    if (kind === "activity" && as !== name) acting.set(as, [...(acting.get(as) ?? [as]), name]);
  }
  const always = behaviourList.filter(({ type }) => type === ANY);

  function behaviours(activityType: string, objectType: string | null): readonly Behaviour[] {
    const cacheKey = `${activityType} ${objectType ?? ""}`;
    const cached = cache.get(cacheKey);
    if (cached) return cached;
    const found = [...lookUp(activityType, objectType), ...always];
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
    type: (name) => whole.get(name) ?? null,
    ancestry,
    isA,
    actsAs,
    actingAs: (type) => acting.get(type) ?? [type],
    knownType,
    knownFirst(object) {
      const names = types(object);
      const known = knownType(object);
      return names.length < 2 || names[0] === known
        ? object
        : { ...object, type: [known, ...names.filter((name) => name !== known)] };
    },
    kindOf(object) {
      const known = typeDefs.get(knownType(object));
      if (known) return known.kind;
      if (object.inbox !== undefined) return "actor";
      // AS2 gives both properties to activities (and Relationship, which is a known type).
      if (object.actor !== undefined || object.object !== undefined) return "activity";
      return "object";
    },
    behaviours,
    needsObject(activityType, objectType) {
      const acting = actsAs(activityType);
      const found =
        objectType === null
          ? behaviourList.filter(({ type }) => type === acting)
          : behaviours(activityType, objectType);
      return found.some((behaviour) => behaviour.needsObject);
    },
    isIndexed: (property) => indexed.has(property),
    indexed: [...indexed],
    word(name, language) {
      for (const catalogue of [language, language.split("-")[0] ?? "", "en"]) {
        const word = words.get(catalogue)?.get(name);
        if (word !== undefined) return word;
      }
      return name;
    },
    actions: (type) => [
      ...new Set(ancestry(type).flatMap((name) => typeDefs.get(name)?.display?.actions ?? [])),
    ],
    display: (type) => displays.get(type) ?? displays.get("Object") ?? {},
    talliedIn(activityType, objectType) {
      for (const behaviour of behaviours(activityType, objectType ?? null)) {
        const membership = behaviour.adds?.find((added) => added.into[0] === "object");
        if (membership) return membership.into[1];
      }
      return null;
    },
  };
}

/** What the nearest ancestor says of each of these. */
function inherited(line: readonly TypeDef[]): Partial<TypeDef> {
  const nearest = <K extends keyof TypeDef>(part: K): Partial<Pick<TypeDef, K>> => {
    const found = line.find((definition) => definition[part] !== undefined);
    return found === undefined ? {} : ({ [part]: found[part] } as Pick<TypeDef, K>);
  };
  return { ...nearest("feed"), ...nearest("reach"), ...nearest("isConfidential") };
}

/** As sentences about mistakes call it: by the file, where somebody can change it. */
const called = ({ name, file }: Extension): string => `"${name}"${file === undefined ? "" : ` (${file})`}`;

/** Whatever an extension names must be defined, and be of the right kind; terms mean one thing. */
function requireWhole(extensions: readonly Extension[], typeDefs: ReadonlyMap<string, TypeDef>): void {
  const terms = new Map<string, { meaning: string; by: string }>();
  const named = new Map<string, { name: string; by: string }>();
  for (const extension of extensions) {
    const { types: defined, behaviours = [], context = {}, shows = {} } = extension;
    const by = called(extension);
    for (const [name, { iri, kind, extends: parent, display }] of Object.entries(defined)) {
      const same = named.get(iri);
      if (same !== undefined) {
        throw unfit(
          `The vocabularies ${same.by} and ${by} give one address, ${iri}, to the types "${same.name}" and "${name}". Give each type its own.`,
        );
      }
      named.set(iri, { name, by });
      const known = parent === undefined ? undefined : typeDefs.get(parent);
      if (parent !== undefined && known === undefined) {
        throw unfit(
          `The vocabulary ${by} says that "${name}" extends "${parent}", which no vocabulary defines.`,
        );
      }
      if (known && known.kind !== kind) {
        throw unfit(
          `The vocabulary ${by} says that the ${kind} "${name}" extends the ${known.kind} "${parent}".`,
        );
      }
      const action = display?.actions?.find((each) => typeDefs.get(each)?.kind !== "activity");
      if (action !== undefined) {
        throw unfit(
          `The vocabulary ${by} offers "${action}" on "${name}", but no vocabulary defines that activity.`,
        );
      }
    }
    const unknown = Object.keys(shows).find((name) => !typeDefs.has(name));
    if (unknown !== undefined) {
      throw unfit(`The vocabulary ${by} adds to the look of "${unknown}", which no vocabulary defines.`);
    }
    for (const { type, object } of behaviours) {
      const missing = [type, ...(object === undefined ? [] : [object])].find(
        (each) => each !== ANY && !typeDefs.has(each),
      );
      if (missing !== undefined) {
        throw unfit(`The vocabulary ${by} says what happens with "${missing}", which no vocabulary defines.`);
      }
    }
    for (const [term, given] of Object.entries(context)) {
      const meaning = JSON.stringify(given);
      const other = terms.get(term);
      if (other !== undefined && other.meaning !== meaning) {
        throw unfit(
          `The vocabularies ${other.by} and ${by} give the term "${term}" two meanings. Rename it in one.`,
        );
      }
      terms.set(term, { meaning, by });
    }
  }
}

const unfit = (sentence: string): Problem => new Problem("invalid", sentence, { reason: "extension" });
