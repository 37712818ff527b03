/** Files that no row needs: left by a crash between a file and its row, by a row that went first, or by going back to a copy. */
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Db } from "../storage/db.ts";
import type { Blobs, Listed } from "./blobs.ts";
import { findNeededMedia } from "./store.ts";

/**
 * A file comes before its row, within moments. But whoever goes back to an earlier copy of the database, at most a week old,
 * may go forward again to one that has the rows of what was sent since; there are three weeks left to notice.
 */
const YOUNG_MS = 30 * DAY_MS;
/** Files that are looked up in one statement. */
const LOOKED_UP_AT_ONCE = 100;

export interface Dropped {
  readonly files: number;
  readonly bytes: number;
}

/** Drops files of people here that no row needs; those of the last thirty days stay. */
export async function clearOrphans(deps: {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly now: Now;
}): Promise<Dropped> {
  const { db, blobs, now } = deps;
  let dropped: Dropped = { files: 0, bytes: 0 };
  let batch: Listed[] = [];
  const look = async (): Promise<void> => {
    const needed = await findNeededMedia(
      db,
      batch.map(({ name }) => name),
    );
    for (const { name, sizeBytes } of batch) {
      if (needed.has(name)) continue;
      await blobs.remove(name);
      dropped = { files: dropped.files + 1, bytes: dropped.bytes + sizeBytes };
    }
    batch = [];
  };
  for await (const file of blobs.list()) {
    if (file.keptMs > now() - YOUNG_MS) continue;
    batch.push(file);
    if (batch.length >= LOOKED_UP_AT_ONCE) await look();
  }
  await look();
  return dropped;
}
