/** One process that stands for a thousand other servers: takes what is sent to them, says when, and serves their people. */
import { remoteActorDocument } from "./documents.ts";
import { newcomer } from "./world.ts";

/** When letters came, in milliseconds after the moment that was asked about. */
export interface Arrivals {
  readonly count: number;
  readonly firstMs: number;
  readonly middleMs: number;
  readonly lastMs: number;
}

export interface Sinks {
  /** Resolves once so many letters came after now; begins to count at once. */
  expect(count: number): Promise<Arrivals>;
  stop(): void;
}

type Asked = { readonly expect: number };

/** `publicPem` is the key that every newcomer publishes. */
export async function startSinks(port: number, publicPem: string): Promise<Sinks> {
  let heard = Promise.withResolvers<Arrivals | null>();
  const child = Bun.spawn([process.execPath, import.meta.path, String(port), publicPem], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message: Arrivals | null) => heard.resolve(message),
  });
  await heard.promise;
  return {
    async expect(count) {
      heard = Promise.withResolvers();
      child.send({ expect: count } satisfies Asked);
      return (await heard.promise) ?? { count: 0, firstMs: 0, middleMs: 0, lastMs: 0 };
    },
    stop: () => child.kill(),
  };
}

if (import.meta.main) {
  const [port = "0", publicPem = ""] = process.argv.slice(2);
  let wanted = Number.POSITIVE_INFINITY;
  let sinceMs = 0;
  let times: number[] = [];
  process.on("message", ({ expect }: Asked) => {
    wanted = expect;
    times = [];
    sinceMs = performance.now();
  });
  Bun.serve({
    port: Number(port),
    hostname: "0.0.0.0",
    async fetch(request) {
      if (request.method === "GET") return person(request);
      await request.arrayBuffer();
      times.push(performance.now() - sinceMs);
      if (times.length === wanted) report();
      return new Response(null, { status: 202 });
    },
  });
  process.send?.(null);

  function report(): void {
    const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
    const arrivals: Arrivals = { count: times.length, firstMs: at(0), middleMs: at(0.5), lastMs: at(1) };
    process.send?.(arrivals);
  }

  function person(request: Request): Response {
    const index = Number(/\/users\/new(\d+)$/.exec(new URL(request.url).pathname)?.[1] ?? "x");
    if (Number.isNaN(index)) return new Response(null, { status: 404 });
    return Response.json(remoteActorDocument(newcomer(index, Number(port)), publicPem), {
      headers: { "content-type": "application/activity+json" },
    });
  }
}
