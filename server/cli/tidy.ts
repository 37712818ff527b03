/** Gives memory back once the work is done: the runtime by itself keeps what a burst of requests left for minutes. */

/** How often it looks, in milliseconds: less than a person takes between two pages. */
const EVERY_MS = 1_000;
/**
 * Busier than that, the next request would wait for it: a collection takes some 20 ms. What is done in the background
 * while nobody asks (the index of words takes a twelfth of the time) is no reason to wait.
 */
const MAX_BUSY_SHARE = 0.15;
/** Growth since the last time that is worth a collection. */
const MIN_GROWTH_BYTES = 8 * 1024 * 1024;

export interface Machine {
  /** Processor time that all threads have taken so far, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  /** Collects garbage at once. */
  collect(): void;
}

/** `releaseMemory` is called with each collection. */
const thisProcess = (releaseMemory: () => void): Machine => ({
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  residentBytes: () => process.memoryUsage.rss(),
  collect() {
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
  return (sinceMs) => {
    const usedMs = machine.cpuMs() - cpuMs;
    cpuMs += usedMs;
    if (usedMs / sinceMs > MAX_BUSY_SHARE) return;
    if (machine.residentBytes() - tidiedBytes < MIN_GROWTH_BYTES) return;
    machine.collect();
    cpuMs = machine.cpuMs();
    tidiedBytes = machine.residentBytes();
  };
}

/** Looks from time to time until it is told to stop; `releaseMemory` gives back what is not on the heap. */
export function tidyWhenQuiet(releaseMemory: () => void): () => void {
  const look = createTidy(thisProcess(releaseMemory));
  const timer = setInterval(() => look(EVERY_MS), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
