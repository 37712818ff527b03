/** What is said of extension files with mistakes, and of what does not fit to the other vocabularies. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { createRegistry } from "../core/registry.ts";
import { parseExtension } from "./extensions.ts";
import { vocabularies } from "./index.ts";

const example = await Bun.file(join(import.meta.dir, "../../docs/examples/recipes.json")).text();
const recipes = parseExtension("recipes.json", example);

const changed = (change: (file: Record<string, never>) => void): string => {
  const file = JSON.parse(example);
  change(file);
  return JSON.stringify(file);
};

const refusal = (text: string): string => {
  try {
    parseExtension("recipes.json", text);
  } catch (error) {
    return String((error as Error).message);
  }
  return "it was taken";
};

test("each mistake is told with its path, what is there, and what is allowed", () => {
  const cases: [path: string, value: unknown, sentence: string][] = [
    [
      "name",
      "My recipes",
      'name must be a name in small letters, digits and hyphens that begins with a letter, not "My recipes"',
    ],
    [
      "behaviour",
      [],
      'the file may not have "behaviour": use "$schema", "name", "context", "types", "behaviours", "indexed" or "words", probably "behaviours"',
    ],
    ["types", undefined, "types must be an object in braces, not nothing"],
    [
      "types.recipe",
      {},
      'types has the name "recipe", which must be a name of a type in letters and digits that begins with a capital letter',
    ],
    [
      "types.Cook.kind",
      "activty",
      'types.Cook.kind must be "object", "activity", "actor" or "collection", not "activty"',
    ],
    [
      "types.Cook.iri",
      "Cook",
      'types.Cook.iri must be a whole address like "https://recipes.example/ns#Recipe", not "Cook"',
    ],
    [
      "types.Cook.iri",
      "https://other.example/Cook",
      'context.Cook means "https://recipes.example/ns#Cook", but types.Cook.iri says "https://other.example/Cook"; let both say the same',
    ],
    ["types.Cook.reach", "all", 'types.Cook.reach must be "named" or "nobody", not "all"'],
    ["types.Recipe.feed", true, "types.Recipe.feed is for activities only"],
    ["types.Cook.feed", "yes", 'types.Cook.feed must be true or false, not "yes"'],
    [
      "types.Recipe.display.fact",
      [],
      'types.Recipe.display may not have "fact": use "title", "body", "facts", "links" or "actions", probably "facts"',
    ],
    [
      "types.Recipe.display.facts[1]",
      "Servings",
      "types.Recipe.display.facts[1] must be a name of a property",
    ],
    ["behaviours", {}, "behaviours must be a list in brackets, not {}"],
    [
      "behaviours[0].type",
      "Delete",
      'behaviours[0].type must be an activity that this file defines under "types" (here Cook), not "Delete"',
    ],
    [
      "behaviours[0].also",
      "code",
      'behaviours[0] may not have "also": use "type", "object", "adds", "removes", "ownerOnly" or "needsObject"',
    ],
    [
      "behaviours[0].adds[0].into",
      ["object"],
      'behaviours[0].adds[0].into must be an owner and the name of a collection, like ["object", "cooks"], not ["object"]',
    ],
    [
      "behaviours[0].adds[0].into[0]",
      "activity",
      'behaviours[0].adds[0].into[0] must be "actor", "object" or "target", not "activity"',
    ],
    [
      "behaviours[0].adds[0].into[1]",
      "followers",
      'behaviours[0].adds[0].into[1] may not be "followers", which the server keeps by itself',
    ],
    [
      "behaviours[0].adds[0].item",
      "object",
      'behaviours[0].adds[0].item must be another than the owner "object"',
    ],
    [
      "indexed[0]",
      "constructor",
      'indexed[0] must be a name of a property in letters and digits that begins with a small letter, not "constructor"',
    ],
    ["indexed", Array(501).fill("a"), "indexed has 501 items; 500 are allowed"],
    ["context.@vocab", "https://x.example/", 'context has the name "@vocab", which must be a term'],
    ["context.servings", "servings", "context.servings must be an address like"],
    [
      "context.servings",
      { "@id": "recipe:servings", "@context": {} },
      'context.servings may not have "@context": use "@id", "@type" or "@container"',
    ],
    [
      "context.servings",
      "recipie:servings",
      'context.servings begins with "recipie:", which stands for nothing; say what, like "recipie": "https://recipes.example/ns#"',
    ],
    [
      "context.servings",
      { "@id": "recipe:servings", "@type": "xds:integer" },
      'context.servings.@type begins with "xds:", which stands for nothing',
    ],
    ["context.recipe", "recipe:more#", 'context.recipe begins with "recipe:", which stands for nothing'],
    [
      "context.content",
      "https://x.example/content",
      'context.content may not give "content" another meaning than "https://www.w3.org/ns/activitystreams#content", which it has in every document; use another name.',
    ],
    ["context.id", "recipe:id", 'context.id may not give "id" another meaning than "@id"'],
    [
      "context.as",
      "https://x.example/",
      'context.as may not give "as" another meaning than "https://www.w3.org/ns/activitystreams#"',
    ],
    ["context.Note", "recipe:Note", 'context.Note may not give "Note" another meaning than'],
    [
      "types.Note",
      { iri: "https://recipes.example/ns#Note", kind: "object" },
      'types.Note.iri may not give "Note" another meaning than "https://www.w3.org/ns/activitystreams#Note"',
    ],
    [
      "types.Stew",
      { iri: "https://recipes.example/ns#Recipe", kind: "object" },
      "types.Stew.iri is that of types.Recipe too; give each type its own.",
    ],
    [
      "words.english",
      {},
      'words has the name "english", which must be a language like "en", "de" or "pt-BR" (BCP 47)',
    ],
    [
      "words.en.Cook",
      "two\nlines",
      'words.en.Cook must be a text of one line with 1 to 80 characters, not "two\\nlines"',
    ],
  ];
  for (const [path, value, sentence] of cases) {
    expect(refusal(changed((file) => put(file, path, value)))).toStartWith(`recipes.json: ${sentence}`);
  }
  expect(refusal("[]")).toBe("recipes.json: the file must be an object in braces, not [].");
});

test("no file puts anything into a list that the server keeps, or somebody by a word of their own", () => {
  const built = vocabularies
    .flatMap(({ behaviours = [] }) => behaviours)
    .flatMap(({ adds = [], removes = [] }) => [...adds, ...removes])
    .map(({ into }) => into[1]);
  const deciding =
    "inbox outbox home posts followers following requests requested blocked members moderators owners joining invited banned removed locked listed lists voters whispers muted muted-threads quotes quote-requests quotes-refused quotes-withdrawn featured items record bookmarks followed-tags replies";
  for (const name of new Set([...built, ...deciding.split(" ")])) {
    const said = refusal(changed((file) => put(file, "behaviours[0].adds[0].into[1]", name)));
    expect(said).toContain(`may not be "${name}", which the server keeps by itself`);
  }
});

test("what does not fit together with other vocabularies is told with the names", () => {
  const cases: [path: string, value: unknown, sentence: string][] = [
    [
      "types.Hashtag",
      { iri: "https://recipes.example/ns#Hashtag", kind: "object" },
      'The vocabularies "mastodon" and "recipes" (recipes.json) both define the type "Hashtag".',
    ],
    [
      "types.Memo",
      { iri: "https://www.w3.org/ns/activitystreams#Note", kind: "object" },
      'The vocabularies "activitystreams" and "recipes" (recipes.json) give one address, https://www.w3.org/ns/activitystreams#Note, to the types "Note" and "Memo".',
    ],
    [
      "types.Recipe.extends",
      "Artcle",
      'The vocabulary "recipes" (recipes.json) says that "Recipe" extends "Artcle", which no vocabulary defines.',
    ],
    [
      "types.Recipe.extends",
      "Like",
      'The vocabulary "recipes" (recipes.json) says that the object "Recipe" extends the activity "Like".',
    ],
    [
      "types.Recipe.display.actions",
      ["Bake"],
      'The vocabulary "recipes" (recipes.json) offers "Bake" on "Recipe", but no vocabulary defines that activity.',
    ],
    [
      "behaviours[0].object",
      "Dish",
      'The vocabulary "recipes" (recipes.json) says what happens with "Dish", which no vocabulary defines.',
    ],
    [
      "context.sensitive",
      "recipe:sensitive",
      'The vocabularies "mastodon" and "recipes" (recipes.json) give the term "sensitive" two meanings.',
    ],
    [
      "types.Recipe.extends",
      "Recipe",
      'The vocabulary "recipes" (recipes.json) says that "Recipe" extends itself, through Recipe.',
    ],
  ];
  for (const [path, value, sentence] of cases) {
    const extension = parseExtension(
      "recipes.json",
      changed((file) => put(file, path, value)),
    );
    expect(() => createRegistry([...vocabularies, extension])).toThrow(sentence);
  }
});

test("what a file says of a word as everybody means it is taken", () => {
  const same = { content: "as:content", xsd: "http://www.w3.org/2001/XMLSchema#", creator: "recipe:cook" };
  const file = changed((given) => Object.assign(given, { context: { ...recipes.context, ...same } }));
  expect(parseExtension("recipes.json", file).context).toMatchObject(same);
});

test("a type with no parent is at least what its kind is", () => {
  const extension = parseExtension(
    "recipes.json",
    changed((file) => put(file, "types.Recipe.extends", undefined)),
  );
  expect(extension.types.Recipe?.extends).toBe("Object");
});

/** Sets what stands at `path`; undefined takes it away. */
function put(file: unknown, path: string, value: unknown): void {
  const steps = path.replaceAll("[", ".").replaceAll("]", "").split(".");
  const last = steps.pop() ?? "";
  let at = file as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
}
