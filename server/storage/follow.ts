/** What is kept in memory of the database, on every node: read anew by word of another, and where words were lost. */
import type { Log } from "../lib/log.ts";
import type { Db } from "./db.ts";

/** A database that could not be read is asked again after so long. */
const AGAIN_MS = 1_000;

export interface Followed {
  /** Reads it anew, after whatever read is under way: what comes back last is what was there last. */
  again(): Promise<void>;
  /** After it was changed here: reads it anew, and has the other nodes do so. */
  tell(): Promise<void>;
  stop(): void;
}

/** Reads it for the first time, and from then on whenever it may be another. */
export async function follow(deps: {
  readonly db: Pick<Db, "listen" | "notify">;
  readonly log: Log;
  readonly channel: string;
  readonly read: () => Promise<void>;
  /** Where a word says all that changed; otherwise everything is read anew. */
  readonly heard?: (word: string) => void;
}): Promise<Followed> {
  const { db, log, channel, read } = deps;
  let last: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function again(): Promise<void> {
    last = last.then(read, read);
    return last;
  }

  function catchUp(): void {
    clearTimeout(timer);
    again().catch((error) => {
      if (isStopped) return;
      log.error("What another node changed could not be read, and is asked for again.", error, { channel });
      timer = setTimeout(catchUp, AGAIN_MS);
      timer.unref();
    });
  }

  // Listening comes first, or what is changed in between would never be read.
  const stopListening = await db.listen(channel, deps.heard ?? catchUp, catchUp);
  try {
    await again();
  } catch (error) {
    stopListening();
    throw error;
  }
  return {
    again,
    async tell() {
      await again();
      db.notify(channel, "");
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stopListening();
    },
  };
}
