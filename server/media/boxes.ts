/** The boxes of MP4 and QuickTime files (ISO 14496-12 §4.2), walked through without reading what is in them. */
import { type Source, textAt, viewOf } from "./source.ts";

export interface Box {
  readonly type: string;
  /** Where the box begins, where its content does, and where it ends. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** A film of an hour has some thousands; more is no film. */
const MAX_BOXES = 50_000;

/**
 * The boxes between two places, in order, and no more than `most`. Ends where something is damaged: players skip the rest
 * too. What was cut short ends where it was cut.
 */
export async function* boxesIn(
  source: Source,
  from = 0,
  to = source.sizeBytes,
  most = MAX_BOXES,
): AsyncGenerator<Box> {
  let at = from;
  for (let count = 0; count < most && at + 8 <= to; count++) {
    const head = await source.read(at, 16);
    if (head.length < 8) return;
    const view = viewOf(head);
    const short = view.getUint32(0);
    const hasLong = short === 1 && head.length >= 16;
    const size = hasLong ? Number(view.getBigUint64(8)) : short === 0 ? to - at : short;
    const headSize = hasLong ? 16 : 8;
    if (size < headSize || at + headSize > to) return;
    yield { type: textAt(head, 4, 4), at, from: at + headSize, to: Math.min(at + size, to) };
    at += size;
  }
}
