/** Guesses are near, and there is none where nothing is. */
import { expect, test } from "bun:test";
import { nearest } from "./nearest.ts";

test.each([
  ["prot", "port"],
  ["orgin", "origin"],
  ["data-dirr", "data-dir"],
  ["port", "port"],
  ["zzzzzz", null],
  ["", null],
])("%j was meant as %j", (word, meant) => {
  expect(nearest(word, ["port", "origin", "data-dir"])).toBe(meant);
});
