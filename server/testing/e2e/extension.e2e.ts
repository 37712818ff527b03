/** A vocabulary dropped in as a file: accepted, indexed, shown and delivered, to a server that has it and to one that has not. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../scripts/postgres.ts";
import { type Browse, type Client, client, type Document, PUBLIC, signInByForm } from "./client.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const RECIPES = "docs/examples/recipes.json";
const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1" };

let kitchen: Running;
let school: Running;
let library: Running;
let cook: Client;
let pupil: Client;
let reader: Client;
let recipe: Document;
/** Signed in on each server, as its one resident. */
const browsers = new Map<Running, Browse>();

/** A server with or without the vocabulary, and somebody on it with a token. */
async function serverWith(name: string, hasRecipes: boolean): Promise<[Running, Client]> {
  const dataDir = newFolder();
  mkdirSync(join(dataDir, "extensions"));
  if (hasRecipes) cpSync(RECIPES, join(dataDir, "extensions", "recipes.json"));
  const server = await startCommons({ dataDir, env });
  const at = { dataDir, flags: ["--origin", server.origin], stdin: `${PASSWORD}\n` };
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
  const made = await runCommons(["token", "create", "--user", name, "--scopes", "read write"], at);
  browsers.set(server, await signInByForm(server.origin, { name, password: PASSWORD }));
  return [server, client(server.origin, name, made.stdout.trim())];
}

beforeAll(async () => {
  [[kitchen, cook], [school, pupil], [library, reader]] = await Promise.all([
    serverWith("cook", true),
    serverWith("pupil", true),
    serverWith("reader", false),
  ]);
  for (const who of [pupil, reader]) {
    await who.act({ type: "Follow", object: cook.actor, to: [cook.actor] });
    await who.waitFor(({ type }) => type === "Accept");
  }
});
afterAll(cleanUp);

/** The page at an address, following where it leads. */
async function pageOf(server: Running, address: string): Promise<string> {
  const browse = browsers.get(server);
  const response = await browse?.(address.replace(kitchen.origin, server.origin));
  const leadsTo = response?.headers.get("location");
  return leadsTo ? pageOf(server, leadsTo) : ((await response?.text()) ?? "");
}

/** The page on which a server shows a post of another, found on the page of its author. */
async function shownOn(server: Running): Promise<string> {
  const profile = await pageOf(server, `${server.origin}/@cook@${new URL(kitchen.origin).host}`);
  const path = /href="(\/@cook@[^"/]+\/\d+)"/.exec(profile)?.[1] ?? "";
  return pageOf(server, server.origin + path);
}

describe("a vocabulary that came as a file", () => {
  test("its type is accepted from a program and served in its own words", async () => {
    const create = await cook.act({
      "@context": [
        "https://www.w3.org/ns/activitystreams",
        JSON.parse(await Bun.file(RECIPES).text()).context,
      ],
      type: "Recipe",
      name: "Pea soup",
      content: "<p>Boil the peas.</p>",
      cuisine: "Dutch",
      servings: 4,
      ingredients: ["peas", "celeriac"],
      to: [PUBLIC],
      cc: [`${cook.actor}/followers`],
    });
    recipe = create.object;
    expect(recipe).toMatchObject({
      type: "Recipe",
      cuisine: "Dutch",
      servings: 4,
      ingredients: ["peas", "celeriac"],
    });
    const served = (await cook.get(recipe.id)).body;
    expect(JSON.stringify(served["@context"])).toContain("https://recipes.example/ns#");
  });

  test("it is shown with its facts and its action", async () => {
    const page = await pageOf(kitchen, recipe.id);
    for (const words of ["Pea soup", "Cuisine", "Dutch", "Ingredients", "celeriac", "I cooked this"]) {
      expect(page).toContain(words);
    }
  });

  test("a server with the same file shows it the same way, and its people can do the action", async () => {
    await pupil.waitFor(({ type, object }) => type === "Create" && (object.id ?? object) === recipe.id);
    for (const words of ["Pea soup", "Cuisine", "Dutch", "I cooked this"])
      expect(await shownOn(school)).toContain(words);
    await pupil.act({ type: "Cook", object: recipe.id, to: [cook.actor] });
    await cook.waitFor(({ type }) => type === "Cook");
    expect((await cook.get(`${recipe.id}/cooks`)).body.totalItems).toBe(1);
  });

  test("a server without the file stores it, shows it decently, and its people can do the action all the same", async () => {
    await reader.waitFor(({ type, object }) => type === "Create" && (object.id ?? object) === recipe.id);
    const page = await shownOn(library);
    expect(page).toContain("Pea soup");
    expect(page).toContain("Boil the peas.");
    expect(page).not.toContain("I cooked this");
    await reader.act({
      "@context": ["https://www.w3.org/ns/activitystreams", { Prepared: "https://recipes.example/ns#Cook" }],
      type: "Prepared",
      object: recipe.id,
      to: [cook.actor],
    });
    // Whatever the program called it: what it means went along.
    await cook.waitFor(({ type, actor }) => type === "Cook" && actor === reader.actor);
    expect((await cook.get(`${recipe.id}/cooks`)).body.totalItems).toBe(2);
  });

  test("the log says which files are loaded", () => {
    expect(kitchen.log()).toContain(join(kitchen.dataDir, "extensions", "recipes.json"));
    expect(library.log()).not.toContain("Extensions are loaded");
  });

  test("a broken file stops the start with a sentence that says where", async () => {
    const dataDir = newFolder();
    mkdirSync(join(dataDir, "extensions"));
    writeFileSync(
      join(dataDir, "extensions", "broken.json"),
      '{ "name": "broken", "types": { "Cook": { "kind": "thing" } } }',
    );
    const { code, stderr } = await runCommons(["serve", "--port", String(await freePort())], { dataDir });
    expect(code).toBe(1);
    expect(stderr).toContain("broken.json");
    expect(stderr).toContain("types.Cook");
  });
});
