/** How long and large films and sounds are, out of headers made by hand, and of files made by ffmpeg. */
import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFfmpeg, makeFilms } from "../testing/ffmpeg.ts";
import { measure } from "./measure.ts";
import { sourceOfBytes, withFile } from "./source.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replace(/\s/g, ""), "hex");
const text = (value: string): Uint8Array => Buffer.from(value, "latin1");
const zeros = (count: number): Uint8Array => new Uint8Array(count);
const join2 = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const u32 = (...values: number[]): Uint8Array => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => void bytes.writeUInt32BE(value, i * 4));
  return bytes;
};
const le32 = (...values: number[]): Uint8Array => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => void bytes.writeUInt32LE(value, i * 4));
  return bytes;
};
const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const inner = join2(...content);
  return join2(u32(8 + inner.length), text(type), inner);
};

/** Of 90 s at 600 ticks a second; `turn` is the first half of its matrix. */
const mp4 = (turn: Uint8Array): Uint8Array =>
  join2(
    box("ftyp", text("isom\0\0\0\0")),
    box("mdat", text("pictures")),
    box(
      "moov",
      box("mvhd", u32(0, 0, 0, 600, 54_000), zeros(80)),
      // Sound has no size.
      box("trak", box("tkhd", zeros(84))),
      box("trak", box("tkhd", zeros(40), turn, zeros(36 - turn.length), u32(640 << 16, 360 << 16))),
    ),
  );

const UPRIGHT = u32(0x10000, 0, 0, 0, 0x10000);
const TURNED = u32(0, 0x10000, 0, 0xffff0000, 0);

test.each([
  ["mp4", "as it is", mp4(UPRIGHT), 90_000, 640, 360],
  ["mov", "turned by a phone", mp4(TURNED), 90_000, 360, 640],
  ["m4a", "heard alone", mp4(UPRIGHT), 90_000, null, null],
  [
    "webm",
    "with the lengths of its parts unknown",
    join2(
      hex("1a45dfa3 84 4286 81 01"),
      hex("18538067 01ffffffffffffff"),
      hex("1549a966 90 2ad7b1 83 0f4240 4489 88 40d8 3800 0000 0000"),
      hex("1654ae6b 8d ae 8b e0 89 b0 82 0280 ba 82 0168"),
    ),
    24_800,
    640,
    360,
  ],
  [
    "wav",
    "of one second",
    join2(
      text("RIFF\0\0\0\0WAVEfmt "),
      le32(16, 0x10001, 8_000, 8_000, 0x80001),
      text("data"),
      le32(8_000),
      zeros(8_000),
    ),
    1_000,
    null,
    null,
  ],
  [
    "flac",
    "of two seconds",
    join2(text("fLaC\0\0\0\x22"), zeros(10), hex("0ac442f0 00015888"), zeros(16)),
    2_000,
    null,
    null,
  ],
  [
    "mp3",
    "that counts its frames",
    join2(
      text("ID3\x04\0\0\0\0\0\x02"),
      zeros(2),
      hex("fffb9000"),
      zeros(32),
      text("Xing"),
      u32(1, 100),
      zeros(20),
    ),
    2_612,
    null,
    null,
  ],
  ["mp3", "of one rate", join2(hex("fffb9000"), zeros(15_996)), 1_000, null, null],
] as const)("%s %s", async (extension, _what, bytes, durationMs, width, height) => {
  expect(await measure(sourceOfBytes(bytes as Uint8Array), extension)).toEqual({ durationMs, width, height });
});

test("what is damaged or lies is not known, and ends soon", async () => {
  const whole = mp4(UPRIGHT);
  for (const extension of ["mp4", "webm", "ogg", "ogv", "mp3", "wav", "flac", "aac"])
    for (let cut = 0; cut < whole.length; cut += 13) {
      const found = await measure(sourceOfBytes(whole.subarray(0, cut)), extension);
      expect(Object.values(found).every((value) => value === null || value > 0)).toBe(true);
    }
  const endless = join2(box("moov", box("mvhd", u32(0, 0, 0, 0, 1), zeros(80))), u32(0), text("free"));
  expect(await measure(sourceOfBytes(endless), "mp4")).toEqual({
    durationMs: null,
    width: null,
    height: null,
  });
});

const ffmpeg = findFfmpeg();
const folder = await mkdtemp(join(tmpdir(), "films-"));
afterAll(() => rm(folder, { recursive: true }));

test.skipIf(ffmpeg === null)("real films and sounds are as long and large as they are", async () => {
  const sound = ["-map", "1:a"];
  await makeFilms(ffmpeg ?? "", folder, {
    "a.mp4": ["-c:v", "mpeg4", "-c:a", "aac"],
    "a.webm": ["-c:v", "libvpx", "-c:a", "libopus", "-b:v", "50k"],
    "a.ogv": ["-c:v", "libtheora", "-c:a", "libvorbis"],
    "a.mp3": [...sound, "-c:a", "libmp3lame"],
    "b.mp3": [...sound, "-c:a", "libmp3lame", "-write_xing", "0"],
    "a.wav": sound,
    "a.flac": sound,
    "a.ogg": [...sound, "-c:a", "libvorbis"],
    "b.ogg": [...sound, "-c:a", "libopus"],
    "a.m4a": [...sound, "-c:a", "aac"],
  });
  for (const name of [
    "a.mp4",
    "a.webm",
    "a.ogv",
    "a.mp3",
    "b.mp3",
    "a.wav",
    "a.flac",
    "a.ogg",
    "b.ogg",
    "a.m4a",
  ]) {
    const extension = name.slice(2);
    const found = await withFile(join(folder, name), "r", (file) => measure(file, extension));
    const isFilm = ["mp4", "webm", "ogv"].includes(extension);
    expect([name, found.width, found.height]).toEqual([name, isFilm ? 96 : null, isFilm ? 64 : null]);
    expect([name, Math.abs((found.durationMs ?? 0) - 2_000) < 100]).toEqual([name, true]);
  }
});
