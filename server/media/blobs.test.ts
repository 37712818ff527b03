/** What every place for blobs must do. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Blobs } from "./blobs.ts";
import { createDiskBlobs } from "./disk.ts";

const folder = await mkdtemp(join(tmpdir(), "blobs-"));
afterAll(() => rm(folder, { recursive: true }));

const places: Readonly<Record<string, Blobs>> = { disk: createDiskBlobs(folder) };
const NAME = `${"0123456789abcdef".repeat(4)}.bin`;
const bytes = new TextEncoder().encode("some bytes");

const namesIn = async (blobs: Blobs) => (await Array.fromAsync(blobs.list())).map(({ name }) => name);

for (const [place, blobs] of Object.entries(places)) {
  describe(place, () => {
    test("what was put is found whole, and in part", async () => {
      await blobs.put(NAME, bytes);
      const found = await blobs.find(NAME);
      expect(found?.sizeBytes).toBe(10);
      expect(await found?.blob.text()).toBe("some bytes");
      expect(await found?.blob.slice(5, 10).text()).toBe("bytes");
    });

    test("the same name again changes nothing", async () => {
      await Promise.all([blobs.put(NAME, bytes), blobs.put(NAME, bytes)]);
      expect((await blobs.find(NAME))?.sizeBytes).toBe(10);
    });

    test("what is removed is gone, and removing it again is no fault", async () => {
      await blobs.put(NAME, bytes);
      await blobs.remove(NAME);
      await blobs.remove(NAME);
      expect(await blobs.find(NAME)).toBeNull();
    });

    test("all that is kept can be told, and what is half put is cleared away", async () => {
      const other = `${"f".repeat(64)}.bin`;
      await Promise.all([blobs.put(NAME, bytes), blobs.put(other, bytes)]);
      await blobs.removeUnfinished(Number.POSITIVE_INFINITY);
      expect((await namesIn(blobs)).sort()).toEqual([NAME, other]);
      await blobs.remove(other);
      expect(await namesIn(blobs)).toEqual([NAME]);
    });

    test("no name leads out of the place", async () => {
      for (const name of [
        "../../etc/passwd",
        "..",
        "aa/../../x.bin",
        "AB.bin",
        `${NAME}/x`,
        "",
        "ab\0cd.bin",
      ]) {
        expect(await blobs.find(name)).toBeNull();
        await expect(blobs.put(name, bytes)).rejects.toThrow("is no name of a blob");
      }
    });
  });
}

test("a folder holds nothing that was begun and not finished", async () => {
  await places.disk?.put(NAME, bytes);
  expect((await readdir(folder)).filter((name) => name.startsWith("unfinished"))).toEqual([]);
});
