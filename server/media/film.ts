/** Films and sound in MP4 boxes: place, time and maker are blanked out, nothing else changes (ISO 14496-12 §4.2). */
import { boxesIn } from "./boxes.ts";
import type { Editable } from "./source.ts";

/** Boxes that hold others on the way to the metadata. */
const CONTAINERS: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "minf", "moof", "traf"]);
/** Boxes that hold nothing but metadata, wherever they stand. */
const METADATA: ReadonlySet<string> = new Set(["udta", "meta", "uuid"]);
/** `moov/trak/mdia/minf` is four deep. */
const MAX_DEPTH = 6;
/** Zeros written at a time. */
const PIECE = new Uint8Array(64 * 1024);

/** Makes of every metadata box free space of the same length, so that no offset moves. */
export const blankFilmMetadata = (film: Editable): Promise<void> => blank(film, 0, film.sizeBytes, MAX_DEPTH);

async function blank(film: Editable, from: number, to: number, depth: number): Promise<void> {
  for await (const box of boxesIn(film, from, to)) {
    if (METADATA.has(box.type)) {
      await film.write(box.at + 4, FREE);
      for (let at = box.from; at < box.to; at += PIECE.length)
        await film.write(at, PIECE.subarray(0, Math.min(PIECE.length, box.to - at)));
    } else if (CONTAINERS.has(box.type) && depth > 0) {
      await blank(film, box.from, box.to, depth - 1);
    }
  }
}

const FREE = new TextEncoder().encode("free");
