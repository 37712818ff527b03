/** From the JSON of an extension file to an Extension: everything is looked at, and nothing else is let through. */
import type {
  Behaviour,
  Display,
  Extension,
  ExtensionWords,
  Membership,
  TypeDef,
} from "../core/behaviour.ts";
import { fixedMeanings } from "../jsonld/loader.ts";
import type { Json } from "../lib/json.ts";
import {
  child,
  type Field,
  faultAt,
  isMissing,
  type Pattern,
  readItems,
  readMembers,
  readSwitch,
  readText,
  readWord,
  shown,
} from "./extension-fields.ts";
import { NOT_BY_FILE } from "./kept-lists.ts";

/** More than that of anything is a mistake of the program that wrote the file. */
const MAX_ITEMS = 500;

/** Prefixes that begin with another prefix; a longer chain leads in a circle. */
const MAX_PREFIXES = 4;

const EXTENSION_NAME: Pattern = {
  pattern: /^[a-z][a-z0-9-]{0,63}$/,
  means: "a name in small letters, digits and hyphens that begins with a letter",
};
const TYPE_NAME: Pattern = {
  pattern: /^[A-Z][A-Za-z0-9]{0,63}$/,
  means: "a name of a type in letters and digits that begins with a capital letter",
};
const PROPERTY_NAME: Pattern = {
  pattern: /^[a-z][A-Za-z0-9]{0,63}$/,
  means: "a name of a property in letters and digits that begins with a small letter",
};
/** As in the addresses of collections (`core/addresses.ts`). */
const COLLECTION_NAME: Pattern = {
  pattern: /^[a-z]+(?:-[a-z]+)*$/,
  means: "a name of a collection in small letters, with hyphens between words",
};
const TERM: Pattern = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  means: "a term in letters, digits, hyphens and underscores that begins with a letter",
};
const TERM_MEANING: Pattern = {
  pattern: /^(?:https?:\/\/[^\s/]+\S*|[A-Za-z][A-Za-z0-9_-]*:[^\s/]\S*)$/,
  means:
    'an address like "https://recipes.example/ns#servings", or a prefix and a name like "recipe:servings"',
};
const IRI: Pattern = {
  pattern: /^https?:\/\/[^\s/]+\/\S*$/,
  means: 'a whole address like "https://recipes.example/ns#Recipe"',
};
const LANGUAGE: Pattern = {
  pattern: /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/,
  means: 'a language like "en", "de" or "pt-BR" (BCP 47)',
};
const LABEL: Pattern = {
  pattern: /^\S(?:[^\r\n]{0,78}\S)?$/,
  means: "a text of one line with 1 to 80 characters",
};
const NAME: Pattern = { pattern: TERM.pattern, means: "the name of a type or property" };
const TERM_KIND: Pattern = {
  pattern: /^(?:@id|@vocab|@json|https?:\/\/\S+|[A-Za-z][A-Za-z0-9_-]*:\S+)$/,
  means: '"@id", "@vocab", "@json" or a data type like "xsd:dateTime"',
};

/** @throws Problem `invalid` with a sentence that says where the file is wrong, and what is allowed there. */
export function readExtension(file: string, value: Json): Extension {
  const whole: Field = { file, path: "", value };
  readMembers(whole, ["$schema", "name", "context", "types", "behaviours", "indexed", "words"]);
  const part = (name: string) => child(whole, name);
  const name = readText(part("name"), EXTENSION_NAME);
  const types = readTypes(part("types"));
  return {
    name,
    file,
    context: { ...termsOf(types), ...readContext(part("context"), types) },
    types,
    behaviours: readItems(part("behaviours"), MAX_ITEMS).map((field) => readBehaviour(field, types)),
    indexed: readNames(part("indexed"), PROPERTY_NAME),
    words: readWords(part("words")),
  };
}

type Types = Readonly<Record<string, TypeDef>>;

function readTypes(field: Field): Types {
  const byIri = new Map<string, string>();
  return Object.fromEntries(
    readMembers(field, TYPE_NAME).map(([name, given]) => {
      const type = readType(given);
      const other = byIri.get(type.iri);
      if (other !== undefined)
        throw faultAt(child(given, "iri"), `is that of types.${other} too; give each type its own`);
      byIri.set(type.iri, name);
      requireOwn(child(given, "iri"), name, type.iri);
      return [name, type];
    }),
  );
}

/** Words of ActivityStreams and of keys mean the same in every document: what a file says of them would count for nothing. */
const FIXED = fixedMeanings();

function requireOwn(field: Field, word: string, iri: string): void {
  const fixed = FIXED.get(word);
  if (fixed === undefined || fixed === iri) return;
  throw faultAt(
    field,
    `may not give ${shown(word)} another meaning than ${shown(fixed)}, which it has in every document; use another name`,
  );
}

function readType(field: Field): TypeDef {
  readMembers(field, ["iri", "kind", "extends", "display", "feed", "reach"]);
  const part = (name: string) => child(field, name);
  const kind = readWord(part("kind"), ["object", "activity", "actor", "collection"]);
  for (const name of ["feed", "reach"]) {
    if (kind !== "activity" && !isMissing(part(name))) throw faultAt(part(name), "is for activities only");
  }
  return {
    iri: readText(part("iri"), IRI),
    kind,
    ...(isMissing(part("extends")) ? ROOTS[kind] : { extends: readText(part("extends"), TYPE_NAME) }),
    ...optional("display", part("display"), readDisplay),
    ...optional("feed", part("feed"), readSwitch),
    ...optional("reach", part("reach"), (reach) => readWord(reach, ["named", "nobody"])),
  };
}

/** What a type is at least; actors have no common ancestor in ActivityStreams. */
const ROOTS = {
  object: { extends: "Object" },
  activity: { extends: "Activity" },
  actor: {},
  collection: { extends: "Collection" },
} as const;

function readDisplay(field: Field): Display {
  readMembers(field, ["title", "body", "facts", "links", "actions"]);
  const part = (name: string) => child(field, name);
  const property = (each: Field) => readText(each, PROPERTY_NAME);
  return {
    ...optional("title", part("title"), property),
    ...optional("body", part("body"), property),
    ...optional("facts", part("facts"), (facts) => readNames(facts, PROPERTY_NAME)),
    ...optional("links", part("links"), (links) => readNames(links, PROPERTY_NAME)),
    ...optional("actions", part("actions"), (actions) => readNames(actions, TYPE_NAME)),
  };
}

/** Published inline with every document, so it may only name terms: nothing that is fetched, nothing that rewrites others. */
function readContext(field: Field, types: Types): Readonly<Record<string, unknown>> {
  if (isMissing(field)) return {};
  return Object.fromEntries(
    readMembers(field, TERM).map(([term, meaning]) => {
      const read = typeof meaning.value === "string" ? readText(meaning, TERM_MEANING) : readTerm(meaning);
      const iri = meant(field, meaning, typeof read === "string" ? read : read["@id"]);
      if (typeof read !== "string" && read["@type"] !== undefined && !read["@type"].startsWith("@"))
        meant(field, child(meaning, "@type"), read["@type"]);
      const type = types[term];
      if (type !== undefined && iri !== type.iri) {
        throw faultAt(
          meaning,
          `means ${shown(iri)}, but types.${term}.iri says ${shown(type.iri)}; let both say the same`,
        );
      }
      requireOwn(meaning, term, iri);
      return [term, read];
    }),
  );
}

function readTerm(field: Field) {
  readMembers(field, ["@id", "@type", "@container"]);
  return {
    "@id": readText(child(field, "@id"), TERM_MEANING),
    ...optional("@type", child(field, "@type"), (type) => readText(type, TERM_KIND)),
    ...optional("@container", child(field, "@container"), (container) =>
      readWord(container, ["@list", "@set", "@language"]),
    ),
  };
}

/** The address that a meaning of the context stands for. Throws Problem where its prefix is defined nowhere. */
function meant(context: Field, at: Field, meaning: string): string {
  const iri = expand(context, meaning, MAX_PREFIXES);
  if (iri !== null) return iri;
  const prefix = meaning.slice(0, meaning.indexOf(":"));
  throw faultAt(
    at,
    `begins with ${shown(`${prefix}:`)}, which stands for nothing; say what, like ${shown(prefix)}: "https://recipes.example/ns#"`,
  );
}

/** Its prefix is looked up in the same context, or known to all; it may have one itself. */
function expand(context: Field, meaning: string, left: number): string | null {
  if (/^https?:\/\//.test(meaning)) return meaning;
  const colon = meaning.indexOf(":");
  const name = meaning.slice(0, colon);
  const prefix = child(context, name).value ?? FIXED.get(name);
  const space = typeof prefix === "string" && left > 0 ? expand(context, prefix, left - 1) : null;
  return space === null ? null : space + meaning.slice(colon + 1);
}

/** Every type has a term, or its documents would mean nothing elsewhere. */
const termsOf = (types: Types): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(types).map(([name, { iri }]) => [name, iri]));

function readBehaviour(field: Field, types: Types): Behaviour {
  readMembers(field, ["type", "object", "adds", "removes", "ownerOnly", "needsObject"]);
  const part = (name: string) => child(field, name);
  const type = readText(part("type"), TYPE_NAME);
  // What Delete or Follow do is not for a file to change: that would take away what keeps them safe.
  if (types[type]?.kind !== "activity") {
    const own = Object.keys(types).filter((name) => types[name]?.kind === "activity");
    const allowed = own.length === 0 ? "and this file defines none" : `here ${own.join(", ")}`;
    throw faultAt(
      part("type"),
      `must be an activity that this file defines under "types" (${allowed}), not ${shown(type)}`,
    );
  }
  return {
    type,
    ...optional("object", part("object"), (object) => readText(object, TYPE_NAME)),
    ...optional("adds", part("adds"), readMemberships),
    ...optional("removes", part("removes"), readMemberships),
    ...optional("ownerOnly", part("ownerOnly"), readSwitch),
    ...optional("needsObject", part("needsObject"), readSwitch),
  };
}

const readMemberships = (field: Field): readonly Membership[] =>
  readItems(field, MAX_ITEMS).map(readMembership);

function readMembership(field: Field): Membership {
  readMembers(field, ["into", "item"]);
  const into = child(field, "into");
  const [ownerField, nameField, ...more] = readItems(into, 2);
  if (!ownerField || !nameField || more.length > 0) {
    throw faultAt(
      into,
      `must be an owner and the name of a collection, like ["object", "cooks"], not ${shown(into.value)}`,
    );
  }
  const owner = readWord(ownerField, ["actor", "object", "target"]);
  const name = readText(nameField, COLLECTION_NAME);
  if (NOT_BY_FILE.has(name))
    throw faultAt(nameField, `may not be ${shown(name)}, which the server keeps by itself`);
  const item = readWord(child(field, "item"), ["activity", "actor", "object", "target"]);
  if (item === owner) throw faultAt(child(field, "item"), `must be another than the owner ${shown(owner)}`);
  return { into: [owner, name], item };
}

const readNames = (field: Field, pattern: Pattern): readonly string[] =>
  readItems(field, MAX_ITEMS).map((item) => readText(item, pattern));

function readWords(field: Field): ExtensionWords {
  if (isMissing(field)) return {};
  return Object.fromEntries(
    readMembers(field, LANGUAGE).map(([language, catalogue]) => [
      language,
      Object.fromEntries(readMembers(catalogue, NAME).map(([name, word]) => [name, readText(word, LABEL)])),
    ]),
  );
}

/** `{ [name]: value }`, or nothing where the field is missing: optional properties may not be undefined. */
const optional = <const Name extends string, Value>(
  name: Name,
  field: Field,
  read: (field: Field) => Value,
): { readonly [N in Name]?: Value } =>
  (isMissing(field) ? {} : { [name]: read(field) }) as { readonly [N in Name]?: Value };
