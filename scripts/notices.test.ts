/** Everything that the program carries is named, with the licence that asks for it. */
import { expect, test } from "bun:test";
import manifest from "../package.json" with { type: "json" };
import { collectNotices } from "./notices.ts";

/** What may be part of a work under AGPL-3.0-or-later. */
const COMPATIBLE = /^(?:MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0)$/;

const notices = collectNotices();

test("every dependency is named once, and what those depend on", () => {
  const names = notices.map(({ name, version }) => `${name} ${version}`);
  expect(new Set(names).size).toBe(names.length);
  const named = new Set(notices.map(({ name }) => name));
  for (const name of [...Object.keys(manifest.dependencies), "rdf-canonize", "lucide-static", "Litestream"])
    expect(named).toContain(name);
});

test("each has a licence that agrees with ours, and its text", () => {
  expect(notices.filter(({ licence }) => !COMPATIBLE.test(licence))).toEqual([]);
  const withoutText = notices.filter(({ text }) => text.trim() === "").map(({ name }) => name);
  // Its package on npm holds no more than the name of its licence.
  expect(withoutText).toEqual(["@tokenizer/token"]);
});
