/** Media of other servers: signed addresses, what is fetched and what is made of it, and the quota. */
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heldClock } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Fetch, FetchOptions } from "../lib/fetch.ts";
import { upstream } from "../lib/upstream.ts";
import { eachEngine } from "../testing/engines.ts";
import { createAwayMedia } from "./away.ts";
import { AWAY_PATH, type AwayKind, createAwayAddresses } from "./away-address.ts";
import { createPictureCache } from "./cache.ts";
import { createDiskBlobs } from "./disk.ts";
import type { Sight } from "./serve.ts";

const folder = await mkdtemp(join(tmpdir(), "away-"));
afterAll(() => rm(folder, { recursive: true }));

/** A picture of one colour; no two colours make the same file. */
function picture(colour: number, side = 8): Uint8Array {
  const head = Buffer.alloc(54);
  head.write("BM", 0, "latin1");
  head.writeUInt32LE(54 + side * side * 4, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(side, 18);
  head.writeInt32LE(side, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(32, 28);
  const pixels = Buffer.alloc(side * side * 4);
  for (let at = 0; at < pixels.length; at += 4) pixels.writeUInt32LE((colour * 2_654_435_761) >>> 0, at);
  return new Uint8Array(Buffer.concat([head, pixels]));
}

const addresses = createAwayAddresses("secret");
const pathFor = (url: string, kind: AwayKind = "picture", of = 0) => addresses.pathFor(url, kind, of) ?? "";
/** The key of a row, as they are. */
const ROW = 3_481_600_000_000_009;

test("an address is good for what it was signed for alone", () => {
  const url = "https://b.test/a%20b.png?x=1&y=%C3%BC";
  const path = pathFor(url, "picture", ROW);
  expect(path).toStartWith(`${AWAY_PATH}picture/`);
  expect(addresses.read(path)).toMatchObject({ kind: "picture", of: ROW, url, host: "b.test" });
  expect(addresses.read(pathFor(url))?.id).toBe(addresses.read(path)?.id ?? "");
  expect(addresses.read(path.replace(ROW.toString(36), "0"))).toBeNull();
  const other = Buffer.from("https://evil.test/").toString("base64url");
  expect(addresses.read(path.replace(/[^/]+$/, other))).toBeNull();
  expect(addresses.read(path.replace("/picture/", "/avatar/"))).toBeNull();
  expect(createAwayAddresses("another").read(path)).toBeNull();
  expect(addresses.read(`${path}/x`)).toBeNull();
  expect(addresses.read(AWAY_PATH)).toBeNull();
  expect(addresses.pathFor("javascript:alert(1)", "picture", 0)).toBeNull();
  expect(addresses.pathFor(`https://b.test/${"x".repeat(3_000)}`, "picture", 0)).toBeNull();
});

eachEngine((engine) => {
  const clock = heldClock();
  let quota = 1_000_000;
  const asked: { url: string; options: FetchOptions | undefined }[] = [];
  const files = new Map<string, { bytes: Uint8Array; headers?: Record<string, string>; status?: number }>();
  const fetch: Fetch = async (url, options) => {
    asked.push({ url, options });
    const file = files.get(url);
    if (!file) throw upstream("refused", url);
    return { status: file.status ?? 200, headers: new Headers(file.headers), url, bytes: file.bytes };
  };
  const faults: unknown[] = [];
  let isShown = true;
  let sight: Sight = "all";
  let place = "";
  let made: Awaited<ReturnType<typeof house>>;

  async function house(node = 0) {
    place = await mkdtemp(join(folder, "blobs-"));
    const blobs = createDiskBlobs(place);
    const db = await engine.freshDb();
    const cacheOf = (of: number) =>
      createPictureCache({ db, blobs, now: clock.now, node: of, quotaBytes: () => quota });
    const cache = cacheOf(node);
    const media = createAwayMedia({
      fetch,
      now: clock.now,
      addresses,
      cache,
      isShown: () => isShown,
      failed: (error) => void faults.push(error),
    });
    const get = async (path: string, init: RequestInit = {}, take: () => void = () => undefined) => {
      const answer = await media.serve(
        new Request(`https://a.test${path}`, init),
        path,
        take,
        async () => sight,
      );
      await media.settled();
      return answer;
    };
    return { blobs, cache, cacheOf, get };
  }

  async function filesOf(): Promise<string[]> {
    const all = await readdir(place, { recursive: true });
    return all.filter((name) => name.includes("."));
  }

  afterEach(() => expect(faults).toEqual([]));

  beforeEach(async () => {
    made = await house();
    asked.length = 0;
    files.clear();
    isShown = true;
    sight = "all";
    quota = 1_000_000;
  });

  test("a picture is fetched once, made small, and shown from here ever after", async () => {
    files.set("https://b.test/big", { bytes: picture(1, 400) });
    const path = pathFor("https://b.test/big", "avatar");
    const all = await Promise.all([made.get(path), made.get(path), made.get(path)]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    const first = all[0] as Response;
    expect(first.headers.get("content-type")).toBe("image/webp");
    expect(first.headers.get("content-security-policy")).toContain("sandbox");
    const size = await new Bun.Image(await first.bytes()).metadata();
    expect(size.width).toBe(192);
    const etag = first.headers.get("etag") ?? "";
    const again = await made.get(path, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect((await made.get(path, { method: "HEAD" })).headers.get("content-length")).toBe(
      first.headers.get("content-length"),
    );
    expect(asked).toHaveLength(1);
    expect(await filesOf()).toHaveLength(1);
  });

  test("what is no picture is not shown, whatever its origin calls it, and not asked for again at once", async () => {
    const headers = { "content-type": "image/png" };
    const bodies = ["<svg onload=alert(1)>", "<html>", "", "II*\0"].map((text) => Buffer.from(text));
    for (const [i, bytes] of bodies.entries()) {
      const url = `https://b.test/${i}`;
      files.set(url, { bytes: new Uint8Array(bytes), headers });
      expect((await made.get(pathFor(url))).status).toBe(404);
      expect((await made.get(pathFor(url))).status).toBe(404);
    }
    expect((await made.get(pathFor("https://gone.test/x"))).status).toBe(404);
    expect(asked).toHaveLength(5);
    clock.advance(HOUR_MS);
    expect((await made.get(pathFor("https://gone.test/x"))).status).toBe(404);
    expect(asked).toHaveLength(6);
  });

  test("in place of a face or a header that is not to be had one is drawn; of a picture its words are read", async () => {
    const missing = async (kind: AwayKind) => {
      const answer = await made.get(pathFor(`https://gone.test/${kind}`, kind));
      expect(answer.status).toBe(404);
      return [answer.headers.get("content-type"), (await answer.text()).slice(0, 5)];
    };
    for (const kind of ["avatar", "header"] as const)
      expect(await missing(kind)).toEqual(["image/svg+xml", "<svg "]);
    for (const kind of ["picture", "emoji"] as const)
      expect(await missing(kind)).toEqual(["text/plain; charset=utf-8", "This "]);
  });

  test("what rules or settings hide is neither fetched nor shown, though it was kept", async () => {
    files.set("https://b.test/1", { bytes: picture(1) });
    expect((await made.get(pathFor("https://b.test/1"))).status).toBe(200);
    isShown = false;
    expect((await made.get(pathFor("https://b.test/1"))).status).toBe(404);
    expect((await made.get(pathFor("https://b.test/2"))).status).toBe(404);
    expect(asked).toHaveLength(1);
  });

  test("what is put out of sight is neither fetched nor shown but to the staff, and no cache keeps it", async () => {
    files.set("https://b.test/1", { bytes: picture(1) });
    const path = pathFor("https://b.test/1", "picture", ROW);
    const etag = (await made.get(path)).headers.get("etag") ?? "";
    sight = "nobody";
    for (const headers of [{}, { "if-none-match": etag }])
      expect((await made.get(path, { headers })).status).toBe(404);
    expect((await made.get(pathFor("https://b.test/2", "film", ROW))).status).toBe(404);
    expect(asked).toHaveLength(1);
    sight = "asker";
    const shown = await made.get(path);
    expect([shown.status, shown.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    sight = "all";
    expect((await made.get(path)).headers.get("cache-control")).toBe("public, max-age=86400, s-maxage=3600");
  });

  test("only what must be fetched counts as asking", async () => {
    files.set("https://b.test/1", { bytes: picture(1) });
    let taken = 0;
    const take = () => void taken++;
    await made.get(pathFor("https://b.test/1"), {}, take);
    await made.get(pathFor("https://b.test/1"), {}, take);
    expect(taken).toBe(1);
    const refuse = () => {
      throw new Error("too often");
    };
    await expect(made.get(pathFor("https://b.test/2"), {}, refuse)).rejects.toThrow("too often");
    expect(asked).toHaveLength(1);
  });

  test("the quota is never passed, and what nobody looked at for longest goes first", async () => {
    const url = (i: number) => `https://${i % 3 === 0 ? "b" : i % 3 === 1 ? "c" : "d"}.test/${i}`;
    const bytes = new Uint8Array(1000);
    const id = (i: number) => addresses.read(pathFor(url(i)))?.id ?? "";
    const keep = (i: number) =>
      made.cache.keep(
        { id: id(i), host: new URL(url(i)).host, name: `${String(i).padStart(64, "0")}.png` },
        bytes,
      );
    quota = 10_000;
    for (let i = 0; i < 10; i++) {
      await keep(i);
      clock.advance(HOUR_MS);
    }
    clock.advance(12 * HOUR_MS);
    expect(await made.cache.find(id(0))).not.toBeNull();
    clock.advance(HOUR_MS);
    await Promise.all([10, 11, 13].map(keep));
    expect(await filesOf()).toHaveLength(10);
    const { usedBytes, droppedFiles } = await made.cache.figures();
    expect([usedBytes, droppedFiles]).toEqual([10_000, 3]);
    expect(await made.cache.find(id(0))).not.toBeNull();
    for (const gone of [1, 2, 3]) expect(await made.cache.find(id(gone))).toBeNull();
  });

  test("one server does not drive out all others", async () => {
    quota = 10_000;
    const keep = (host: string, i: number) =>
      made.cache.keep(
        { id: `${host}${i}`, host, name: `${i}${host}`.padStart(64, "a") + ".png" },
        new Uint8Array(1000),
      );
    await keep("b", 0);
    for (let i = 1; i <= 20; i++) await keep("c", i);
    const { hosts } = await made.cache.figures();
    expect(hosts.map(({ host, files }) => [host, files])).toEqual([
      ["c", 9],
      ["b", 1],
    ]);
  });

  test("a smaller quota takes effect, and no quota keeps nothing but still shows", async () => {
    for (const i of [1, 2, 3]) {
      files.set(`https://b.test/${i}`, { bytes: picture(i) });
      await made.get(pathFor(`https://b.test/${i}`));
    }
    const { usedBytes } = await made.cache.figures();
    quota = usedBytes - 1;
    expect((await made.cache.prune()).files).toBe(1);
    quota = 0;
    expect((await made.cache.prune()).files).toBe(2);
    expect(await filesOf()).toEqual([]);
    expect((await made.get(pathFor("https://b.test/1"))).status).toBe(200);
    expect(await filesOf()).toEqual([]);
  });

  test("what a crash leaves is cleared away, and a row whose file is gone is fetched again", async () => {
    files.set("https://b.test/1", { bytes: picture(1) });
    const path = pathFor("https://b.test/1");
    await made.get(path);
    const [kept = ""] = await filesOf();
    await made.blobs.put(`${"ab".repeat(32)}.png`, new Uint8Array([1]));
    await Bun.write(join(place, "unfinished-x"), "half");
    await made.cache.prune();
    expect(await filesOf()).toEqual([kept]);
    await rm(join(place, kept));
    expect((await made.get(path)).status).toBe(200);
    expect(asked).toHaveLength(2);
    expect(await filesOf()).toEqual([kept]);
    expect((await made.cache.figures()).files).toBe(1);
  });

  test("two addresses of one picture share a file, which goes with the last of them", async () => {
    for (const url of ["https://b.test/1", "https://c.test/1"]) {
      files.set(url, { bytes: picture(1) });
      await made.get(pathFor(url));
    }
    expect(await filesOf()).toHaveLength(1);
    const { usedBytes } = await made.cache.figures();
    quota = usedBytes - 1;
    await made.cache.prune();
    expect(await filesOf()).toHaveLength(1);
    await made.cache.clear();
    expect(await filesOf()).toEqual([]);
    expect((await made.cache.figures()).usedBytes).toBe(0);
  });

  test("a node looks after its own files alone", async () => {
    await made.cache.keep({ id: "x", host: "b", name: `${"a".repeat(64)}.png` }, new Uint8Array(10));
    const other = made.cacheOf(1);
    expect(await other.find("x")).toBeNull();
    expect((await other.figures()).usedBytes).toBe(0);
    await other.keep({ id: "x", host: "b", name: `${"b".repeat(64)}.png` }, new Uint8Array(10));
    expect((await made.cache.figures()).usedBytes).toBe(10);
  });

  test("a film passes through in parts, and nothing of it is kept", async () => {
    const film = new Uint8Array(5_000).map((_, i) => i);
    files.set("https://b.test/film", {
      status: 206,
      bytes: film.subarray(1_000, 2_000),
      headers: { "content-type": "video/mp4", "content-range": "bytes 1000-1999/5000" },
    });
    const path = pathFor("https://b.test/film", "film");
    const part = await made.get(path, { headers: { range: "bytes=1000-1999" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 1000-1999/5000"]);
    expect((await part.bytes()).length).toBe(1_000);
    expect(asked[0]?.options?.headers?.range).toBe("bytes=1000-1999");
    const open = await made.get(path, { headers: { range: "bytes=1000-" } });
    expect(asked[1]?.options?.headers?.range).toBe(`bytes=1000-${1000 + 2 * 1024 * 1024 - 1}`);
    expect(open.status).toBe(206);
    // A part that is another than the one asked for would be played as something else.
    expect((await made.get(path, { headers: { range: "bytes=0-" } })).status).toBe(404);

    files.set("https://b.test/sound", { bytes: film, headers: { "content-type": "audio/mpeg" } });
    const whole = await made.get(pathFor("https://b.test/sound", "film"), {
      headers: { range: "bytes=4000-" },
    });
    expect(whole.headers.get("content-range")).toBe("bytes 4000-4999/5000");
    files.set("https://b.test/page", { bytes: film, headers: { "content-type": "text/html" } });
    expect((await made.get(pathFor("https://b.test/page", "film"))).status).toBe(404);
    expect(await filesOf()).toEqual([]);
  });
});
