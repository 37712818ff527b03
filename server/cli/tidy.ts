/** Gives memory back once the work is done: the runtime by itself keeps what a burst of requests left for minutes. */

/** How often it looks, in milliseconds: less than a person takes between two pages. */
const EVERY_MS = 1_000;
/**
 * Busier than that, the next request would wait for it: a collection takes some 20 ms. What is done in the background
 * while nobody asks (the index of words takes up to a third of one processor) is no reason to wait.
 */
const MAX_BUSY_SHARE = 0.4;
/** Growth since the last time that is worth a collection. */
const MIN_GROWTH_BYTES = 4 * 1024 * 1024;
/** Growth that is worth giving up more than garbage: what a few pages leave is no reason for it. */
const MIN_GREAT_GROWTH_BYTES = 16 * 1024 * 1024;
/** A share of the time in which nearly nothing is done. */
const MAX_RESTING_SHARE = 0.05;
/**
 * A burst that has left so much, nearly as much again as the server has idle, ends with a rest of so many milliseconds. What
 * was read for it is given up then: the first pages afterwards take some 7 ms in place of 2.
 */
const MIN_BURST_BYTES = 64 * 1024 * 1024;
const PAUSE_MS = 1_000;
/**
 * After so long a rest nobody is about, in milliseconds. Compiled code is given up only then, because whatever is done
 * next takes several times as long at first.
 */
const REST_MS = 30_000;

/**
 * What is promised after a load, in bytes. Whoever still holds more gives up compiled code after a shorter rest, in
 * milliseconds: the next page takes some 50 ms in place of 10. Compiling all of it again takes a third of a second of one
 * processor, so that is done again only after many times as much work, in milliseconds too.
 */
const PROMISED_BYTES = 120 * 1000 * 1000;
const BREAK_MS = 4_000;
const MIN_WORK_MS = 5_000;

export interface Machine {
  /** Processor time that all threads have taken so far, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  /** Collects garbage at once. */
  collect(): void;
  /** The same, and gives up what was read from the database and kept only to be quick. */
  release(): void;
  /** The same, and gives up compiled code. */
  shrink(): void;
}

const thisProcess = (releaseMemory: () => void): Machine => ({
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  residentBytes: () => process.memoryUsage.rss(),
  collect: () => Bun.gc(true),
  release() {
    releaseMemory();
    Bun.gc(true);
  },
  shrink() {
    releaseMemory();
    Bun.gc(true);
    Bun.shrink();
  },
});

/** One look, `sinceMs` after the last: collects where the process has grown and is quiet now. */
export function createTidy(machine: Machine): (sinceMs: number) => void {
  let cpuMs = machine.cpuMs();
  /** What was resident after each of the three was last done. */
  let collectedBytes = 0;
  let releasedBytes = 0;
  let shrunkBytes = 0;
  let restedMs = 0;
  /** Processor time since it last shrank. */
  let workedMs = 0;
  return (sinceMs) => {
    const usedMs = machine.cpuMs() - cpuMs;
    cpuMs += usedMs;
    workedMs += usedMs;
    const share = usedMs / sinceMs;
    restedMs = share > MAX_RESTING_SHARE ? 0 : restedMs + sinceMs;
    if (share > MAX_BUSY_SHARE) return;
    const bytes = machine.residentBytes();
    // Of what the start has left nothing is needed again, once it is over.
    const isRested = restedMs >= (shrunkBytes === 0 ? sinceMs : REST_MS);
    const isTooMuch = restedMs >= BREAK_MS && bytes > PROMISED_BYTES && workedMs >= MIN_WORK_MS;
    const isToShrink = isTooMuch || (isRested && bytes - shrunkBytes >= MIN_GREAT_GROWTH_BYTES);
    const isAfterBurst = restedMs >= PAUSE_MS && bytes - shrunkBytes >= MIN_BURST_BYTES;
    const isToRelease = isAfterBurst && bytes - releasedBytes >= MIN_GREAT_GROWTH_BYTES;
    if (isToShrink) machine.shrink();
    else if (isToRelease) machine.release();
    else if (bytes - collectedBytes >= MIN_GROWTH_BYTES) machine.collect();
    else return;
    cpuMs = machine.cpuMs();
    collectedBytes = machine.residentBytes();
    if (isToShrink || isToRelease) releasedBytes = collectedBytes;
    if (!isToShrink) return;
    shrunkBytes = collectedBytes;
    workedMs = 0;
  };
}

/** Looks from time to time until it is told to stop; `releaseMemory` gives back what can be made again. */
export function tidyWhenQuiet(releaseMemory: () => void): () => void {
  const look = createTidy(thisProcess(releaseMemory));
  const timer = setInterval(() => look(EVERY_MS), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
