/** From the node where something happened to all nodes: what happens in one turn of the loop goes as one message. */
import type { Listeners } from "../core/listeners.ts";
import { parseJson } from "../lib/json.ts";
import type { Db } from "../storage/db.ts";

const CHANNEL = "happened";
/** PostgreSQL takes messages of less than 8 000 bytes; a key has up to 16 digits, and a comma. */
const MAX_KEYS = 400;

/** Gives how to stop. `heard` gets the keys of activities on every node, this one included, after their commit. */
export async function createRelay(deps: {
  readonly db: Db;
  readonly listeners: Listeners;
  readonly heard: (activities: readonly number[]) => void;
  /** Something may have happened elsewhere of which no word came. */
  readonly missed: () => void;
}): Promise<() => void> {
  const { db, listeners, heard, missed } = deps;
  let pending: number[] = [];

  function flush(): void {
    const keys = pending;
    pending = [];
    for (let at = 0; at < keys.length; at += MAX_KEYS)
      db.notify(CHANNEL, JSON.stringify(keys.slice(at, at + MAX_KEYS)));
  }

  const stopListening = listeners.listen(({ activity, emitted = [] }) => {
    if (pending.length === 0) setImmediate(flush);
    pending.push(activity, ...emitted);
  });
  const hear = (payload: string): void => {
    const keys = parseJson(payload);
    if (Array.isArray(keys)) heard(keys.filter((key) => typeof key === "number"));
  };
  const stopHearing = await db.listen(CHANNEL, hear, missed);
  return () => {
    stopListening();
    stopHearing();
  };
}
