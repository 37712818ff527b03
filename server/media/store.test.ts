/** Rows of files, on each engine. */
import { expect, test } from "bun:test";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import * as store from "./store.ts";
import { isUsed } from "./store-uses.ts";

const A = "https://a.test";
const name = (digit: string, extension = "jpg"): string => `${digit.repeat(64)}.${extension}`;

eachEngine((engine) => {
  async function house() {
    const db = await engine.freshDb();
    const town = await village({ [A]: db });
    const [alice, bob] = [await town.house(A).person("alice"), await town.house(A).person("bob")];
    const row = (key: number, more: Partial<store.MediaRow> = {}): store.MediaRow => ({
      key,
      owner: alice.key,
      name: name("1"),
      mediaType: "image/jpeg",
      sizeBytes: 10,
      width: 3,
      height: 2,
      durationMs: null,
      preview: null,
      previewWidth: null,
      previewHeight: null,
      blurhash: null,
      fileName: null,
      description: null,
      focus: null,
      expiresMs: null,
      pendingMs: null,
      ...more,
    });
    return { db, core: town.house(A).core, alice: alice.key, bob: bob.key, row };
  }
  const cover = { preview: name("c"), previewWidth: 2, previewHeight: 1, blurhash: "L" };

  test("a file that is sent again keeps its row, learns what is new, and stays where it was to stay", async () => {
    const { db, alice, row } = await house();
    await db.batch([store.putMedia(row(1, { expiresMs: 50, description: "First" }), 0)]);
    await db.batch([
      store.putMedia(row(2, { ...cover, expiresMs: 70, fileName: "x.jpg", durationMs: 5 }), 0),
    ]);
    expect(await store.findMedia(db, alice, name("1"))).toEqual(
      row(1, { ...cover, expiresMs: 70, description: "First", fileName: "x.jpg", durationMs: 5 }),
    );
    await db.batch([store.putMedia(row(3, { preview: name("d"), previewWidth: 9 }), 0)]);
    await db.batch([store.putMedia(row(4, { expiresMs: 90 }), 0)]);
    expect(await store.findMedia(db, alice, name("1"))).toMatchObject({ key: 1, expiresMs: null, ...cover });
    expect(await store.usedBytes(db, alice)).toBe(10);
  });

  test("a file is found by how its name begins, and by nobody but its owner", async () => {
    const { db, alice, bob, row } = await house();
    await db.batch(
      ["0", "9", "a", "f"].map((digit, i) => store.putMedia(row(i + 1, { name: name(digit) }), 0)),
    );
    const found = async (owner: number, start: string) =>
      (await store.findMediaBeginning(db, owner, start))?.key ?? null;
    for (const [i, digit] of ["0", "9", "a", "f"].entries())
      expect(await found(alice, digit.repeat(13))).toBe(i + 1);
    expect([await found(bob, "0".repeat(13)), await found(alice, `${"0".repeat(12)}1`)]).toEqual([
      null,
      null,
    ]);
  });

  test("what is loose goes when its time has come, what is kept does not", async () => {
    const { db, row } = await house();
    await db.batch([
      store.putMedia(row(1, { name: name("1"), expiresMs: 50 }), 0),
      store.putMedia(row(2, { name: name("2"), expiresMs: 40 }), 0),
      store.putMedia(row(3, { name: name("3") }), 0),
    ]);
    const due = async (nowMs: number) => (await store.findExpired(db, nowMs, 10)).map(({ key }) => key);
    expect([await due(39), await due(50)]).toEqual([[], [2, 1]]);
    await db.batch([store.keepMedia([1, 3]), store.dropLoose([1, 2, 3])]);
    expect(await due(99)).toEqual([]);
    const left = await Promise.all([1, 2, 3].map((key) => store.findMediaByKey(db, key)));
    expect(left.map((each) => each?.key ?? null)).toEqual([1, null, 3]);
    const words = { description: "x", focus: "0,1" };
    await expect(db.batch([store.describeMedia(2, words, () => new Error("gone"))])).rejects.toThrow("gone");
    await db.batch([store.describeMedia(1, words, () => new Error("gone"))]);
    expect(await store.findMediaByKey(db, 1)).toMatchObject(words);
  });

  test("a file is needed as itself or as a preview, and a still is whoever's is there", async () => {
    const { db, bob, row } = await house();
    const film = name("e", "mp4");
    await db.batch([
      store.putMedia(row(1, { name: film }), 0),
      store.putMedia(row(2, { name: film, owner: bob, pendingMs: 30 }), 0),
    ]);
    expect(await store.findNeededMedia(db, [film, cover.preview])).toEqual(new Set([film]));
    expect(await store.findStill(db, film)).toEqual({ preview: null, pendingMs: 30 });
    await db.batch([store.coverMedia(1, cover)]);
    expect(await store.findStill(db, film)).toEqual({ preview: cover.preview, pendingMs: null });
    expect(await store.findNeededMedia(db, [film, cover.preview, name("7")])).toEqual(
      new Set([film, cover.preview]),
    );
    await db.batch([store.coverMedia(2, null)]);
    expect(await store.findMediaByKey(db, 2)).toMatchObject({ pendingMs: null, preview: null });
    expect(await store.findStill(db, name("7"))).toBeNull();
  });

  test("a file is used as long as something of its owner that is still here names it", async () => {
    const { db, core, alice, bob } = await house();
    const used = () => isUsed(db, alice, name("5"));
    expect(await used()).toBe(false);
    const attachment = [{ type: "Image", url: `${A}/media/${name("5")}` }];
    const note = (content: string) => ({ type: "Note", content, attachment, to: ["as:Public"] });
    const { object } = await core.act(alice, note("One"));
    await core.act(bob, note("Another's"));
    expect([await used(), await isUsed(db, alice, name("6"))]).toEqual([true, false]);
    await core.act(alice, { type: "Delete", object: object?.iri ?? "" });
    expect(await used()).toBe(false);
  });
});
