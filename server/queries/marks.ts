/** What a viewer keeps of single things besides what every view says. */
import type { Db } from "../storage/db.ts";
import { findMutedThreads, findPinned } from "./store-marks.ts";

export interface KeptMarks {
  /** At the top of the viewer's own page. */
  readonly isPinned: boolean;
  /** In a conversation of which the viewer wants to hear nothing more. */
  readonly isMuted: boolean;
}

export interface MarkReads {
  /** Of these things (keys) those that have a mark. */
  marks(viewer: number, keys: readonly number[]): Promise<ReadonlyMap<number, KeptMarks>>;
}

export const createMarkReads = ({ db }: { db: Db }): MarkReads => ({
  async marks(viewer, keys) {
    const [pinned, muted] = await Promise.all([
      findPinned(db, viewer, keys),
      findMutedThreads(db, viewer, keys),
    ]);
    const marked = new Map<number, KeptMarks>();
    for (const key of pinned) marked.set(key, { isPinned: true, isMuted: false });
    for (const key of muted) marked.set(key, { isPinned: marked.has(key), isMuted: true });
    return marked;
  },
});
