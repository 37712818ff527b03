/** A page is read once as long as nobody writes. */
import { beforeEach, expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { createKeptPages, type KeptPages } from "./kept-pages.ts";

let version: number | null;
let reads: number;
let clock: ReturnType<typeof heldClock>;
let pages: KeptPages;
beforeEach(() => {
  version = 1;
  reads = 0;
  clock = heldClock();
  pages = createKeptPages({ db: { version: () => version }, now: clock.now });
});

const read = async () => ({ items: [++reads] });
const page = (about: readonly unknown[] = [1]) => pages.keep("home", about, read);

test("the same question gives the very same page until something is written", async () => {
  const first = await page();
  expect(await page()).toBe(first);
  version = 2;
  expect(await page()).toEqual({ items: [2] });
});

test("whoever asks for another person, page or list reads for themselves", async () => {
  await page([1, { limit: 20 }]);
  await page([2, { limit: 20 }]);
  await page([1, { limit: 20, before: 5 }]);
  await pages.keep("list", [1, { limit: 20 }], read);
  expect(reads).toBe(4);
});

test("a page grows no older than a second, for what hangs on the time", async () => {
  await page();
  clock.advance(999);
  await page();
  expect(reads).toBe(1);
  clock.advance(1);
  await page();
  expect(reads).toBe(2);
});

test("a page during whose reading somebody wrote is given and not kept", async () => {
  const given = await pages.keep("home", [1], async () => {
    version = 2;
    return read();
  });
  expect(given).toEqual({ items: [1] });
  expect(await page()).toEqual({ items: [2] });
});

test("where nobody can say whether somebody wrote, everything is read", async () => {
  version = null;
  await page();
  await page();
  expect(reads).toBe(2);
});

test("pages that were given back to the machine are read again", async () => {
  await page();
  pages.releaseMemory();
  expect(await page()).toEqual({ items: [2] });
});

test("a page that cannot be read is asked for again", async () => {
  const failed = pages.keep("home", [1], () => Promise.reject(new Error("away")));
  expect(await failed.catch((error: Error) => error.message)).toBe("away");
  expect(await page()).toEqual({ items: [1] });
});
