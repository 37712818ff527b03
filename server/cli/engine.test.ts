/** The engine gets what it lacks, and keeps what it was given. */
import { expect, test } from "bun:test";
import { isServing, missingSettings, withEngineSet } from "./engine.ts";

test("each setting that the environment lacks is added", () => {
  expect(missingSettings({ PATH: "/bin" })).toEqual({ BUN_JSC_useFTLJIT: "0" });
});

test("what an administrator has set stays, and nothing is missing after a start anew", () => {
  expect(missingSettings({ BUN_JSC_useFTLJIT: "1" })).toEqual({});
  expect(missingSettings(missingSettings({}))).toEqual({});
});

test("a server is asked for by its name, by settings alone, and by nothing", () => {
  for (const words of [[], ["serve"], ["--port", "80"], ["serve", "--json"]])
    expect(isServing(words)).toBe(true);
  for (const words of [["--help"], ["-h"], ["--version"], ["-v"], ["help"], ["user", "list"]])
    expect(isServing(words)).toBe(false);
});

test("a program that is not compiled goes on as it is", () => {
  withEngineSet([]);
});
