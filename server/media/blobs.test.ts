/** What every place for blobs must do. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemNow } from "../lib/clock.ts";
import { startS3 } from "../testing/s3.ts";
import { type Blobs, moveBlobs, withEarlier } from "./blobs.ts";
import { bucketOf } from "./bucket.ts";
import { createDiskBlobs } from "./disk.ts";
import { createS3Blobs } from "./s3.ts";
import { serveFile } from "./serve.ts";

const folder = await mkdtemp(join(tmpdir(), "blobs-"));
await mkdir(join(folder, "s3"));
const s3 = await startS3(join(folder, "s3"), "files");
afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true });
});

const inBucket = (url: string): Blobs =>
  createS3Blobs({
    bucket: bucketOf(
      `${url}?endpoint=${encodeURIComponent(s3.endpoint)}&region=us-east-1&public=https://cdn.test/pub`,
    ),
    accessKeyId: s3.accessKeyId,
    secretAccessKey: s3.secretAccessKey,
  });

const places: Readonly<Record<string, Blobs>> = {
  disk: createDiskBlobs(join(folder, "disk")),
  s3: inBucket("s3://files/of/people"),
};
const NAME = `${"0123456789abcdef".repeat(4)}.bin`;
const bytes = new TextEncoder().encode("some bytes");
const textOf = async (part: BodyInit | undefined): Promise<string> => new Response(part ?? "none").text();

const namesIn = async (blobs: Blobs) => (await Array.fromAsync(blobs.list())).map(({ name }) => name);

for (const [place, blobs] of Object.entries(places)) {
  describe(place, () => {
    test("what was put is found whole, and in part", async () => {
      await blobs.put(NAME, bytes);
      const found = await blobs.find(NAME);
      expect(found?.sizeBytes).toBe(10);
      expect(await found?.blob.text()).toBe("some bytes");
      expect(await found?.blob.slice(5, 10).text()).toBe("bytes");
      expect(await textOf(await found?.part(0, 10))).toBe("some bytes");
      expect(await textOf(await found?.part(2, 6))).toBe("me b");
    });

    test("the same name again changes nothing", async () => {
      await Promise.all([blobs.put(NAME, bytes), blobs.put(NAME, bytes)]);
      expect((await blobs.find(NAME))?.sizeBytes).toBe(10);
    });

    test("a file of this machine is taken away once it is kept, also where it is there already", async () => {
      const name = `${"a".repeat(64)}.mp4`;
      const path = join(folder, `film ${place}`);
      const content = "0123456789".repeat(900_000);
      for (const text of [content, "another"]) {
        await Bun.write(path, text);
        await blobs.put(name, { path });
        expect(await Bun.file(path).exists()).toBe(false);
      }
      const found = await blobs.find(name);
      expect(found?.sizeBytes).toBe(content.length);
      expect(await textOf(await found?.part(1, content.length))).toHaveLength(content.length - 1);
      expect(await textOf(await found?.part(8_999_995, content.length))).toBe("56789");
      await blobs.remove(name);
    });

    test("what is removed is gone, and removing it again is no fault", async () => {
      await blobs.put(NAME, bytes);
      await blobs.remove(NAME);
      await blobs.remove(NAME);
      expect(await blobs.find(NAME)).toBeNull();
    });

    test("all that is kept can be told, and what is half put is cleared away", async () => {
      const other = `${"f".repeat(64)}.bin`;
      const beforeMs = systemNow() - 2_000;
      await Promise.all([blobs.put(NAME, bytes), blobs.put(other, bytes)]);
      await blobs.removeUnfinished(Number.POSITIVE_INFINITY);
      expect((await namesIn(blobs)).sort()).toEqual([NAME, other]);
      for await (const { sizeBytes, keptMs } of blobs.list())
        expect([sizeBytes, keptMs > beforeMs]).toEqual([10, true]);
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
  expect((await readdir(join(folder, "disk"))).filter((name) => name.startsWith("unfinished"))).toEqual([]);
});

test("what was begun lately is not cleared away: somebody is at it", async () => {
  const unfinished = join(folder, "disk", "unfinished-x");
  await Bun.write(unfinished, "half");
  await places.disk?.removeUnfinished(systemNow() - 60_000);
  expect(await Bun.file(unfinished).exists()).toBe(true);
  await places.disk?.removeUnfinished(systemNow() + 60_000);
  expect(await Bun.file(unfinished).exists()).toBe(false);
});

// s3rver cannot do this under Bun: it hides where a page ends with a cipher that is too old.
test("more files than a bucket lists at once are all told", async () => {
  const names = ["a", "b", "c"].map((letter) => `${letter.repeat(64)}.txt`);
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      const after = new URL(request.url).searchParams.get("start-after") ?? "";
      const [key = "", ...more] = names
        .map((name) => `${name.slice(0, 2)}/${name}`)
        .filter((each) => each > after);
      return new Response(
        `<ListBucketResult><Name>b</Name><IsTruncated>${more.length > 0}</IsTruncated><Contents><Key>${key}</Key>
          <LastModified>2026-11-22T10:00:00.000Z</LastModified><Size>5</Size></Contents></ListBucketResult>`,
        { headers: { "content-type": "application/xml" } },
      );
    },
  });
  const bucket = bucketOf(`s3://b?endpoint=http://127.0.0.1:${server.port}`);
  const many = createS3Blobs({ bucket, accessKeyId: "x", secretAccessKey: "y" });
  expect(await namesIn(many)).toEqual(names);
  await server.stop(true);
});

test("a bucket says where anybody may read a file without us", async () => {
  await places.s3?.put(NAME, bytes);
  expect((await places.s3?.find(NAME))?.publicUrl).toBe(`https://cdn.test/pub/01/${NAME}`);
  await places.disk?.put(NAME, bytes);
  expect((await places.disk?.find(NAME))?.publicUrl).toBeNull();
});

test("a bucket that refuses or is away is a problem in words", async () => {
  const wrong = inBucket("s3://nobody");
  await expect(wrong.put(NAME, bytes)).rejects.toMatchObject({ code: "upstream" });
  const away = bucketOf("s3://files?endpoint=http://127.0.0.1:1");
  const nowhere = createS3Blobs({ bucket: away, accessKeyId: "x", secretAccessKey: "y" });
  await expect(nowhere.find(NAME)).rejects.toMatchObject({ code: "upstream" });
  await expect(namesIn(wrong)).rejects.toMatchObject({ code: "upstream" });
});

describe("a bucket that takes every connection and never says a word", () => {
  const local = join(folder, "silent film");
  const questions: Readonly<Record<string, (bucket: string) => Promise<unknown>>> = {
    "to find": (bucket) => inSilence(bucket).find(NAME),
    "to remove": (bucket) => inSilence(bucket).remove(NAME),
    "to list": (bucket) => namesIn(inSilence(bucket)),
    "to put": (bucket) => inSilence(bucket).put(NAME, bytes),
    "to put a film": async (bucket) => {
      await Bun.write(local, "film");
      await inSilence(bucket).put(NAME, { path: local });
    },
  };
  /** Of the bucket `empty` it says, if nothing else, that nothing is there: only then is anything sent. */
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (sent) => {
      if (sent.toString("latin1").startsWith("HEAD /empty/"))
        socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    });
  });
  beforeAll(async () => void (await once(silent.listen(0, "127.0.0.1"), "listening")));
  afterAll(() => void silent.close());

  function inSilence(name: string): Blobs {
    const { port } = silent.address() as AddressInfo;
    const bucket = bucketOf(`s3://${name}?endpoint=http://127.0.0.1:${port}`);
    return createS3Blobs({ bucket, accessKeyId: "x", secretAccessKey: "y", answerMs: 50 });
  }
  const noAnswer = { code: "upstream", message: expect.stringContaining("does not answer") };

  test.each(Object.keys(questions))("is given up when it is asked %s", async (what) => {
    for (const bucket of what.startsWith("to put") ? ["files", "empty"] : ["files"])
      await expect(questions[what]?.(bucket)).rejects.toMatchObject(noAnswer);
  });

  test("is asked no more than a part of what may go out at once", async () => {
    let connections = 0;
    silent.on("connection", () => connections++);
    const blobs = inSilence("files");
    const asked = Array.from({ length: 100 }, () => blobs.find(NAME));
    for (const { status, reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[])
      expect([status, reason]).toEqual(["rejected", expect.objectContaining({ code: "upstream" })]);
    expect(connections).toBeLessThanOrEqual(64);
  });
});

test("a bucket that falls silent within a large file breaks the answer off, and says so", async () => {
  const half = 5_000_000;
  const server = Bun.serve({
    port: 0,
    fetch: ({ method }) =>
      method === "HEAD"
        ? new Response(null, { headers: { "content-length": String(2 * half) } })
        : new Response(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(half)) }), {
            status: 206,
          }),
  });
  const bucket = bucketOf(`s3://b?endpoint=http://127.0.0.1:${server.port}`);
  const blobs = createS3Blobs({ bucket, accessKeyId: "x", secretAccessKey: "y", answerMs: 200 });
  const found = await blobs.find(NAME);
  const reading = textOf(await found?.part(0, 2 * half));
  await expect(reading).rejects.toMatchObject({ code: "upstream" });
  await server.stop(true);
});

test.each([
  ["s3://bucket", { name: "bucket", prefix: "", endpoint: null, region: null, publicUrl: null }],
  [
    "s3://b/a/b/?endpoint=https://s3.example&region=eu&public=https://cdn.example",
    {
      name: "b",
      prefix: "a/b/",
      endpoint: "https://s3.example",
      region: "eu",
      publicUrl: "https://cdn.example/",
    },
  ],
])("%p is a bucket", (url, bucket) => expect(bucketOf(url)).toEqual(bucket));

test.each(["bucket", "https://a.test/", "s3:///x", "s3://b?endpiont=https://a.test", "s3://b?public=cdn"])(
  "%p is none",
  (url) => expect(() => bucketOf(url)).toThrow(/^(must|has) /),
);

test("after moving to a bucket what lay on the disk is still found, and carried over file by file", async () => {
  const [disk, bucket] = [createDiskBlobs(join(folder, "old")), inBucket("s3://files/new")];
  const names = ["1", "2", "3"].map((digit) => `${digit.repeat(64)}.txt`);
  for (const name of names) await disk.put(name, bytes);
  const both = withEarlier(bucket, disk);
  expect((await both.find(names[0] ?? ""))?.localPath).toContain("old");
  // One was carried before, when the power went.
  await bucket.put(names[1] ?? "", bytes);
  expect(await moveBlobs(disk, bucket)).toBe(3);
  expect([await namesIn(disk), (await namesIn(bucket)).sort()]).toEqual([[], names]);
  expect((await both.find(names[0] ?? ""))?.localPath).toBeNull();
  await both.remove(names[2] ?? "");
  expect((await namesIn(both)).sort()).toEqual(names.slice(0, 2));
});

test("a reader is led to a public bucket for what is shown, and saves from here what is saved", async () => {
  const [image, document] = [`${"9".repeat(64)}.jpg`, `${"9".repeat(64)}.pdf`];
  const place = inBucket("s3://files");
  for (const name of [image, document]) await place.put(name, bytes);
  const get = (name: string) =>
    serveFile(place, async () => "all", new Request(`http://localhost/media/${name}`), `/media/${name}`);
  const led = await get(image);
  expect([led.status, led.headers.get("location")]).toEqual([302, `https://cdn.test/pub/99/${image}`]);
  const saved = await get(document);
  expect([saved.status, saved.headers.get("content-length"), await saved.text()]).toEqual([
    200,
    "10",
    "some bytes",
  ]);
  expect(saved.headers.get("content-disposition")).toStartWith("attachment");
});
