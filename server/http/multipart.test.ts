/** Forms with files, read as they arrive: as programs write them, and as nobody should. */
import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readForm } from "../../web/files.ts";
import { readParams } from "../api/mastodon/params.ts";
import { spoolForm } from "./multipart.ts";

const folder = await mkdtemp(join(tmpdir(), "spool-"));
afterAll(() => rm(folder, { recursive: true }));

/** The body in pieces of so many bytes. */
function request(body: string | Uint8Array, pieceBytes: number, boundary = "x-y"): Request {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes)
        controller.enqueue(bytes.slice(at, at + pieceBytes));
      controller.close();
    },
  });
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
  return new Request("http://localhost/", { method: "POST", body: stream, headers });
}

async function read(given: Request, maxBytes = 10_000_000): Promise<[string, string][]> {
  const clear = spoolForm(given, { folder, maxBytes });
  try {
    const form = [...(await given.formData())];
    return await Promise.all(
      form.map(async ([name, value]): Promise<[string, string]> => {
        const entry = value as string | File;
        return [name, typeof entry === "string" ? entry : `${entry.name}: ${await entry.text()}`];
      }),
    );
  } finally {
    await clear();
  }
}

const part = (head: string, body: string): string => `--x-y\r\n${head}\r\n\r\n${body}\r\n`;
const field = (name: string, value: string): string =>
  part(`Content-Disposition: form-data; name="${name}"`, value);
const END = "--x-y--\r\n";

describe("a form", () => {
  const body = [
    field("text", "Zeile 1\r\nZeile 2 – ü"),
    part(
      'Content-Disposition: form-data; name="file"; filename="schön %22.txt"\r\nContent-Type: text/plain',
      "--x-\r\n--x-z\r\nnearly",
    ),
    field("empty", ""),
    END,
  ].join("");

  test("is the same in pieces of every size", async () => {
    const whole = await read(request(body, body.length));
    expect(whole).toEqual([
      ["text", "Zeile 1\r\nZeile 2 – ü"],
      ["file", 'schön ".txt: --x-\r\n--x-z\r\nnearly'],
      ["empty", ""],
    ]);
    for (const size of [1, 2, 3, 7, 16, 50]) expect(await read(request(body, size))).toEqual(whole);
  });

  test("is as the platform itself reads it", async () => {
    const given = new FormData();
    given.append("a", "1");
    given.append("a", "2");
    given.append("file", new File(["\r\n--", new Uint8Array([0, 255, 13, 10])], 'na"me.bin'));
    const plain = new Request("http://localhost/", { method: "POST", body: given });
    const bytes = new Uint8Array(await plain.clone().arrayBuffer());
    const boundary = /boundary=(.*)$/.exec(plain.headers.get("content-type") ?? "")?.[1] ?? "";
    const theirs = await plain.formData();
    const ours = request(bytes, 5, boundary);
    const clear = spoolForm(ours, { folder, maxBytes: 1_000 });
    const form = await ours.formData();
    expect(form.getAll("a")).toEqual(theirs.getAll("a"));
    const [one, two] = [form.get("file") as File, theirs.get("file") as File];
    expect(new Uint8Array(await one.arrayBuffer())).toEqual(new Uint8Array(await two.arrayBuffer()));
    expect(one.name).toBe('na"me.bin');
    await clear();
  });

  test("may name its files as RFC 8187 does, or leave quotes away", async () => {
    const named = [
      part("Content-Disposition: form-data; name=file; filename*=UTF-8''sch%C3%B6n.txt", "x"),
      part("content-disposition: form-data; NAME=file; filename=plain.txt", "y"),
      END,
    ].join("");
    expect(await read(request(named, 9))).toEqual([
      ["file", "schön.txt: x"],
      ["file", "plain.txt: y"],
    ]);
  });

  test.each([
    ["nothing", ""],
    ["no end", field("a", "b")],
    ["an end in the middle of a head", "--x-y\r\nContent-Disposition: form-data; na"],
    ["a part without a name", part("Content-Disposition: form-data", "x") + END],
    ["words after a delimiter", "--x-y and more\r\n\r\nx"],
    ["a head without end", `--x-y\r\n${"a".repeat(40_000)}`],
  ])("with %s is refused", (_what, broken) =>
    expect(read(request(broken, 1_000))).rejects.toMatchObject({ code: "invalid" }),
  );

  test("with too many bytes, words or parts is refused", async () => {
    const cases: [body: string, maxBytes: number, code: string][] = [
      [
        part('Content-Disposition: form-data; name="file"; filename="a"', "x".repeat(200_000)) + END,
        50_000,
        "too-large",
      ],
      [field("a", "x".repeat(1_000_001)) + END, 10_000_000, "too-large"],
      [field("a", "").repeat(1_001) + END, 10_000_000, "invalid"],
    ];
    for (const [given, maxBytes, code] of cases)
      await expect(read(request(given, 60_000), maxBytes)).rejects.toMatchObject({ code });
  });
});

test("many small files lie on the disk too, but for the first of them", async () => {
  const small = part('Content-Disposition: form-data; name="file"; filename="a.bin"', "x".repeat(200_000));
  const given = request(small.repeat(20) + END, 64_000);
  const clear = spoolForm(given, { folder, maxBytes: 10_000_000 });
  const files = (await given.formData()).getAll("file") as unknown as File[];
  expect(files.map(({ size }) => size)).toEqual(Array.from({ length: 20 }, () => 200_000));
  expect(await files.at(-1)?.text()).toBe("x".repeat(200_000));
  expect(await readdir(folder)).toHaveLength(15);
  await clear();
  expect(await readdir(folder)).toEqual([]);
});

describe("a large file", () => {
  const content = "0123456789".repeat(100_000);
  const body = part('Content-Disposition: form-data; name="file"; filename="film.mp4"', content) + END;

  test("lies on the disk until the request is answered", async () => {
    const given = request(body, 64_000);
    const clear = spoolForm(given, { folder, maxBytes: 2_000_000 });
    const file = (await given.formData()).get("file") as File;
    expect([file.name, file.size]).toEqual(["film.mp4", content.length]);
    expect(await readdir(folder)).toHaveLength(1);
    expect(await file.slice(999_995).text()).toBe("56789");
    await clear();
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["pages", readForm],
    ["apps", readParams],
  ])("for which there is no room is told so to %s, and leaves nothing behind", async (_, reader) => {
    const handle = await open(join(folder, "probe"), "w");
    const write = spyOn(Object.getPrototypeOf(handle) as typeof handle, "write");
    write.mockRejectedValue(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
    const given = request(body, 64_000);
    const clear = spoolForm(given, { folder, maxBytes: 2_000_000 });
    try {
      await expect(reader(given)).rejects.toMatchObject({ code: "full" });
    } finally {
      await clear();
      write.mockRestore();
      await handle.close();
      await rm(join(folder, "probe"));
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test("that breaks off leaves nothing behind", async () => {
    await expect(read(request(body.slice(0, 600_000), 64_000))).rejects.toMatchObject({ code: "invalid" });
    expect(await readdir(folder)).toEqual([]);
  });
});
