/** How much work something is, for tests that compare one amount with another. */

/** Runs of which the least is taken: what else the machine does only ever adds. */
const RUNS = 4;

/** Milliseconds of this process's own time on a processor that `work` takes. For ratios alone, never for a limit. */
export async function effortOf(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
