/** Reads of the server, each beside its floor, in turns so that whatever else the machine does hits both. */
import { DEFAULT_PAGE_SIZE } from "../../server/lib/page.ts";
import { drive, requestBytes } from "./client.ts";
import { type Floor, type FloorShape, startFloor } from "./floor.ts";
import { type Loader, type LoadOrder, startLoader } from "./load.ts";
import type { Seeded } from "./seed.ts";
import type { Served } from "./server.ts";
import { ORIGIN, type PlannedPost, plannedPost, type Scale } from "./world.ts";

export const READS = ["actor document", "post page", "home page", "C2S inbox"] as const;
export type ReadName = (typeof READS)[number];

type Asked = LoadOrder["requests"][number];

/** How one side did. Latencies are in milliseconds, of one connection. */
export interface Side {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** At `CONNECTIONS` connections; null where that was not asked for. */
  readonly perSecond: number | null;
}

export interface ReadResult {
  readonly name: ReadName;
  readonly shape: FloorShape;
  readonly floor: Side;
  readonly subject: Side;
  /** Milliseconds of processor time that the server took for one. */
  readonly cpuMs: number;
}

export interface ReadPlan {
  readonly rounds: number;
  readonly durationMs: number;
  /** Whether requests a second are measured too. */
  readonly throughput: boolean;
}

export const CONNECTIONS = 8;
const HOST = new URL(ORIGIN).host;
const AS_DOCUMENT = "application/activity+json";
const AS_PAGE = "text/html,application/xhtml+xml";
/** Different addresses of one kind: more than anybody keeps by heart. */
const ADDRESSES = 300;
/** Posts whose pages are read: among so many of the newest. */
const NEWEST = 20_000;

export async function measureReads(
  server: Served,
  seeded: Seeded,
  scale: Scale,
  folder: string,
  plan: ReadPlan,
): Promise<readonly ReadResult[]> {
  const asked = requestsOf(seeded, scale);
  const shapes = new Map<ReadName, FloorShape>();
  for (const name of READS) shapes.set(name, await shapeOf(server, asked[name]));
  const floor = await startFloor(folder, [...shapes.values()]);
  const loader = startLoader();
  try {
    const results: ReadResult[] = [];
    for (const name of READS) {
      const shape = shapes.get(name) ?? { rows: 1, bytes: 1 };
      results.push(await measureOne({ name, shape, asked: asked[name], server, floor, loader, plan }));
    }
    return results;
  } finally {
    floor.stop();
    loader.stop();
  }
}

function requestsOf(seeded: Seeded, scale: Scale): Readonly<Record<ReadName, readonly Asked[]>> {
  const people = [...seeded.neighbours, seeded.reader];
  return {
    "actor document": people.map(({ name }) => ({
      path: `/users/${name}`,
      headers: { accept: AS_DOCUMENT },
    })),
    "post page": localPosts(seeded, scale).map(({ author, key }) => ({
      path: `/@neighbour${author}/${key}`,
      headers: { accept: AS_PAGE },
    })),
    "home page": people.map(({ cookie }) => ({ path: "/", headers: { accept: AS_PAGE, cookie } })),
    "C2S inbox": people.map(({ name, token }) => ({
      path: `/users/${name}/inbox?page=1`,
      headers: { accept: AS_DOCUMENT, authorization: `Bearer ${token}` },
    })),
  };
}

function localPosts(seeded: Seeded, scale: Scale): readonly PlannedPost[] {
  const found: PlannedPost[] = [];
  const from = Math.max(0, seeded.posts - NEWEST);
  const step = Math.max(1, Math.floor((seeded.posts - from) / (ADDRESSES * 10)));
  for (let index = from; index < seeded.posts && found.length < ADDRESSES; index += step) {
    const post = plannedPost(scale, index);
    if (post.isLocal) found.push(post);
  }
  return found;
}

/** How long the answers are, and how many things each shows. Warms what the server remembers, too. */
async function shapeOf({ port }: Served, asked: readonly Asked[]): Promise<FloorShape> {
  let bytes = 0;
  let rows = 0;
  for (const { path, headers } of asked) {
    const answer = await drive({ port }, 1, once(requestBytes({ path, host: HOST, headers })));
    if (answer.statuses["200"] !== 1) throw new Error(`${path} answered ${JSON.stringify(answer.statuses)}`);
    bytes += answer.bodyBytes;
    rows += Math.max(1, countOf(answer.body));
  }
  return { rows: Math.max(1, Math.round(rows / asked.length)), bytes: Math.round(bytes / asked.length) };
}

/** Posts on a page, or items of a collection. */
function countOf(body: string): number {
  if (!body.startsWith("{")) return body.split("<article").length - 1;
  const { orderedItems } = JSON.parse(body) as { orderedItems?: readonly unknown[] };
  return Math.min(DEFAULT_PAGE_SIZE, orderedItems?.length ?? 1);
}

const once = (request: Uint8Array): (() => Uint8Array | null) => {
  let isSent = false;
  return () => {
    if (isSent) return null;
    isSent = true;
    return request;
  };
};

async function measureOne(given: {
  readonly name: ReadName;
  readonly shape: FloorShape;
  readonly asked: readonly Asked[];
  readonly server: Served;
  readonly floor: Floor;
  readonly loader: Loader;
  readonly plan: ReadPlan;
}): Promise<ReadResult> {
  const { name, shape, asked, server, floor, loader, plan } = given;
  const floorAsked = floor.paths(shape, ADDRESSES).map((path) => ({ path, headers: {} }));
  const fresh = (port: number, requests: readonly Asked[]) => ({
    port,
    requests,
    latencies: [] as number[],
    answers: 0,
    elapsedMs: 0,
  });
  const sides = [fresh(floor.port, floorAsked), fresh(server.port, asked)] as const;
  let cpuSeconds = 0;
  for (let round = 0; round < plan.rounds; round++) {
    for (const side of sides) {
      const before = server.cpuSeconds();
      const order = { port: side.port, host: HOST, requests: side.requests, durationMs: plan.durationMs };
      const alone = await loader.run({ ...order, connections: 1 });
      side.latencies.push(...alone.latencies);
      refuseOthers(name, alone.statuses);
      if (side === sides[1]) cpuSeconds += server.cpuSeconds() - before;
      if (!plan.throughput) continue;
      const together = await loader.run({ ...order, connections: CONNECTIONS });
      refuseOthers(name, together.statuses);
      side.answers += together.latencies.length;
      side.elapsedMs += together.elapsedMs;
    }
  }
  const [floorSide, subject] = sides.map(({ latencies, answers, elapsedMs }): Side => {
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    return {
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      perSecond: plan.throughput ? answers / (elapsedMs / 1000) : null,
    };
  }) as [Side, Side];
  return {
    name,
    shape,
    floor: floorSide,
    subject,
    cpuMs: (cpuSeconds * 1000) / Math.max(1, sides[1].latencies.length),
  };
}

function refuseOthers(name: string, statuses: Readonly<Record<string, number>>): void {
  const others = Object.keys(statuses).filter((status) => status !== "200");
  if (others.length > 0) throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
}
