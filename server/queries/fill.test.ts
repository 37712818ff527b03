/** Pages of lists of which a reader sees little. */
import { describe, expect, test } from "bun:test";
import { fillPage, type Range } from "./fill.ts";

/** Keys from 1 to `length`, of which `isShown` says which are shown, and how much was read of them. */
function listOf(length: number, isShown: (key: number) => boolean) {
  const stretches: number[] = [];
  const read = async ({ before, after, limit, order }: Range) => {
    const rows: number[] = [];
    const first = order === "ASC" ? after + 1 : Math.min(before - 1, length);
    const step = order === "ASC" ? 1 : -1;
    for (let key = Math.max(first, 1); rows.length < limit && key > after && key < before; key += step) {
      if (key > length) break;
      rows.push(key);
    }
    stretches.push(rows.length);
    return rows;
  };
  const source = {
    read,
    keep: async (rows: readonly number[]) => rows.filter(isShown),
    keyOf: (key: number) => key,
  };
  return { source, stretches };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe("a page of a list of which little is shown", () => {
  test("begins with the first thing that is shown, however many before it are not", async () => {
    const { source } = listOf(5_000, (key) => key <= 500);
    const page = await fillPage({ limit: 20 }, source);
    expect(page.items[0]).toBe(500);
    expect(page.older).not.toBeNull();
  });

  test("begins with it upwards too", async () => {
    const { source } = listOf(5_000, (key) => key > 4_500);
    const page = await fillPage({ limit: 20, from: 0 }, source);
    expect(page.items.at(-1)).toBe(4_501);
  });

  test("is short where something was found, and goes on where it ended", async () => {
    const { source, stretches } = listOf(5_000, (key) => key === 4_990 || key < 10);
    const page = await fillPage({ limit: 20 }, source);
    expect(page.items).toEqual([4_990]);
    expect(sum(stretches)).toBe(1_000);
    const next = await fillPage({ limit: 20, before: page.older ?? 0 }, source);
    expect(next.items).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("is empty after five thousand rows, and says where to go on", async () => {
    const { source, stretches } = listOf(30_000, () => false);
    const page = await fillPage({ limit: 20 }, source);
    expect(page).toEqual({ items: [], older: 25_001, newer: null });
    expect(sum(stretches)).toBe(5_000);
    expect(Math.max(...stretches)).toBeLessThanOrEqual(500);
  });

  test("lets others have their turn while it looks for long", async () => {
    const { source } = listOf(30_000, () => false);
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await fillPage({ limit: 20 }, source);
    isOver = true;
    expect(turns).toBeGreaterThan(3);
  });

  test("is refused where more is asked for than a page holds, and not cut short without a word", async () => {
    const { source } = listOf(1_000, () => true);
    expect((await fillPage({ limit: 200 }, source)).items).toHaveLength(200);
    await expect(fillPage({ limit: 201 }, source)).rejects.toThrow(RangeError);
  });
});
