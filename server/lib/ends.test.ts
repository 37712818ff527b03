/** Everything is ended, also beside what cannot end. */
import { expect, test } from "bun:test";
import { endAll } from "./ends.ts";

test("one that fails keeps none of the others open, and the first failure is told at the end", async () => {
  const ended: string[] = [];
  const fails = (why: string) => async (): Promise<void> => {
    ended.push(why);
    throw new Error(why);
  };
  const ends = [() => ended.push("a"), fails("b"), fails("c"), async () => ended.push("d")];
  await expect(endAll(ends)).rejects.toThrow("b");
  expect(ended).toEqual(["a", "b", "c", "d"]);
  await endAll([]);
});
