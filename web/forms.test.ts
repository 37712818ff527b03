/** The contract between pages and handlers. */
import { describe, expect, test } from "bun:test";
import { localReturn, parseVerb, verb } from "./forms.ts";

describe("verbs", () => {
  test.each([
    ["Like", { type: "Like", of: null }],
    ["Undo Like", { type: "Undo", of: "Like" }],
    ["Add bookmarks", { type: "Add", of: "bookmarks" }],
    ["Add ", { type: "Add", of: null }],
    ["", { type: "", of: null }],
  ])("%p is read", (text, parsed) => expect(parseVerb(text)).toEqual(parsed));

  test("what was written is read back", () => {
    expect(parseVerb(verb("Undo", "Follow"))).toEqual({ type: "Undo", of: "Follow" });
    expect(parseVerb(verb("Cook"))).toEqual({ type: "Cook", of: null });
  });
});

describe("localReturn", () => {
  test.each(["/", "/@ada/1?x=1#p1"])("%p is a way back", (path) =>
    expect(localReturn(path, "/x")).toBe(path),
  );

  test.each([
    null,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:x",
    "/a\nb",
    "a",
    "/a\\b",
  ])("%p is not", (path) => expect(localReturn(path, "/x")).toBe("/x"));
});
