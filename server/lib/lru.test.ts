/** What is used stays, what is not makes room. */
import { expect, test } from "bun:test";
import { createLru } from "./lru.ts";

test("the entry that was not used for longest makes room for a new one", () => {
  const lru = createLru<number>(2);
  lru.set("a", 1);
  lru.set("b", 2);
  lru.get("a");
  lru.set("c", 3);
  expect(["a", "b", "c"].map(lru.get)).toEqual([1, undefined, 3]);
});

test("setting a known key again needs no room", () => {
  const lru = createLru<number>(2);
  for (const value of [1, 2, 3]) lru.set("a", value);
  lru.set("b", 4);
  expect([lru.get("a"), lru.get("b")]).toEqual([3, 4]);
});

test("entries can be forgotten one by one, or by what they hold", () => {
  const lru = createLru<number>(9);
  for (const value of [1, 2, 3, 4]) lru.set(String(value), value);
  lru.delete("1");
  lru.deleteWhere((value) => value % 2 === 0);
  expect(["1", "2", "3", "4"].map(lru.get)).toEqual([undefined, undefined, 3, undefined]);
});
