/** The house rules find what they are meant to find, and nothing else. */
import { describe, expect, test } from "bun:test";
import { importsOf, layerOf, rules, type SourceFile } from "./house.ts";

/** The faults in files given as `{ path: text after the first sentence }`. */
function faults(files: Record<string, string>): string {
  const sources: SourceFile[] = Object.entries(files).map(([path, text]) => ({
    path,
    text: `/** A sentence. */\n${text}\n`,
  }));
  return rules.flatMap((rule) => rule.check(sources)).join("\n");
}

test.each([
  ['import { a } from "../lib/id.ts";', ["server/lib/id.ts"]],
  ['import type { A } from "./id.ts";', ["server/core/id.ts"]],
  ['import {\n  a,\n  b,\n} from "./id.ts";', ["server/core/id.ts"]],
  ['import "./id.ts";', ["server/core/id.ts"]],
  ['import * as all from "../../web/html.ts";', ["web/html.ts"]],
  ['import text from "./x.sql" with { type: "text" };', ["server/core/x.sql"]],
  ['export { a } from "./id.ts";', ["server/core/id.ts"]],
  ['const late = await import("../lib/id.ts");', ["server/lib/id.ts"]],
  ['import { Elysia } from "elysia";', []],
  ['export const words = 1;\nconst a = "from \\"./id.ts\\"";', []],
])("%j imports %j", (text, expected) => {
  expect(importsOf({ path: "server/core/a.ts", text })).toEqual(expected);
});

describe("layers", () => {
  test("a face that is new is the sibling of the others, and a folder that is new must be given a layer", () => {
    const text = 'import { b } from "../c2s/b.ts";';
    expect(faults({ "server/api/another/a.ts": text })).toContain("sibling");
    expect(faults({ "server/another/a.ts": "" })).toContain("server/another/ is on no layer");
    expect(faults({ "server/cli/a.ts": "", "server/a.ts": "", "server/testing/a.ts": "" })).toBe("");
  });

  test.each([
    ["server/lib/url.ts", 0],
    ["migrations/index.ts", 0],
    ["server/core/apply.ts", 3],
    ["web/pages/home.ts", 6],
    ["server/api/another/routes.ts", 6],
    ["server/api/index.ts", 7],
    ["server/cli/serve.ts", 7],
    ["server/app.ts", 7],
  ])("%s is on layer %i", (path, layer) => {
    expect(layerOf(path)?.layer).toBe(layer);
  });

  test("an import from above is a fault, also of a type", () => {
    expect(faults({ "server/lib/a.ts": 'import type { Db } from "../storage/db.ts";' })).toContain("above");
  });

  test("an import from below is none", () => {
    expect(faults({ "server/core/a.ts": 'import { b } from "../lib/b.ts";' })).toBe("");
  });

  test("siblings do not import each other, but files of one folder do", () => {
    expect(faults({ "web/a.ts": 'import { b } from "../server/api/c2s/b.ts";' })).toContain("sibling");
    expect(faults({ "web/a.ts": 'import { b } from "./pages/b.ts";' })).toBe("");
  });

  test("tests import what they like", () => {
    expect(faults({ "server/lib/a.test.ts": 'import { b } from "../core/b.ts";' })).toBe("");
  });

  test("only tests import server/testing", () => {
    expect(faults({ "server/app.ts": 'import { b } from "./testing/b.ts";' })).toContain("for tests alone");
  });
});

test("a cycle is told with every file on it", () => {
  const text = faults({
    "server/core/a.ts": 'import type { B } from "./b.ts";',
    "server/core/b.ts": 'import { c } from "./c.ts";',
    "server/core/c.ts": 'import { a } from "./a.ts";',
  });
  expect(text).toContain("server/core/a.ts → server/core/b.ts → server/core/c.ts → server/core/a.ts");
});

describe("what is confined", () => {
  test.each([
    ["server/core/a.ts", 'import { Elysia } from "elysia";', "elysia"],
    ["server/core/a.ts", 'import { list, sql } from "../lib/sql.ts";', "sql tag"],
    ["server/core/a.ts", "const port = process.env.PORT;", "environment"],
    ["server/core/a.ts", "const now = Date.now();", "clock"],
    ["server/core/a.ts", "const now = new Date();", "clock"],
    ["web/pages/a.ts", "const a = { dangerouslySetInnerHTML: b };", "dangerouslySetInnerHTML"],
    ["server/core/a.ts", "export class Thing {}", "class"],
    ["server/core/a.ts", "export default 1;", "default export"],
    ["server/core/a.ts", 'const a = await fetch("https://a.example");', "fetch"],
    ["server/core/a.ts", "const get = globalThis.fetch;", "fetch"],
    ["server/core/utils.ts", "", "says nothing"],
    ["server/core/a.ts", "x\n".repeat(400), "two"],
  ])("in %s, %j is a fault", (path, text, word) => {
    expect(faults({ [path]: text })).toContain(word);
  });

  test.each([
    ["server/federation/routes.ts", 'import { Elysia } from "elysia";'],
    ["server/core/store-links.ts", 'import { sql } from "../lib/sql.ts";'],
    ["server/core/a.ts", 'import { type Sql, type sql } from "../lib/sql.ts";'],
    ["server/lib/clock.ts", "export const now = () => Date.now();"],
    ["server/core/a.ts", "const when = new Date(ms);"],
    ["server/core/a.ts", "// process.env is read elsewhere"],
    ["server/core/a.ts", "const { fetch } = deps;\nawait fetch(url);"],
    ["server/core/a.ts", "export const create = (fetch: Fetch) => fetch(url);"],
    ["server/core/a.ts", "await deps.fetch(url);"],
    ["server/http/server.ts", "serve({ fetch(request) {\n return answer(request); } });"],
    ["web/islands/a.ts", "export default function mount() {\n fetch(url); }"],
  ])("in %s, %j is none", (path, text) => {
    expect(faults({ [path]: text })).toBe("");
  });
});

test("a file without a first sentence is a fault", () => {
  const rule = rules.flatMap((each) =>
    each.check([{ path: "server/core/a.ts", text: "export const a = 1;\n" }]),
  );
  expect(rule.join()).toContain("does not open with");
});
