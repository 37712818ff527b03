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
/**
 * Growth that is worth giving up more than garbage: what is kept only to be quick, and compiled code. Whatever is done next
 * takes several times as long at first, so that what a few pages leave is no reason for it, nor is a pause in the work.
 */
const MIN_GREAT_GROWTH_BYTES = 16 * 1024 * 1024;
/** How long nearly nothing was done before that: nobody is about, in milliseconds. */
const REST_MS = 30_000;
const MAX_RESTING_SHARE = 0.05;

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
  let tidiedBytes = 0;
  let shrunkBytes = 0;
  let restedMs = 0;
  return (sinceMs) => {
    const usedMs = machine.cpuMs() - cpuMs;
    cpuMs += usedMs;
    const share = usedMs / sinceMs;
    restedMs = share > MAX_RESTING_SHARE ? 0 : restedMs + sinceMs;
    if (share > MAX_BUSY_SHARE) return;
    const bytes = machine.residentBytes();
    // Of what the start has left nothing is needed again, once it is over.
    const isRested = restedMs >= (shrunkBytes === 0 ? sinceMs : REST_MS);
    const isToShrink = isRested && bytes - shrunkBytes >= MIN_GREAT_GROWTH_BYTES;
    if (isToShrink) machine.shrink();
    else if (bytes - tidiedBytes >= MIN_GROWTH_BYTES) machine.collect();
    else return;
    cpuMs = machine.cpuMs();
    tidiedBytes = machine.residentBytes();
    if (isToShrink) shrunkBytes = tidiedBytes;
  };
}

/** Looks from time to time until it is told to stop; `releaseMemory` gives back what can be made again. */
export function tidyWhenQuiet(releaseMemory: () => void): () => void {
  const look = createTidy(thisProcess(releaseMemory));
  const timer = setInterval(() => look(EVERY_MS), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
