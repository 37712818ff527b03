/** The listening process: opens WebSockets by the thousand, and says when the last of them has heard. */

/** What the parent wants. `open`: one socket for each path, kept until `close`. `wait`: the next message of every socket. */
export type ListenOrder =
  | { readonly do: "open"; readonly port: number; readonly paths: readonly string[] }
  | { readonly do: "wait" }
  | { readonly do: "close" };

/** `heardMs` since 1970, with fractions, of the first and of the last that heard. */
export interface Listened {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bytes: number;
}

export interface Listeners {
  open(port: number, paths: readonly string[]): Promise<void>;
  /** Resolves when every socket has heard one more message. */
  wait(): Promise<Listened>;
  close(): Promise<void>;
  stop(): void;
}

/** More at once are refused while the first are still being answered. */
const AT_ONCE = 50;

/** Starts the process; one order at a time. */
export function startListeners(): Listeners {
  let answer: (given: Listened) => void = () => {};
  const child = Bun.spawn([process.execPath, import.meta.path], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => answer(message as Listened),
  });
  const ask = (order: ListenOrder): Promise<Listened> => {
    const { promise, resolve } = Promise.withResolvers<Listened>();
    answer = resolve;
    child.send(order);
    return promise;
  };
  return {
    open: async (port, paths) => void (await ask({ do: "open", port, paths })),
    wait: () => ask({ do: "wait" }),
    close: async () => void (await ask({ do: "close" })),
    stop: () => child.kill(),
  };
}

if (import.meta.main) {
  let sockets: WebSocket[] = [];
  let heard = 0;
  let firstMs = 0;
  let onAll: (() => void) | null = null;
  const nowMs = () => performance.timeOrigin + performance.now();
  const tell = (told: Partial<Listened> = {}) => process.send?.({ firstMs: 0, lastMs: 0, bytes: 0, ...told });
  let bytes = 0;

  const opened = (port: number, path: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("A socket could not be opened.")));
    socket.addEventListener("message", ({ data }) => {
      if (heard++ === 0) firstMs = nowMs();
      bytes = String(data).length;
      if (heard === sockets.length) onAll?.();
    });
    sockets.push(socket);
    return promise;
  };

  process.on("message", async (order: ListenOrder) => {
    if (order.do === "open") {
      for (let at = 0; at < order.paths.length; at += AT_ONCE)
        await Promise.all(order.paths.slice(at, at + AT_ONCE).map((path) => opened(order.port, path)));
      tell();
    } else if (order.do === "wait") {
      const told = () => {
        tell({ firstMs, lastMs: nowMs(), bytes });
        heard = 0;
        onAll = null;
      };
      if (heard >= sockets.length) told();
      else onAll = told;
    } else {
      for (const socket of sockets) socket.close();
      sockets = [];
      heard = 0;
      tell();
    }
  });
}
