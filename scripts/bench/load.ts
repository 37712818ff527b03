/** The client process: reads the addresses it is told, over and over, and says how long each took. */
import { drive, requestBytes } from "./client.ts";

export interface LoadOrder {
  readonly port: number;
  readonly host: string;
  /** Asked in turn. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  }[];
  readonly connections: number;
  readonly durationMs: number;
}

export interface LoadResult {
  readonly latencies: readonly number[];
  readonly elapsedMs: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly bodyBytes: number;
}

export interface Loader {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

/** Starts the process; one order at a time. */
export function startLoader(): Loader {
  let answer: ((result: LoadResult | { error: string }) => void) | null = null;
  const child = Bun.spawn([process.execPath, import.meta.path], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => answer?.(message),
  });
  return {
    run(order) {
      child.send(order);
      return new Promise((resolve, reject) => {
        answer = (result) => ("error" in result ? reject(new Error(result.error)) : resolve(result));
      });
    },
    stop: () => child.kill(),
  };
}

if (import.meta.main) {
  process.on("message", async (order: LoadOrder) => {
    try {
      process.send?.(await obey(order));
    } catch (error) {
      process.send?.({ error: String(error) });
    }
  });
}

async function obey({ port, host, connections, durationMs, ...order }: LoadOrder): Promise<LoadResult> {
  const requests = order.requests.map((request) => requestBytes({ ...request, host }));
  const end = performance.now() + durationMs;
  let at = 0;
  return drive({ port }, connections, () =>
    performance.now() < end ? (requests[at++ % requests.length] ?? null) : null,
  );
}
