/** Extension files: what a good one does on two servers, and what is said of a broken one. */
import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PUBLIC } from "../core/object.ts";
import { createRegistry } from "../core/registry.ts";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { type House, village } from "../testing/village.ts";
import { loadExtensions, parseExtension } from "./extensions.ts";
import { vocabularies } from "./index.ts";

const EXAMPLE = join(import.meta.dir, "../../docs/examples/recipes.json");
const A = "https://a.test";
const B = "https://b.test";
const example = await Bun.file(EXAMPLE).text();
const recipes = parseExtension("recipes.json", example);

const changed = (change: (file: Record<string, never>) => void): string => {
  const file = JSON.parse(example);
  change(file);
  return JSON.stringify(file);
};

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "extensions-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

eachEngine((engine) => {
  async function twoHouses(spokenAtB: boolean) {
    const town = await village(
      { [A]: await engine.freshDb(), [B]: await engine.freshDb() },
      { [A]: [recipes], [B]: spokenAtB ? [recipes] : [] },
    );
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const bob = await b.person("bob");
    await b.look.fetch(alice.iri);
    await b.core.act(bob.key, { type: "Follow", object: alice.iri });
    await town.settle();
    const made = await a.core.act(alice.key, {
      type: "Recipe",
      name: "Shakshuka",
      content: "<p>Fry, then poach.</p>",
      ingredients: ["eggs", "tomatoes"],
      servings: 4,
      cuisine: "Maghrebi",
      to: [PUBLIC],
      cc: [`${alice.iri}/followers`],
    });
    await town.settle();
    return { town, a, b, alice, bob, iri: made.object?.iri ?? "" };
  }

  const factsOf = async (house: House, iri: string) =>
    (
      await house.db.all<{ property: string; value: string }>(
        sql`SELECT f.property, f.value FROM fact f JOIN object o ON o.key = f.source WHERE o.iri = ${iri}
            ORDER BY f.property, f.value`,
      )
    ).map(({ property, value }) => `${property}=${value}`);

  const FACTS = ["cuisine=Maghrebi", "ingredients=eggs", "ingredients=tomatoes", "servings=4"];

  test("a new type is stored with its properties, which can be asked for", async () => {
    const { a, iri } = await twoHouses(true);
    const stored = await a.look.find(iri);
    expect(stored?.type).toBe("Recipe");
    expect(stored?.kind).toBe("object");
    expect(await factsOf(a, iri)).toEqual(FACTS);
  });

  test("a property that points at something is a link, and an Update replaces what was there", async () => {
    const { a, alice, iri } = await twoHouses(true);
    await a.core.act(alice.key, {
      type: "Update",
      object: { id: iri, cuisine: "https://recipes.example/cuisines/maghrebi", servings: 2 },
    });
    expect(await factsOf(a, iri)).toEqual(["ingredients=eggs", "ingredients=tomatoes", "servings=2"]);
    const links = await a.db.all(
      sql`SELECT t.iri FROM link l JOIN object o ON o.key = l.source JOIN object t ON t.key = l.target
          WHERE o.iri = ${iri} AND l.property = 'cuisine'`,
    );
    expect(links).toEqual([{ iri: "https://recipes.example/cuisines/maghrebi" }]);
  });

  for (const spokenAtB of [true, false]) {
    const which = spokenAtB ? "with the same extension" : "without the extension";

    test(`another server ${which} stores the recipe, and its person's Cook is counted where it lives`, async () => {
      const { town, a, b, bob, iri } = await twoHouses(spokenAtB);
      const there = await b.look.find(iri);
      expect(there?.type).toBe("Recipe");
      expect(there?.document?.ingredients).toEqual(["eggs", "tomatoes"]);
      expect(await factsOf(b, iri)).toEqual(spokenAtB ? FACTS : []);
      const cook = await b.core.act(bob.key, { type: "Cook", actor: bob.iri, object: iri });
      await town.settle();
      expect(a.outcomes.at(-1)?.outcome).toBe("done");
      expect(await a.total(iri, "cooks")).toBe(1);
      expect(await b.total(iri, "cooks")).toBe(spokenAtB ? 1 : 0);
      expect((await b.look.find(cook.activity.id ?? ""))?.type).toBe("Cook");
    });

    test(`cooking twice counts once, and is undone, from a server ${which}`, async () => {
      const { town, a, b, bob, iri } = await twoHouses(spokenAtB);
      const cook = { type: "Cook", actor: bob.iri, object: iri };
      const first = await b.core.act(bob.key, cook);
      await b.core.act(bob.key, cook);
      await town.settle();
      expect(await a.total(iri, "cooks")).toBe(1);
      await b.core.act(bob.key, { type: "Undo", object: first.activity.id ?? "" });
      await town.settle();
      expect(await a.total(iri, "cooks")).toBe(0);
    });
  }

  test("what is fetched again is indexed anew", async () => {
    const { a, b, alice, iri } = await twoHouses(true);
    await a.core.act(alice.key, { type: "Update", object: { id: iri, servings: 6 } });
    expect(await factsOf(b, iri)).toContain("servings=4");
    await b.refresh(iri);
    expect(await factsOf(b, iri)).toContain("servings=6");
    expect(await factsOf(b, iri)).not.toContain("servings=4");
  });

  test("a kind of Block tells nobody, a kind of Flag is read by its author alone, a kind of Create is a line of feeds", async () => {
    const kinds = { Shun: "Block", Complain: "Flag", Serve: "Create" };
    const types = Object.entries(kinds).map(([name, parent]) => [
      name,
      { iri: `https://recipes.example/ns#${name}`, kind: "activity", extends: parent },
    ]);
    const file = changed((given) =>
      Object.assign(given, { types: Object.fromEntries(types), behaviours: [] }),
    );
    const kitchen = parseExtension("recipes.json", file);
    const town = await village(
      { [A]: await engine.freshDb(), [B]: await engine.freshDb() },
      { [A]: [kitchen], [B]: [kitchen] },
    );
    const [a, b] = [town.house(A), town.house(B)];
    const [alice, bob] = [await a.person("alice"), await b.person("bob")];
    await b.look.fetch(alice.iri);
    await b.core.act(bob.key, { type: "Follow", object: alice.iri });
    await town.settle();
    const followers = { to: [PUBLIC], cc: [`${alice.iri}/followers`] };
    const served = await a.core.act(alice.key, {
      type: "Serve",
      ...followers,
      object: { type: "Note", content: "soup" },
    });
    const complained = await a.core.act(alice.key, { type: "Complain", ...followers, object: bob.iri });
    const shunned = await a.core.act(alice.key, { type: "Shun", object: bob.iri });
    await town.settle();
    const line = await b.look.find(served.activity.id ?? "");
    expect(await b.look.isMember(bob.key, "home", line?.key ?? 0)).toBe(true);
    expect(await a.look.maySee(null, complained.key)).toBe(false);
    for (const { activity } of [complained, shunned]) expect(await b.look.find(activity.id ?? "")).toBeNull();
  });

  test("an activity that needs what it is about asks for it, and is refused where it cannot be had", async () => {
    const { town, a, b, alice, bob } = await twoHouses(true);
    const { object } = await b.core.act(bob.key, { type: "Recipe", name: "Borscht", to: [PUBLIC] });
    const cook = { type: "Cook", to: [bob.iri] };
    await a.core.act(alice.key, { ...cook, object: object?.iri ?? "" });
    await town.settle();
    for (const house of [a, b]) expect(await house.total(object?.iri ?? "", "cooks")).toBe(1);
    const missing = a.core.act(alice.key, { ...cook, object: `${B}/objects/404` });
    await expect(missing).rejects.toThrow("what it is about cannot be found");
  });

  test("cooking something that is no recipe is kept, and has no effect", async () => {
    const { a, alice } = await twoHouses(true);
    const { object } = await a.core.act(alice.key, { type: "Note", content: "soup", to: [PUBLIC] });
    await a.core.act(alice.key, { type: "Cook", object: object?.iri ?? "" });
    expect(await a.total(object?.iri ?? "", "cooks")).toBe(0);
  });
});

test("the example is accepted, and says how a recipe looks in two languages", () => {
  const registry = createRegistry([...vocabularies, recipes]);
  expect(registry.ancestry("Recipe")).toEqual(["Recipe", "Article", "Object"]);
  expect(registry.display("Recipe")).toEqual({
    title: "name",
    body: "content",
    facts: ["cuisine", "servings", "ingredients"],
    actions: ["Cook"],
  });
  expect(registry.actions("Recipe")).toEqual(["Cook"]);
  expect(registry.talliedIn("Cook", "Recipe")).toBe("cooks");
  expect(registry.word("Recipe", "de-AT")).toBe("Rezept");
  expect(registry.word("Cook", "fr")).toBe("I cooked this");
  expect(registry.kindOf({ type: "Cook" })).toBe("activity");
});

test("files are loaded in the order of their names, and other files are left alone", async () => {
  const folder = await folderWith({
    "b.JSON": changed((file) =>
      Object.assign(file, { name: "second", types: {}, behaviours: [], context: {} }),
    ),
    "a.json": example,
    "notes.txt": "not JSON",
    ".hidden.json": "{",
  });
  await mkdir(join(folder, "more"));
  expect((await loadExtensions(folder)).map(({ name }) => name)).toEqual(["recipes", "second"]);
  await rm(folder, { recursive: true });
  expect(await loadExtensions(folder)).toEqual([]);
});

test("a file that cannot be used stops everything, with a sentence that names it", async () => {
  const cases: [files: Record<string, string>, sentence: string][] = [
    [
      { "x.json": '{\n  "name": recipes\n}' },
      'x.json is no JSON at line 2, column 11: a value is expected here, not "r".',
    ],
    [{ "a.json": example, "b.json": example }, 'b.json: name is "recipes", which'],
  ];
  for (const [files, sentence] of cases) {
    const folder = await folderWith(files);
    await expect(loadExtensions(folder)).rejects.toThrow(sentence);
    await rm(folder, { recursive: true });
  }
  const folder = await folderWith({});
  await writeFile(join(folder, "latin.json"), Buffer.from([0x22, 0xe9, 0x22]));
  await expect(loadExtensions(folder)).rejects.toThrow("latin.json is not UTF-8 text; save it as UTF-8.");
  await writeFile(join(folder, "latin.json"), " ".repeat(1_000_001));
  await expect(loadExtensions(folder)).rejects.toThrow("has 1000001 bytes; an extension may have 1000000.");
  await rm(folder, { recursive: true });
});
