/** The documents tell the truth where it can be checked: what they name is there. */
import { expect, test } from "bun:test";
import { readSources } from "./house.ts";

/** They lie in the data folder. */
const OF_THE_DATA_FOLDER: ReadonlySet<string> = new Set(["commons.toml", "data/extensions/recipes.json"]);

const sources = await readSources();
const files = ["*", "{docs,server,web,migrations,scripts}/**/*"].flatMap((places) => [
  ...new Bun.Glob(places).scanSync("."),
]);
const documents = await Promise.all(
  files
    .filter((path) => path.endsWith(".md"))
    .map(async (path) => ({ path, text: await Bun.file(path).text() })),
);

/** Whether a file or folder ends so; `*` and `<name>` stand for anything. */
function isThere(name: string): boolean {
  const pattern = name
    .replace(/^\.?\//, "")
    .replace(/\/$/, "")
    .replace(/[.+]/g, "\\$&")
    .replace(/\*|<name>|NNNN/g, "[^/]*");
  const ending = new RegExp(`(^|/)${pattern}(/|$)`);
  return files.some((path) => ending.test(path));
}

test("every file that a document names or links to is there", () => {
  const missing = documents.flatMap(({ path, text }) => {
    const linked = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)\)/g)].map(([, name = ""]) => name);
    const named = [...text.matchAll(/`([\w./*<>@-]+)`/g)]
      .map(([, name = ""]) => name)
      .filter(
        (name) =>
          /\.(ts|sql|json|md|css|toml)$/.test(name) || /^(server|web|scripts|docs|migrations)\//.test(name),
      );
    return [...linked, ...named]
      .filter((name) => !OF_THE_DATA_FOLDER.has(name) && !isThere(name))
      .map((name) => `${path}: ${name}`);
  });
  expect(documents.length).toBeGreaterThan(6);
  expect(missing).toEqual([]);
});

test("every document that a source refers to is there", () => {
  const missing = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<![\w./-])[\w/-]+\.md\b/g)]
      .filter(([name]) => !isThere(name))
      .map(([name]) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(["server", "web"])("the map has every file at the top of %s", async (folder) => {
  const map = await Bun.file(`${folder}/README.md`).text();
  const named = [...map.matchAll(/`(?:\w+\/)?([\w.*-]+\.ts)`/g)].map(([, name = ""]) =>
    name.replace("*", "[\\w-]+"),
  );
  const isNamed = new RegExp(`^(${named.join("|").replaceAll(".", "\\.")})$`);
  const tops = sources
    .filter(
      ({ path }) =>
        path.split("/").length === 2 && path.startsWith(`${folder}/`) && !path.endsWith(".test.ts"),
    )
    .map(({ path }) => path.slice(folder.length + 1));
  expect(tops.filter((name) => !isNamed.test(name))).toEqual([]);
});

test("decisions stand under their day, the newest first, a blank line between them", async () => {
  const [, decided = ""] = (await Bun.file("server/README.md").text()).split("\n## Decisions\n");
  const days = [...decided.matchAll(/^\*\*(\d{4}-\d\d-\d\d) /gm)].map(([, day = ""]) => day);
  expect(days).toEqual(days.toSorted().reverse());
  expect(decided).not.toMatch(/[^\n]\n\*\*\d{4}-/);
});
