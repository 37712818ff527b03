/** The floor of streaming: a bare `Bun.serve` that sends a text of this size to everybody who listens, when asked. */
import { readFileSync } from "node:fs";
import { freePort } from "../postgres.ts";

export interface LiveFloor {
  readonly port: number;
  residentBytes(): number;
  stop(): void;
}

export async function startLiveFloor(): Promise<LiveFloor> {
  const port = await freePort();
  const child = Bun.spawn([process.execPath, import.meta.path, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const _ of child.stdout) break; // It says when it is ready.
  return {
    port,
    residentBytes: () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024,
    stop: () => child.kill(),
  };
}

if (import.meta.main) {
  const open = new Set<Bun.ServerWebSocket<unknown>>();
  Bun.serve({
    port: Number(process.argv[2]),
    hostname: "127.0.0.1",
    fetch(request, server) {
      if (server.upgrade(request)) return undefined;
      const text = "x".repeat(Number(new URL(request.url).searchParams.get("bytes")));
      for (const socket of open) socket.send(text);
      return new Response("ok");
    },
    websocket: {
      open: (socket) => void open.add(socket),
      close: (socket) => void open.delete(socket),
      message: () => {},
    },
  });
  console.log("ready");
}
