/** Pictures that move, in the formats that only browsers can draw whole. */
import { describe, expect, test } from "bun:test";
import { readPicture } from "./animation.ts";
import { makePicture, makeSmall } from "./image.ts";
import { impressionOf } from "./preview.ts";

const SECRET = "GPS 47.1 8.5";
const [WIDTH, HEIGHT] = [80, 40];

const chunk = (type: string, data: Uint8Array): Buffer => {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};

/** RFC 9649 §2.7: sizes are one less than they are, in three bytes. */
const size = (width: number, height: number): Buffer => {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntLE(width - 1, 0, 3);
  bytes.writeUIntLE(height - 1, 3, 3);
  return bytes;
};

/** The chunk with the picture of a still WebP of one grey. */
async function frame(): Promise<Buffer> {
  const row = Buffer.alloc(WIDTH * 3, 90);
  const head = Buffer.alloc(54);
  head.write("BM", "latin1");
  head.writeUInt32LE(54 + row.length * HEIGHT, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, WIDTH],
    [22, HEIGHT],
  ] as const)
    head.writeUInt32LE(value, at);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const bitmap = Buffer.concat([head, ...Array<Buffer>(HEIGHT).fill(row)]);
  const still = Buffer.from(await new Bun.Image(bitmap).webp({ lossless: true }).bytes());
  const at = still.indexOf("VP8L");
  return still.subarray(at, at + 8 + still.readUInt32LE(at + 4) + (still.readUInt32LE(at + 4) % 2));
}

async function animatedWebp(frames: number): Promise<Uint8Array> {
  const place = Buffer.alloc(6);
  const lasting = Buffer.from([200, 0, 0, 0]);
  const shown = chunk("ANMF", Buffer.concat([place, size(WIDTH, HEIGHT), lasting, await frame()]));
  const chunks = Buffer.concat([
    chunk("VP8X", Buffer.concat([Buffer.from([0x02 | 0x08, 0, 0, 0]), size(WIDTH, HEIGHT)])),
    chunk("ANIM", Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(shown),
    chunk("EXIF", Buffer.from(SECRET)),
  ]);
  return new Uint8Array(chunk("RIFF", Buffer.concat([Buffer.from("WEBP"), chunks])));
}

test("a WebP that moves goes on moving, and says nothing else", async () => {
  const made = await makePicture(await animatedWebp(3), "webp");
  expect(made).toMatchObject({ extension: "webp", width: WIDTH, height: HEIGHT });
  const bytes = Buffer.from(made.bytes);
  expect(bytes.toString("latin1").split("ANMF")).toHaveLength(4);
  expect(bytes.includes(SECRET)).toBe(false);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
});

test("a WebP that moves stands still in its preview, and where it is too large", async () => {
  const made = await makePicture(await animatedWebp(2), "webp");
  const { preview, blurhash } = await impressionOf(made);
  expect(preview).toMatchObject({ extension: "webp", width: WIDTH, height: HEIGHT });
  expect(blurhash).not.toBeNull();
  const small = await makeSmall(await animatedWebp(2), "webp", 20, 10);
  expect(small).toMatchObject({ extension: "webp", width: 20, height: 10 });
  expect(readPicture(small.bytes, "webp")?.isMoving).toBe(false);
});

test("a WebP with a single frame is a still", async () => {
  const made = await makePicture(await animatedWebp(1), "webp");
  expect(made).toMatchObject({ extension: "webp", width: WIDTH, height: HEIGHT });
  expect(readPicture(made.bytes, "webp")?.isMoving).toBe(false);
});

test("what is only shown small moves up to a megabyte, and stands still beyond", async () => {
  const webp = await animatedWebp(2);
  expect(readPicture((await makePicture(webp, "webp", 40)).bytes, "webp")?.isMoving).toBe(true);
  const large = Buffer.concat([webp, chunk("ANMF", Buffer.alloc(1_100_000))]);
  large.writeUInt32LE(large.length - 8, 4);
  expect(readPicture((await makePicture(large, "webp")).bytes, "webp")?.isMoving).toBe(true);
  const still = await makePicture(large, "webp", 40);
  expect(still).toMatchObject({ width: 40, height: 20 });
  expect(readPicture(still.bytes, "webp")?.isMoving).toBe(false);
});

test("a GIF without its last byte is taken, and has it afterwards", async () => {
  const head = Buffer.from("47494638396101000100800000000000ffffff", "hex");
  const shown = Buffer.from("21f90400000000002c00000000010001000002024401", "hex");
  const cut = Buffer.concat([head, shown, Buffer.from([0]), shown, Buffer.from([0])]);
  const made = await makePicture(cut, "gif");
  expect(made).toMatchObject({ extension: "gif", width: 1, height: 1 });
  expect(Buffer.from(made.bytes).equals(Buffer.concat([cut, Buffer.from(";")]))).toBe(true);
  await expect(makePicture(cut.subarray(0, -1), "gif")).rejects.toThrow("damaged");
});

test("what a picture is read from stays as it was", async () => {
  const given = Buffer.from(await animatedWebp(2));
  const before = Buffer.from(new Uint8Array(given));
  readPicture(given, "webp");
  expect(given.equals(before)).toBe(true);
});

describe("a GIF that moves", () => {
  /** Frames of one point on a canvas; the first stands at a place of its own. */
  const gif = (canvas: readonly [number, number], at: readonly [number, number], frames = 2): Uint8Array => {
    const words = (...numbers: readonly number[]) => Buffer.from(new Uint16Array(numbers).buffer);
    const point = (...place: readonly number[]) =>
      Buffer.concat([Buffer.of(0x2c), words(...place, 1, 1), Buffer.of(0, 2, 2, 0x44, 1, 0)]);
    return Buffer.concat([
      Buffer.from("GIF89a"),
      words(...canvas),
      Buffer.of(0x80, 0, 0, 255, 255, 255, 0, 0, 0),
      point(...at),
      ...Array<Buffer>(frames - 1).fill(point(0, 0)),
      Buffer.of(0x3b),
    ]);
  };

  test("is as large as what it is drawn on, not as its first frame", async () => {
    const { width, height, extension } = await makePicture(gif([100, 50], [10, 10]), "gif");
    expect([width, height, extension]).toEqual([100, 50, "gif"]);
    expect(await makePicture(gif([0, 0], [6, 3]), "gif")).toMatchObject({ width: 7, height: 4 });
  });

  test("is refused where its readers would draw on a field of billions of points", async () => {
    const tooLarge = { code: "too-large", message: expect.stringContaining("25 million pixels") };
    for (const bytes of [gif([65_535, 65_535], [0, 0]), gif([1, 1], [60_000, 60_000])]) {
      await expect(makePicture(bytes, "gif")).rejects.toMatchObject(tooLarge);
      await expect(makeSmall(bytes, "gif", 640, 1_000_000)).rejects.toMatchObject(tooLarge);
    }
  });
});
