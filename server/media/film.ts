/** Films and sound in MP4 boxes: place, time and maker are blanked out, nothing else changes (ISO 14496-12 §4.2). */
import { Problem } from "../lib/problem.ts";
import { type Box, boxesIn } from "./boxes.ts";
import type { Editable } from "./source.ts";

/** Boxes that hold others on the way to the metadata. */
const CONTAINERS: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "minf", "moof", "traf"]);
/** Boxes that hold nothing but metadata, wherever they stand. */
const METADATA: ReadonlySet<string> = new Set(["udta", "meta", "uuid"]);
/** Boxes that begin with when they were made and changed last: version and flags, then two times (§8.2.2, §8.3.2, §8.4.2). */
const TIMED: ReadonlySet<string> = new Set(["mvhd", "tkhd", "mdhd"]);
/** Of both times, by version. */
const TIMES_BYTES = [8, 16] as const;
/** `moov/trak/mdia/minf` is four deep. */
const MAX_DEPTH = 6;
/** Zeros written at a time. */
const PIECE = new Uint8Array(64 * 1024);

/**
 * In the whole film, each of which is a read: an hour that was recorded in pieces of a second has some 25 000, and a file
 * of nothing but empty boxes five million.
 */
const MAX_BOXES = 100_000;

/**
 * Makes of every metadata box free space of the same length, so that no offset moves. Throws Problem `invalid` where there
 * are more boxes than a film has: what was not looked at might tell a place.
 */
export const blankFilmMetadata = (film: Editable): Promise<void> =>
  blank(film, { from: 0, to: film.sizeBytes }, MAX_DEPTH, { boxes: 0 });

async function blank(
  film: Editable,
  { from, to }: Pick<Box, "from" | "to">,
  depth: number,
  seen: { boxes: number },
): Promise<void> {
  for await (const box of boxesIn(film, from, to, MAX_BOXES + 1)) {
    if (++seen.boxes > MAX_BOXES) throw tooManyBoxes();
    if (METADATA.has(box.type)) {
      await film.write(box.at + 4, FREE);
      await clear(film, box.from, box.to);
    } else if (TIMED.has(box.type)) {
      const [version = 0] = await film.read(box.from, 1);
      const times = box.from + 4;
      await clear(film, times, Math.min(times + TIMES_BYTES[version === 1 ? 1 : 0], box.to));
    } else if (CONTAINERS.has(box.type) && depth > 0) {
      await blank(film, box, depth - 1, seen);
    }
  }
}

async function clear(film: Editable, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PIECE.length)
    await film.write(at, PIECE.subarray(0, Math.min(PIECE.length, to - at)));
}

const FREE = new TextEncoder().encode("free");

const tooManyBoxes = (): Problem =>
  new Problem("invalid", "This film is in too many pieces. Save it again, then send that.", {
    field: "file",
    reason: "unsupported-media-type",
  });
