/** Words that this server does not know: kept with what they mean, and understood by who knows them. */
import { expect, test } from "bun:test";
import type { JsonObject } from "../../lib/json.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Fediverse, fediverse } from "../../testing/fediverse.ts";
import { expanded, meanings } from "../../testing/meanings.ts";
import { documentAt, jsonOf, type Person, person } from "../../testing/people.ts";

const AS = "https://www.w3.org/ns/activitystreams";
const PUBLIC = `${AS}#Public`;
const REC = "https://recipes.example/ns#";
const EXAMPLE = `${import.meta.dir}/../../../docs/examples/recipes.json`;

/** A program that has names of its own for what the file of b.test calls Recipe, servings and ingredients. */
const DISH: JsonObject = {
  "@context": [
    AS,
    {
      rec: REC,
      Dish: "rec:Recipe",
      serves: "rec:servings",
      ingredients: { "@id": "rec:ingredients", "@container": "@list" },
      Oven: "https://kitchens.example/Oven",
      heat: "https://kitchens.example/heat",
    },
  ],
  type: "Dish",
  name: "Shakshuka",
  serves: 4,
  ingredients: ["eggs", "tomatoes"],
  "rec:cuisine": "Maghrebi",
  attachment: [{ type: "Oven", heat: 200 }],
  to: [PUBLIC],
};

onSqlite((engine) => {
  /** Alice's server knows no recipes, Bob's does, and Bob follows Alice. */
  async function build() {
    const world = await fediverse(engine, ["a.test", "b.test"], {
      extensions: { "b.test": { "recipes.json": await Bun.file(EXAMPLE).json() } },
    });
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    await bob.send({ type: "Follow", object: alice.iri });
    await world.settle();
    return { world, alice, bob };
  }
  let built: ReturnType<typeof build> | undefined;
  const village = () => {
    built ??= build();
    return built;
  };

  const posted = async (who: Person, body: JsonObject): Promise<JsonObject> => {
    const response = await who.send(body);
    expect(response.status).toBe(201);
    return jsonOf(response);
  };
  const served = async (who: Person, of: JsonObject): Promise<JsonObject> =>
    jsonOf(await documentAt(who.app, String(of.id)));
  const stored = async (who: Person, iri: unknown) =>
    (await who.app.federation.look.find(String(iri)))?.document;
  const delivered = ({ sent }: Fediverse, id: unknown): JsonObject =>
    JSON.parse(sent.find(({ path, body }) => path === "/inbox" && body.includes(String(id)))?.body ?? "{}");
  const definitions = (document: JsonObject): JsonObject =>
    Object.assign({}, ...[document["@context"]].flat().filter((part) => typeof part === "object"));

  test("what a program posts means the same at its address, and at a server that knows the words", async () => {
    const { world, alice, bob } = await village();
    const create = await posted(alice, { ...DISH, cc: alice.followers });
    const object = create.object as JsonObject;
    expect(object).not.toHaveProperty("@context");

    // The other server reads Dish and serves as the words of its file, and keeps what nobody knows.
    await world.settle();
    expect(await stored(bob, object.id)).toMatchObject({
      "@context": { Oven: "https://kitchens.example/Oven", heat: "https://kitchens.example/heat" },
      type: "Recipe",
      servings: 4,
      ingredients: ["eggs", "tomatoes"],
      cuisine: "Maghrebi",
      attachment: [{ type: "Oven", heat: 200 }],
    });

    const wanted = await meanings(DISH);
    expect(wanted).toContain(`${REC}Recipe`);
    for (const document of [create, await served(alice, object), delivered(world, create.id)]) {
      expect(await meanings(document)).toEqual(expect.arrayContaining([...wanted]));
      expect(JSON.stringify(document).match(/"@context"/g)).toHaveLength(document.proof ? 2 : 1);
    }
    const [before] = (await expanded(DISH)) as readonly JsonObject[];
    const [after] = (await expanded(await served(alice, object))) as readonly JsonObject[];
    for (const word of ["servings", "ingredients", "cuisine"])
      expect(after?.[`${REC}${word}`]).toEqual(before?.[`${REC}${word}`] as never);
  });

  test("each row has the meanings of its own words, and no others", async () => {
    const { alice } = await village();
    const create = await posted(alice, {
      "@context": [
        AS,
        { rec: REC, stars: "rec:stars", Dish: "rec:Recipe", mood: "rec:mood", idle: "rec:idle" },
      ],
      type: "Create",
      mood: "hungry",
      object: { type: "Dish", stars: 3 },
      to: [PUBLIC],
    });
    expect((await stored(alice, create.id))?.["@context"]).toEqual({ mood: `${REC}mood` });
    expect((await stored(alice, (create.object as JsonObject).id))?.["@context"]).toEqual({
      Dish: `${REC}Recipe`,
      stars: `${REC}stars`,
    });
    expect(definitions(create)).toEqual({ Dish: `${REC}Recipe`, mood: `${REC}mood`, stars: `${REC}stars` });
  });

  test("an activity of a type that only the other server knows has its effect there", async () => {
    const { world, alice, bob } = await village();
    const recipe = (await posted(bob, { type: "Recipe", name: "Soup", to: [PUBLIC] })).object as JsonObject;
    const cook = await posted(alice, {
      "@context": [AS, { Prepare: `${REC}Cook` }],
      type: "Prepare",
      actor: alice.iri,
      object: recipe.id ?? "",
      to: [bob.iri],
    });
    await world.settle();
    expect(await stored(alice, cook.id)).toMatchObject({
      "@context": { Prepare: `${REC}Cook` },
      type: "Prepare",
    });
    expect((await stored(bob, cook.id))?.type).toBe("Cook");
    expect(await stored(bob, cook.id)).not.toHaveProperty("@context");
    const cooks = await jsonOf(await documentAt(bob.app, `${recipe.id}/cooks`));
    expect(cooks.totalItems).toBe(1);
  });

  test("an Update brings the meanings of the words that it adds, and those of words that go go too", async () => {
    const { world, alice, bob } = await village();
    const { object } = await posted(alice, { ...DISH, cc: alice.followers });
    const { id } = object as JsonObject;
    const update = await posted(alice, {
      "@context": [AS, { rest: `${REC}rest`, serves: "https://other.example/serves" }],
      type: "Update",
      object: { id: id ?? "", rest: 10, serves: 5, attachment: null, ingredients: null, "rec:cuisine": null },
    });
    expect(await stored(alice, id)).toMatchObject({ type: "Dish", name: "Shakshuka", rest: 10, serves: 5 });
    expect(await stored(alice, id)).not.toHaveProperty("attachment");
    expect((await stored(alice, id))?.["@context"]).toEqual({
      Dish: `${REC}Recipe`,
      rest: `${REC}rest`,
      serves: "https://other.example/serves",
    });
    await world.settle();
    expect(await stored(bob, id)).toMatchObject({ type: "Recipe", name: "Shakshuka", rest: 10, serves: 5 });
    expect(await meanings(update)).toEqual(expect.arrayContaining([`${REC}Recipe`, `${REC}rest`]));
  });

  test("contexts known by their address alone are named again, and never asked", async () => {
    const { world, alice } = await village();
    const { object } = await posted(alice, {
      "@context": [AS, "https://unknown.example/context"],
      type: "Note",
      mystery: 1,
      to: [PUBLIC],
    });
    expect((await served(alice, object as JsonObject))["@context"]).toEqual([
      "https://unknown.example/context",
      AS,
    ]);
    expect(world.sent.filter(({ to }) => to === "unknown.example")).toEqual([]);
  });

  test("no context gives a program more than its due", async () => {
    const { alice, bob } = await village();
    const evil = { actor: "as:object", id: "@type", type: "@id", by: "as:attributedTo", Mine: "as:Update" };
    const { object } = await posted(alice, {
      "@context": [AS, evil, JSON.parse('{"__proto__":{"attributedTo":"as:name"}}')],
      type: "Note",
      content: "x",
      to: [PUBLIC],
    });
    expect(await served(alice, object as JsonObject)).toMatchObject({
      "@context": AS,
      id: expect.stringContaining("https://a.test/objects/"),
      type: "Note",
      attributedTo: alice.iri,
    });
    const names = { "@context": [AS, evil], type: "Note", by: bob.iri, content: "x" };
    expect((await alice.send(names)).status).toBe(400);
    const takes = { "@context": [AS, evil], type: "Mine", object: { id: bob.iri, name: "x" } };
    expect((await alice.send(takes)).status).toBeOneOf([400, 403]);
  });

  test("an Update removes what is null, and a text in one language replaces those in all", async () => {
    const { world, alice } = await village();
    const { object } = await posted(alice, {
      type: "Note",
      summary: "Peas",
      contentMap: { en: "Hello", de: "Hallo" },
      name: "x",
      tag: [],
      location: null,
      to: [PUBLIC],
    });
    const { id } = object as JsonObject;
    const updated = async (changes: JsonObject) => {
      world.clock.advance(1);
      await posted(alice, { type: "Update", object: { id: id ?? "", ...changes } });
      return served(alice, { id: id ?? "" });
    };
    expect(await served(alice, object as JsonObject)).not.toHaveProperty("location");
    expect(await updated({ summary: null })).not.toHaveProperty("summary");
    expect(await updated({ sensitive: true })).toMatchObject({ contentMap: { en: "Hello", de: "Hallo" } });
    const plain = await updated({ content: "Good day" });
    expect(plain).toMatchObject({ content: "Good day", name: "x" });
    expect(plain).not.toHaveProperty("contentMap");
    const named = await updated({ name: { en: "a", de: "b" } });
    expect(named).toMatchObject({ nameMap: { en: "a", de: "b" } });
    expect(named).not.toHaveProperty("name");
    expect(await updated({ contentMap: { en: "<b>Hi</b><script>x</script>" } })).toMatchObject({
      content: "<b>Hi</b>",
      contentMap: { en: "<b>Hi</b>" },
    });
    const bare = await updated({ contentMap: null, name: null });
    expect(Object.keys(bare)).not.toContain("content");
    expect(Object.keys(bare)).not.toContain("nameMap");
  });
});
