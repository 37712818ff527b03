/** Pictures that move, in the formats that only browsers can draw whole. */
import { expect, test } from "bun:test";
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
