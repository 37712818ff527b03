/** How many pictures are worked on at one time, whoever they are of. */
import { createGate } from "../lib/gate.ts";

/** Each may take 100 MB of memory, and a small machine has little; nobody takes all of it. */
const LOAD = { perKey: 1, total: 2 } as const;

const gate = createGate(LOAD);
/** Nobody gives up: the edge lets nobody wait longer than its own limit. */
const NEVER = new AbortController().signal;

/** Runs `work` once there is room. `key` says for whom: one at a time each. */
export async function atWork<T>(key: string, work: () => Promise<T>): Promise<T> {
  const leave = await gate.enter(key, NEVER);
  try {
    return await work();
  } finally {
    leave();
  }
}
