/** What was answered is not asked again, and what failed is. */
import { expect, test } from "bun:test";
import { createAnswers } from "./answers.ts";
import { heldClock } from "./clock.ts";

/** Gives 1, 2, 3 …, one more each time it is asked. */
function counter() {
  let count = 0;
  return async () => ++count;
}

const failing = async (): Promise<number> => {
  throw new Error("The database is away.");
};

test("what was answered is given again without asking, each key by itself", async () => {
  const answers = createAnswers<number>(9);
  const ask = counter();
  expect(await Promise.all(["a", "a", "b"].map((key) => answers.get(key, ask)))).toEqual([1, 1, 2]);
  expect(await answers.get("a", ask)).toBe(1);
});

test("an error reaches all who wait for the answer, and whoever comes later asks anew", async () => {
  const answers = createAnswers<number>(9);
  const both = await Promise.allSettled([answers.get("a", failing), answers.get("a", counter())]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await answers.get("a", counter())).toBe(1);
});

test("an answer is good for its time, counted from when it was asked for", async () => {
  const clock = heldClock();
  const answers = createAnswers<number>(9, { now: clock.now, ms: 1_000 });
  const ask = counter();
  await answers.get("a", ask);
  clock.advance(999);
  expect(await answers.get("a", ask)).toBe(1);
  clock.advance(1);
  expect(await answers.get("a", ask)).toBe(2);
});

test("one that was forgotten while it was asked for takes nothing from the one after it, however it ends", async () => {
  const answers = createAnswers<number>(9);
  const held = Promise.withResolvers<number>();
  const first = answers.get("a", () => held.promise);
  answers.delete("a");
  const ask = counter();
  expect(await answers.get("a", ask)).toBe(1);
  held.reject(new Error("The database was away."));
  await expect(first).rejects.toThrow("was away");
  expect(await answers.get("a", ask)).toBe(1);
});

test("no more are kept than there is room for, and those that were used stay", async () => {
  const answers = createAnswers<number>(2);
  const ask = counter();
  for (const key of ["a", "b", "a", "c"]) await answers.get(key, ask);
  expect([await answers.get("a", ask), await answers.get("b", ask)]).toEqual([1, 4]);
});
