/** Reads of the server, each beside its floor, in turns so that whatever else the machine does hits both. */
import { DEFAULT_PAGE_SIZE } from "../../server/lib/page.ts";
import { drive, requestBytes } from "./client.ts";
import { words } from "./documents.ts";
import { type Floor, type FloorShape, startFloor } from "./floor.ts";
import { type Loader, type LoadOrder, startLoader } from "./load.ts";
import type { Seeded } from "./seed.ts";
import type { Served } from "./server.ts";
import { ORIGIN, type PlannedPost, plannedPost, random, type Scale } from "./world.ts";

/** What the tables of the whole server read, and what those of the apps do. */
export const READS = ["actor document", "post page", "home page", "C2S inbox"] as const;
export const APP_READS = ["home timeline", "public timeline", "notifications"] as const;
/** Each address another question, in words of the world: one common, one rare, one between; and the beginnings of names. */
export const SEARCH_READS = ["search, one word", "search, two words", "search, people"] as const;
export type ReadName = (typeof READS | typeof APP_READS | typeof SEARCH_READS)[number];

type Asked = LoadOrder["requests"][number];

/** How one side did; latencies are in milliseconds. */
export interface Side {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** The server and its floor, measured in turns. */
export interface Pair {
  readonly floor: Side;
  readonly subject: Side;
}

export interface ReadResult {
  readonly name: ReadName;
  readonly shape: FloorShape;
  /** By the number of connections. */
  readonly at: ReadonlyMap<number, Pair>;
  /** Milliseconds of processor time that the server took for one, alone. */
  readonly cpuMs: number;
}

export interface ReadPlan {
  readonly names: readonly ReadName[];
  readonly rounds: number;
  readonly durationMs: number;
  /** At how many connections; the first is one. */
  readonly connections: readonly number[];
}

/** One after the other, a class at once, and what a busy evening brings. */
export const ALONE = 1;
export const TOGETHER = 8;
export const CROWD = 32;
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
  for (const name of plan.names) shapes.set(name, await shapeOf(server, asked[name]));
  const floor = await startFloor(folder, [...shapes.values()]);
  const loader = startLoader();
  try {
    const results: ReadResult[] = [];
    for (const name of plan.names) {
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
    "home timeline": people.map(({ token }) => inApp("/api/v1/timelines/home?limit=20", token)),
    "public timeline": people.map(({ token }) => inApp("/api/v1/timelines/public?limit=20", token)),
    notifications: people.map(({ token }) => inApp("/api/v1/notifications?limit=20", token)),
    "search, one word": questions(people, "statuses", (next) => words(1, next)),
    "search, two words": questions(people, "statuses", (next) => words(2, next)),
    "search, people": questions(people, "accounts", (next) => words(1, next)),
  };
}

const questions = (
  people: readonly { readonly token: string }[],
  type: "statuses" | "accounts",
  question: (next: () => number) => string,
): readonly Asked[] =>
  Array.from({ length: ADDRESSES }, (_, i) => {
    const query = new URLSearchParams({ q: question(random(i + 1)), type, limit: "20" });
    return inApp(`/api/v2/search?${query}`, people[i % people.length]?.token ?? "");
  });

const inApp = (path: string, token: string): Asked => ({
  path,
  headers: { accept: "application/json", authorization: `Bearer ${token}` },
});

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
  if (body.startsWith("[")) return (JSON.parse(body) as unknown[]).length;
  if (!body.startsWith("{")) return body.split("<article").length - 1;
  const { orderedItems, statuses, accounts } = JSON.parse(body) as Readonly<
    Record<string, readonly unknown[] | undefined>
  >;
  if (statuses && accounts) return statuses.length + accounts.length;
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
  const sides = [
    { port: floor.port, requests: floorAsked },
    { port: server.port, requests: asked },
  ] as const;
  const runs = new Map(plan.connections.map((many) => [many, [freshRun(), freshRun()] as const]));
  let cpuSeconds = 0;
  for (let round = 0; round < plan.rounds; round++) {
    for (const [i, side] of sides.entries()) {
      for (const [connections, both] of runs) {
        const before = server.cpuSeconds();
        const result = await loader.run({ ...side, host: HOST, durationMs: plan.durationMs, connections });
        refuseOthers(name, result.statuses);
        const run = both[i];
        run?.latencies.push(...result.latencies);
        if (run) run.elapsedMs += result.elapsedMs;
        if (i === 1 && connections === ALONE) cpuSeconds += server.cpuSeconds() - before;
      }
    }
  }
  return {
    name,
    shape,
    at: new Map(
      [...runs].map(([many, [floorRun, run]]) => [many, { floor: sideOf(floorRun), subject: sideOf(run) }]),
    ),
    cpuMs: (cpuSeconds * 1000) / Math.max(1, runs.get(ALONE)?.[1].latencies.length ?? 1),
  };
}

/** What one side was measured at, over all rounds. */
interface Run {
  readonly latencies: number[];
  elapsedMs: number;
}

const freshRun = (): Run => ({ latencies: [], elapsedMs: 0 });

export function sideOf({ latencies, elapsedMs }: Run): Side {
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), perSecond: latencies.length / (elapsedMs / 1000) };
}

function refuseOthers(name: string, statuses: Readonly<Record<string, number>>): void {
  const others = Object.keys(statuses).filter((status) => status !== "200");
  if (others.length > 0) throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
}
