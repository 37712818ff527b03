/** Files on their way in and out. */
import { afterAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { heldClock, systemNow } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { createKeys } from "../lib/id.ts";
import { onSqlite } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { describeFile } from "./describe.ts";
import { createDiskBlobs } from "./disk.ts";
import type { KeptFile } from "./kept.ts";
import { clearOrphans } from "./orphans.ts";
import { serveFile } from "./serve.ts";
import { usedBytes } from "./store.ts";
import { createMedia } from "./upload.ts";

const A = "https://a.test";
const SECRET = "GPS 47.1 8.5";
const folder = await mkdtemp(join(tmpdir(), "media-"));
const blobs = createDiskBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));

const get = (url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> =>
  serveFile(blobs, async () => "all", new Request(url, { method, headers }), new URL(url).pathname);

const text = (value: string): Uint8Array => Buffer.from(value, "latin1");
const join2 = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function chunk(type: string, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, "latin1");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(Bun.hash.crc32(Buffer.concat([head.subarray(4), data])));
  return join2(head, data, crc);
}

/** A black picture with a comment in it; `more` comes after its header. */
function png(width: number, height: number, ...more: Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = deflateSync(Buffer.alloc((width + 1) * height));
  return join2(
    text("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", header),
    ...more,
    chunk("tEXt", text(`Comment\0${SECRET}`)),
    chunk("IDAT", rows),
    chunk("IEND", new Uint8Array()),
  );
}

const GIF_FRAME = text("\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
const gif = (frames: number): Uint8Array =>
  join2(
    text("GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0"),
    text("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"),
    text(`\x21\xfe${String.fromCharCode(SECRET.length)}${SECRET}\0`),
    ...Array<Uint8Array>(frames).fill(GIF_FRAME),
    text("\x3b"),
    text(`<script>${SECRET}</script>`),
  );

const jpegOf = async (width: number, height: number): Promise<Uint8Array> =>
  new Bun.Image(png(width, height)).jpeg().bytes();

/** A JPEG with an EXIF block that turns it by 90° and names a place. */
async function jpeg(): Promise<Uint8Array> {
  const plain = await new Bun.Image(png(40, 20)).jpeg().bytes();
  const entry = Buffer.from("0112000300000001000600000000000000", "hex");
  const exif = join2(text("Exif\0\0MM\0*\0\0\0\x08\0\x01"), entry, text(SECRET));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  return join2(plain.subarray(0, 2), text("\xff\xe1"), length, exif, plain.subarray(2));
}

const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(8 + content.reduce((sum, part) => sum + part.length, 0));
  return join2(size, text(type), ...content);
};

onSqlite((engine) => {
  async function house(options: { limitBytes?: number; quotaBytes?: number } = {}) {
    const db = await engine.freshDb();
    const town = await village({ [A]: db });
    const clock = heldClock();
    const { now } = clock;
    const media = createMedia({
      db,
      keys: createKeys({ now }),
      now,
      blobs,
      origin: A,
      workFolder: folder,
      limitBytes: 1_000_000,
      ...options,
    });
    const alice = await town.house(A).person("alice");
    const bob = await town.house(A).person("bob");
    const { core } = town.house(A);
    return { db, core, clock, media, alice: alice.key, bob: bob.key };
  }

  const stored = async ({ url }: Pick<KeptFile, "url">): Promise<Buffer> =>
    Buffer.from(await (await get(url)).arrayBuffer());

  test("a picture is made anew: turned upright, without its place, under the hash of its bytes", async () => {
    const { media, alice } = await house();
    const kept = await media.take(alice, { content: await jpeg(), fileName: "photo.txt" });
    expect(kept.url).toMatch(/^https:\/\/a\.test\/media\/[0-9a-f]{64}\.jpg$/);
    expect(kept).toMatchObject({ mediaType: "image/jpeg", family: "image", width: 20, height: 40 });
    expect((await stored(kept)).includes(SECRET)).toBe(false);
    expect((await stored(kept)).includes("Exif")).toBe(false);
    expect(kept.url).toContain(new Bun.CryptoHasher("sha256").update(await stored(kept)).digest("hex"));
  });

  test("a picture larger than a screen is made smaller, and keeps its shape", async () => {
    const { media, alice } = await house();
    const kept = await media.take(alice, { content: png(5_000, 100), fileName: null });
    expect([kept.width, kept.height]).toEqual([2_560, 51]);
  });

  test("a picture has a smaller copy for lists, and its colours from afar", async () => {
    const { media, alice } = await house();
    const large = await media.take(alice, { content: await jpegOf(1_600, 400), fileName: null });
    expect(large.preview).toMatchObject({ mediaType: "image/jpeg", width: 640, height: 160 });
    const made = await stored({ url: large.preview?.url ?? "" });
    expect(await new Bun.Image(new Uint8Array(made)).metadata()).toMatchObject({ width: 640, height: 160 });
    // Black all over: no waves, and a mean of nothing.
    expect(large.blurhash).toBe("L00000fQfQfQfQfQfQfQfQfQfQfQ");
    const small = await media.take(alice, { content: png(30, 30), fileName: null });
    expect([small.preview, small.blurhash?.length]).toEqual([null, 28]);
    const moving = await media.take(alice, { content: gif(4), fileName: null });
    expect(moving.preview).toMatchObject({ mediaType: "image/webp", width: 1 });
    const icon = await media.take(alice, { content: png(900, 900), fileName: null, maxSide: 700 });
    expect([icon.width, icon.preview, icon.blurhash]).toEqual([700, null, null]);
  });

  test("a large file is worked on where it lies, and is the same as if it were not", async () => {
    const { media, alice } = await house({ limitBytes: 10_000_000 });
    const film = (length: number) =>
      join2(
        box("ftyp", text("isom\0\0\0\0")),
        box("moov", box("udta", text(SECRET)), box("trak", box("meta", Buffer.alloc(length, SECRET)))),
        box("mdat", text("sound and pictures")),
      );
    for (const length of [100, 2_000_000]) {
      const content = film(length);
      const kept = await media.take(alice, {
        content: new File([new Uint8Array(content)], "x"),
        fileName: "film.mp4",
      });
      const bytes = await stored(kept);
      expect([bytes.length, kept.sizeBytes, kept.family]).toEqual([content.length, content.length, "video"]);
      expect([bytes.includes(SECRET), bytes.includes("sound and pictures")]).toEqual([false, true]);
      expect(kept.url).toContain(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
    }
    expect((await readdir(folder)).filter((name) => name.startsWith("unfinished"))).toEqual([]);
  });

  test("a document is saved under the name that its sender gave it, and ends as what it is", async () => {
    const { media, alice } = await house();
    const cases: [given: string | null, saved: string][] = [
      ["Übung 3.pdf", "Übung 3.pdf"],
      ["exercise.PDF", "exercise.pdf"],
      ["setup.exe", "setup.exe.pdf"],
      ["../../etc/pass\nwd", "etc pass wd.pdf"],
      ["abc\u202Efdp.exe", "abc fdp.exe.pdf"],
      ["a".repeat(500), `${"a".repeat(120)}.pdf`],
      ["", "file.pdf"],
      [null, "file.pdf"],
      [".pdf", "file.pdf"],
    ];
    for (const [given, saved] of cases) {
      const kept = await media.take(alice, { content: text("%PDF-1.7 names"), fileName: given });
      expect([given, kept.fileName]).toEqual([given, saved]);
      const response = await get(kept.url);
      expect(response.status).toBe(200);
      const [, name = ""] =
        /filename\*=UTF-8''(\S+)$/.exec(response.headers.get("content-disposition") ?? "") ?? [];
      expect(decodeURIComponent(name)).toBe(saved);
    }
  });

  test("what a link calls a file cannot make something else of it", async () => {
    const { media, alice } = await house();
    const { url } = await media.take(alice, { content: text("%PDF-1.7 links"), fileName: "x.pdf" });
    const bare = url.replace(/\/x\.pdf$/, "");
    for (const called of ["x.html", "%0d%0aset-cookie:a=b", '"; filename="y.exe', "%ff", "..%2f..%2fy.svg"]) {
      const response = await get(`${bare}/${called}`);
      expect(response.headers.get("content-type")).toBe("application/pdf");
      expect(response.headers.get("content-disposition")).toMatch(
        /^attachment; filename="[^"]*\.pdf"; filename\*=UTF-8''[^;'"]*\.pdf$/,
      );
    }
    expect((await get(`${bare}/x.pdf/more`)).status).toBe(404);
  });

  test("a file without a row is cleared away after a month, and one that is needed never", async () => {
    const { db, media, alice } = await house();
    const kept = await media.take(alice, { content: await jpegOf(1_000, 1_000), fileName: null });
    const orphan = `${"e".repeat(64)}.bin`;
    await blobs.put(orphan, text("left by a crash"));
    const clear = (now: () => number) => clearOrphans({ db, blobs, now });
    // Long enough to go back to an earlier copy of the database, and forward again to one that has its row.
    for (const days of [0, 1, 7, 29])
      expect([days, await clear(() => systemNow() + days * DAY_MS)]).toEqual([days, { files: 0, bytes: 0 }]);
    await clear(() => systemNow() + 31 * DAY_MS);
    expect((await get(`${A}/media/${orphan}`)).status).toBe(404);
    for (const url of [kept.url, kept.preview?.url ?? ""]) expect((await get(url)).status).toBe(200);
  });

  test("a preview that a post has outlives another cover of the same file, and no longer", async () => {
    const { db, core, media, clock, alice } = await house();
    const file = { content: await jpegOf(1_000, 1_000), fileName: null };
    const kept = await media.take(alice, file);
    const note = { type: "Note", attachment: [describeFile(kept)], to: ["as:Public"] };
    const { object } = await core.act(alice, note);
    await media.cover(kept.key, await jpegOf(700, 500));
    async function dayLater(): Promise<number> {
      clock.advance(25 * HOUR_MS);
      await media.loose.sweep();
      await clearOrphans({ db, blobs, now: () => systemNow() + clock.now() });
      return (await get(kept.preview?.url ?? "")).status;
    }
    expect(await dayLater()).toBe(200);
    await core.act(alice, { type: "Delete", object: object?.iri ?? "" });
    const name = kept.preview?.url.split("/").at(-1) ?? "";
    await db.batch(await media.loose.release(alice, [name], null));
    expect(await dayLater()).toBe(404);
  });

  test("what moves goes on moving, and says nothing else", async () => {
    const { media, alice } = await house();
    const still = await media.take(alice, { content: gif(1), fileName: null });
    expect(still.mediaType).toBe("image/png");
    const moving = await media.take(alice, { content: gif(3), fileName: null });
    expect(moving).toMatchObject({ mediaType: "image/gif", width: 1, height: 1 });
    const bytes = await stored(moving);
    expect(bytes.includes(SECRET)).toBe(false);
    expect(bytes.includes("NETSCAPE2.0")).toBe(true);
    expect(bytes.toString("latin1").split(Buffer.from(GIF_FRAME).toString("latin1"))).toHaveLength(4);
    const animation = await media.take(alice, {
      content: png(2, 2, chunk("acTL", new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0]))),
      fileName: null,
    });
    expect((await stored(animation)).includes("acTL")).toBe(true);
    expect((await stored(animation)).includes(SECRET)).toBe(false);
  });

  test("a film keeps its length, and loses its place and maker", async () => {
    const { media, alice } = await house();
    const film = join2(
      box("ftyp", text("isom\0\0\0\0")),
      box("moov", box("trak", box("udta", text(SECRET))), box("meta", text(SECRET))),
      box("mdat", text("sound and pictures")),
    );
    const kept = await media.take(alice, { content: film, fileName: "film.mp4" });
    const bytes = await stored(kept);
    expect(bytes).toHaveLength(film.length);
    expect(bytes.includes(SECRET)).toBe(false);
    expect(bytes.includes("sound and pictures")).toBe(true);
  });

  test("a film of nothing but boxes is refused before all of them were read, and is not kept", async () => {
    const { media, alice } = await house();
    const empty = Buffer.concat(Array<Uint8Array>(35_000).fill(box("free")));
    const film = join2(box("ftyp", text("isom\0\0\0\0")), ...Array<Uint8Array>(3).fill(box("moov", empty)));
    const before = await readdir(folder);
    await expect(media.take(alice, { content: film, fileName: "film.mp4" })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("too many pieces"),
    });
    expect(await readdir(folder)).toEqual(before);
  });

  test("the same file of two people is one file, and each has it", async () => {
    const { media, alice, bob } = await house();
    const file = { content: text("%PDF-1.7 letter"), fileName: "letter.pdf" };
    const first = await media.take(alice, file);
    expect(await media.take(alice, file)).toEqual(first);
    const second = await media.take(bob, file);
    expect(second.url).toBe(first.url);
    expect(second.key).not.toBe(first.key);
  });

  test("what cannot be taken is refused with what to do, and is not kept", async () => {
    const { media, alice } = await house({ limitBytes: 20_000, quotaBytes: 60 });
    const cases: [content: Uint8Array, code: string, sentence: string][] = [
      [new Uint8Array(), "invalid", "empty"],
      [new Uint8Array(20_001), "too-large", "0 MB here"],
      [text("\0\0\0\x18ftypheic"), "invalid", "format HEIC cannot be read"],
      [png(4, 4).subarray(0, 60), "invalid", "damaged"],
      [text("GIF89a\x01\0\x01\0\0\0\0\x2c"), "invalid", "damaged"],
      [text("\xff\xd8\xff\xe0 and no more"), "invalid", "damaged"],
      [png(20_000, 20_000).subarray(0, 8), "invalid", "damaged"],
      [text("%PDF-".padEnd(61, "x")), "full", "Delete some first"],
    ];
    for (const [bytes, code, sentence] of cases) {
      const refused = media.take(alice, { content: bytes, fileName: null });
      await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
    }
  });

  test("files that are sent at once keep to the quota together", async () => {
    const { db, media, alice } = await house({ quotaBytes: 250 });
    const sent = Array.from({ length: 20 }, (_, i) =>
      media.take(alice, { content: text(`%PDF-${i}`.padEnd(60, "x")), fileName: null }),
    );
    const refused = (await Promise.allSettled(sent)).filter(({ status }) => status === "rejected");
    expect([refused.length, await usedBytes(db, alice)]).toEqual([16, 240]);
    expect(refused).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: "full" }) }),
    );
  });

  test("a small file that claims to be a huge picture is refused before it is unpacked", async () => {
    const { media, alice } = await house();
    const header = Buffer.alloc(13);
    header.writeUInt32BE(60_000, 0);
    header.writeUInt32BE(60_000, 4);
    header[8] = 8;
    const bytes = join2(
      text("\x89PNG\r\n\x1a\n"),
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(Buffer.alloc(10))),
      chunk("IEND", new Uint8Array()),
    );
    await expect(media.take(alice, { content: bytes, fileName: null })).rejects.toThrow(
      "more than 25 million pixels",
    );
  });

  test("a picture is shown in place, everything else is offered for saving, and nothing runs", async () => {
    const { media, alice } = await house();
    const picture = await get((await media.take(alice, { content: png(3, 3), fileName: null })).url);
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect(picture.headers.get("content-disposition")).toBe("inline");
    const page = await get(
      (await media.take(alice, { content: text("<script>alert(1)</script>"), fileName: "x.html" })).url,
    );
    expect(page.headers.get("content-type")).toBe("application/octet-stream");
    expect(page.headers.get("content-disposition")).toStartWith("attachment");
    for (const response of [picture, page]) {
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-security-policy")).toContain("sandbox");
      expect(response.headers.get("cache-control")).toBe("public, max-age=86400, s-maxage=3600, immutable");
    }
  });
});

test("parts of a file are given to those who ask for them", async () => {
  const name = `${"ab".repeat(32)}.mp3`;
  await blobs.put(name, text("0123456789"));
  const url = `${A}/media/${name}`;
  const etag = `"${"ab".repeat(32)}"`;
  const cases: [headers: Record<string, string>, status: number, range: string | null, body: string][] = [
    [{}, 200, null, "0123456789"],
    [{ range: "bytes=2-4" }, 206, "bytes 2-4/10", "234"],
    [{ range: "bytes=7-" }, 206, "bytes 7-9/10", "789"],
    [{ range: "bytes=-3" }, 206, "bytes 7-9/10", "789"],
    [{ range: "bytes=8-99" }, 206, "bytes 8-9/10", "89"],
    [{ range: "bytes=10-" }, 416, "bytes */10", ""],
    [{ range: "bytes=-0" }, 416, "bytes */10", ""],
    [{ range: "bytes=5-2" }, 200, null, "0123456789"],
    [{ range: "bytes=0-1,4-5" }, 200, null, "0123456789"],
    [{ range: "pages=1-2" }, 200, null, "0123456789"],
    [{ range: "bytes=0-1", "if-range": etag }, 206, "bytes 0-1/10", "01"],
    [{ range: "bytes=0-1", "if-range": '"other"' }, 200, null, "0123456789"],
    [{ "if-none-match": `"x", ${etag}` }, 304, null, ""],
  ];
  for (const [headers, status, range, body] of cases) {
    const response = await get(url, headers);
    expect([response.status, response.headers.get("content-range"), await response.text()]).toEqual([
      status,
      range,
      body,
    ]);
  }
  const head = await get(url, {}, "HEAD");
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
});

test("there is nothing under names that were never given out", async () => {
  for (const name of [
    "x.png",
    "..%2f..%2fetc%2fpasswd",
    `${"ab".repeat(32)}.html`,
    `${"cd".repeat(32)}.mp3`,
  ]) {
    expect((await get(`${A}/media/${name}`)).status).toBe(404);
  }
});
