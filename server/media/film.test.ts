/** What films say besides what they show: taken out, wherever it stands and however they end. */
import { expect, test } from "bun:test";
import { blankFilmMetadata } from "./film.ts";
import { sourceOfBytes } from "./source.ts";

const SECRET = "GPS 47.1 8.5";
const text = (value: string): Uint8Array => Buffer.from(value, "latin1");

function box(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
  head.write(type, 4, "latin1");
  return Buffer.concat([head, ...content]);
}

async function blanked(...parts: readonly Uint8Array[]): Promise<string> {
  const bytes = Buffer.concat([box("ftyp", text("isom\0\0\0\0")), ...parts]);
  const before = bytes.length;
  await blankFilmMetadata(sourceOfBytes(bytes));
  expect(bytes).toHaveLength(before);
  return bytes.toString("latin1");
}

const moov = box("moov", box("trak", box("udta", text(SECRET))), box("meta", text(SECRET)));

test.each([
  ["is whole", [moov]],
  ["was cut short", [moov.subarray(0, -1)]],
  ["was cut short in its place", [box("moov", box("trak", box("udta", text(SECRET)).subarray(0, -2)))]],
  ["has more boxes than players look at", [...Array<Uint8Array>(60_000).fill(box("free")), moov]],
])("a film that %s says nothing of its place", async (_, parts) => {
  expect(await blanked(...parts)).not.toContain(SECRET.slice(0, -2));
});

test.each([
  [0, 2],
  [1, 4],
])("a film of version %d does not say when it was made", async (version, words) => {
  const times = Array<Uint8Array>(words).fill(text("when"));
  const fields = Buffer.concat([Uint8Array.of(version, 0, 0, 0), ...times, text("kept")]);
  const [movie, track, medium] = ["mvhd", "tkhd", "mdhd"].map((type) => box(type, fields));
  if (!movie || !track || !medium) throw new Error("There are three.");
  const film = await blanked(
    box("moov", movie, box("trak", track, box("mdia", medium))),
    box("mdat", text("sound and pictures")),
  );
  expect([film.includes("when"), film.split("kept").length]).toEqual([false, 4]);
  expect(film).toContain("sound and pictures");
});
