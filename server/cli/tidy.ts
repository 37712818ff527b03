/** Gives memory back once the work is done: the runtime by itself keeps what a burst of requests left for minutes. */

/** How often it looks, in milliseconds: less than a person takes between two pages. */
const EVERY_MS = 1_000;
/**
 * Busier than that, the next request would wait for it: a collection takes some 20 ms. What is done in the background
 * while nobody asks (the index of words takes up to a fifth of one processor) is no reason to wait.
 */
const MAX_BUSY_SHARE = 0.25;
/** Growth since the last time that is worth a collection. */
const MIN_GROWTH_BYTES = 4 * 1024 * 1024;
/**
 * Growth that is worth giving up more than garbage: what is kept only to be quick, and compiled code. The next page of each
 * kind takes tens of milliseconds longer, so that what a few pages leave is no reason for it.
 */
const MIN_GREAT_GROWTH_BYTES = 16 * 1024 * 1024;

export interface Machine {
  /** Processor time that all threads have taken so far, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  /** Collects garbage at once. */
  collect(): void;
  /** The same, and gives up whatever can be made again. */
  shrink(): void;
}

const thisProcess = (releaseMemory: () => void): Machine => ({
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  residentBytes: () => process.memoryUsage.rss(),
  collect: () => Bun.gc(true),
  shrink() {
    releaseMemory();
    Bun.gc(true);
    Bun.shrink();
  },
});

/** One look, `sinceMs` after the last: collects where the process has grown and is quiet now. */
export function createTidy(machine: Machine): (sinceMs: number) => void {
  let cpuMs = machine.cpuMs();
  // What the start has left is collected in the first quiet moment.
  let tidiedBytes = 0;
  let shrunkBytes = 0;
  return (sinceMs) => {
    const usedMs = machine.cpuMs() - cpuMs;
    cpuMs += usedMs;
    if (usedMs / sinceMs > MAX_BUSY_SHARE) return;
    const bytes = machine.residentBytes();
    if (bytes - tidiedBytes < MIN_GROWTH_BYTES) return;
    const isGreat = bytes - shrunkBytes >= MIN_GREAT_GROWTH_BYTES;
    if (isGreat) machine.shrink();
    else machine.collect();
    cpuMs = machine.cpuMs();
    tidiedBytes = machine.residentBytes();
    if (isGreat) shrunkBytes = tidiedBytes;
  };
}

/** Looks from time to time until it is told to stop; `releaseMemory` gives back what can be made again. */
export function tidyWhenQuiet(releaseMemory: () => void): () => void {
  const look = createTidy(thisProcess(releaseMemory));
  const timer = setInterval(() => look(EVERY_MS), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
