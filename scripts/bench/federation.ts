/** The figures of federation: letters in with known and new keys in both schemes, a page meanwhile, letters out to a
 * thousand hosts, and memory through all of it. Each stands beside what the machine can do when it does nothing else.
 */
import { createPublicKey } from "node:crypto";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../server/config.ts";
import { hostKey } from "../../server/core/store.ts";
import { systemNow } from "../../server/lib/clock.ts";
import { keyAt } from "../../server/lib/id.ts";
import { createLog } from "../../server/lib/log.ts";
import { open } from "../../server/open.ts";
import type { Scheme } from "../../server/signatures/request.ts";
import { post } from "./deliveries.ts";
import { startFloor } from "./floor.ts";
import { type LoadResult, startLoader } from "./load.ts";
import { follow, insertActor } from "./people.ts";
import { watch } from "./progress.ts";
import { type Seeded, seededOf } from "./seed.ts";
import { type Order, startSender } from "./sender.ts";
import { type Served, serve } from "./server.ts";
import { type Arrivals, startSinks } from "./sinks.ts";
import { ORIGIN, type Scale, sinkActor } from "./world.ts";

export interface FederationPlan {
  /** Activities of each kind of letter with known keys, and with new ones. */
  readonly known: number;
  readonly fresh: number;
  /** How long a page is read while letters come in, in milliseconds, and how many of those a second. */
  readonly readMs: number;
  readonly perSecond: number;
  /** Hosts that one post goes to, and how many posts. */
  readonly hosts: number;
  readonly posts: number;
}

export interface LettersIn {
  readonly scheme: Scheme;
  readonly isNew: boolean;
  readonly count: number;
  readonly acceptedPerSecond: number;
  /** Stored with all that they cause. */
  readonly appliedPerSecond: number;
}

interface PageSide {
  readonly p50: number;
  readonly p99: number;
}

export interface FederationResult {
  readonly letters: readonly LettersIn[];
  readonly page: {
    readonly perSecond: number;
    readonly quiet: PageSide;
    readonly busy: PageSide;
    /** A bare server beside it, in the same seconds. */
    readonly floorQuiet: PageSide;
    readonly floorBusy: PageSide;
  };
  readonly arrivals: readonly Arrivals[];
  readonly hosts: number;
  /** Resident memory: at first, the most in each part, and in the end. */
  readonly memory: readonly (readonly [part: string, bytes: number])[];
}

/** Requests under way at once, as many peers would have them. */
const CONNECTIONS = 64;
/** Some of the likes are refused, because the world has the same already. */
const STORED = 0.98;
const SAMPLE_EVERY_MS = 50;
/** A server that has just started still compiles and fills its caches. */
const SETTLE_MS = 2_000;

/** On a copy of the world in `data`; `before` is called before each part, to measure the machine. */
export async function measureFederation(
  given: {
    readonly data: string;
    readonly folder: string;
    readonly program: string;
    readonly isQuick: boolean;
  },
  scale: Scale,
  plan: FederationPlan,
  before: (part: string) => Promise<void>,
): Promise<FederationResult> {
  const copy = join(given.folder, "federation");
  rmSync(copy, { recursive: true, force: true });
  cpSync(given.data, copy, { recursive: true });
  const seeded = await seededOf(copy);
  await addFollowers(copy, seeded, scale, plan.hosts);
  const signer = seeded.signers[0];
  if (!signer) throw new Error("Nobody signs.");
  const sinks = await startSinks(seeded.sinkPort, publicPemOf(signer.privatePem));
  const server = await serve(copy, given.program);
  const memory = watchMemory(server);
  try {
    await Bun.sleep(given.isQuick ? 100 : SETTLE_MS);
    memory.part("idle");
    const order = { folder: copy, port: server.port, isQuick: given.isQuick };
    const letters: LettersIn[] = [];
    let from = 0;
    for (const isNew of [false, true]) {
      for (const scheme of ["cavage", "rfc9421"] as const) {
        await before(`letters in, ${scheme}, ${isNew ? "new" : "known"} keys`);
        memory.part(`letters in, ${isNew ? "new" : "known"} keys`);
        const count = isNew ? plan.fresh : plan.known;
        letters.push(await lettersIn(copy, { ...order, scheme, isNew, from, count }));
        from += count;
      }
    }
    await before("a page while letters come in");
    memory.part("a page while letters come in");
    const count = Math.round((plan.perSecond * plan.readMs) / 1000);
    const page = await pageMeanwhile(server, seeded, given.folder, plan, {
      ...order,
      scheme: "cavage",
      isNew: false,
      from,
      count,
    });
    await before("letters out");
    memory.part("letters out");
    const arrivals: Arrivals[] = [];
    for (let i = 0; i < plan.posts; i++) {
      const arrived = sinks.expect(plan.hosts);
      await post(server, seeded, scale, 1, i);
      arrivals.push(await arrived);
    }
    memory.part("afterwards");
    await Bun.sleep(given.isQuick ? 100 : SETTLE_MS);
    return { letters, page, arrivals, hosts: plan.hosts, memory: memory.stop() };
  } finally {
    memory.stop();
    sinks.stop();
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
}

async function lettersIn(folder: string, order: Order): Promise<LettersIn> {
  const sender = await startSender(order);
  const progress = watch(folder);
  const stored = progress.activities();
  const started = performance.now();
  const { elapsedMs, statuses } = await sender.send({ connections: CONNECTIONS });
  await progress.until(() => progress.waiting("receive") === 0);
  const appliedMs = performance.now() - started;
  const applied = progress.activities() - stored;
  progress.close();
  sender.stop();
  refuseOthers(statuses);
  if (applied < order.count * STORED)
    throw new Error(`Of ${order.count} activities only ${applied} were stored.`);
  const { scheme, isNew, count } = order;
  const perSecond = (ms: number) => count / (ms / 1000);
  return {
    scheme,
    isNew,
    count,
    acceptedPerSecond: perSecond(elapsedMs),
    appliedPerSecond: perSecond(appliedMs),
  };
}

/** The home page of people here, one connection, and beside it a bare server that writes as many bytes. */
async function pageMeanwhile(
  server: Served,
  seeded: Seeded,
  folder: string,
  plan: FederationPlan,
  order: Order,
): Promise<FederationResult["page"]> {
  const headers = (cookie: string) => ({ accept: "text/html", cookie });
  const pages = [...seeded.neighbours, seeded.reader].map(({ cookie }) => ({
    path: "/",
    headers: headers(cookie),
  }));
  const loader = startLoader();
  const host = new URL(ORIGIN).host;
  const read = async (port: number, requests: typeof pages, durationMs: number): Promise<LoadResult> => {
    const result = await loader.run({ port, host, requests, connections: 1, durationMs });
    const others = Object.keys(result.statuses).filter((status) => status !== "200");
    if (others.length > 0) throw new Error(`The page answered ${JSON.stringify(result.statuses)}`);
    return result;
  };
  const warm = await read(server.port, pages, plan.readMs / 10);
  const shape = { rows: 20, bytes: Math.max(20, warm.bodyBytes) };
  const floor = await startFloor(folder, [shape]);
  const bare = floor.paths(shape, 50).map((path) => ({ path, headers: headers("") }));
  const sender = await startSender(order);
  try {
    // In turns, so that both sides see the same seconds.
    const both = async (share: number) => {
      const sides = { page: [] as number[], floor: [] as number[] };
      for (let round = 0; round < ROUNDS; round++) {
        sides.floor.push(...(await read(floor.port, bare, (plan.readMs * share) / ROUNDS / 2)).latencies);
        sides.page.push(...(await read(server.port, pages, (plan.readMs * share) / ROUNDS / 2)).latencies);
      }
      return { page: sideOf(sides.page), floor: sideOf(sides.floor) };
    };
    const quiet = await both(0.5);
    const sending = sender.send({ perSecond: plan.perSecond });
    const busy = await both(0.9);
    refuseOthers((await sending).statuses);
    return {
      perSecond: plan.perSecond,
      quiet: quiet.page,
      busy: busy.page,
      floorQuiet: quiet.floor,
      floorBusy: busy.floor,
    };
  } finally {
    sender.stop();
    loader.stop();
    floor.stop();
  }
}

const ROUNDS = 8;

function sideOf(latencies: number[]): PageSide {
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function refuseOthers(statuses: Readonly<Record<string, number>>): void {
  const others = Object.keys(statuses).filter((status) => status !== "202");
  if (others.length > 0) throw new Error(`The inbox answered ${JSON.stringify(statuses)}.`);
}

/** The world has fewer hosts that take letters than are measured here. */
async function addFollowers(folder: string, seeded: Seeded, scale: Scale, hosts: number): Promise<void> {
  const { config } = loadConfig({
    flags: { data_dir: folder, origin: ORIGIN, insecure_federation: "true" },
    env: {},
    cwd: folder,
  });
  const log = createLog({ now: systemNow, level: "error", form: "text", write: console.error });
  const { db, stop } = await open(config, log, systemNow);
  // Long before anything else in the world.
  let key = keyAt(Date.UTC(2022, 1, 1));
  for (let i = scale.sinks; i < hosts; i++) {
    const actor = sinkActor(i, seeded.sinkPort);
    const host = await hostKey(db, actor.host);
    const who = key++;
    await db.batch([
      ...insertActor({ actor, key: who, host, publicPem: "", nowMs: systemNow() }),
      ...follow({ key: who, iri: actor.iri, host }, seeded.author, key++),
    ]);
  }
  await stop();
}

const publicPemOf = (privatePem: string): string =>
  createPublicKey(privatePem).export({ type: "spki", format: "pem" }).toString();

function watchMemory(server: Served) {
  const most: [string, number][] = [];
  const look = (): void => {
    const last = most.at(-1);
    if (last) last[1] = Math.max(last[1], server.residentBytes());
  };
  const timer = setInterval(look, SAMPLE_EVERY_MS);
  return {
    /** From now on what is seen belongs to this part. */
    part(name: string): void {
      if (most.at(-1)?.[0] !== name) most.push([name, server.residentBytes()]);
    },
    stop(): readonly (readonly [string, number])[] {
      clearInterval(timer);
      return most;
    },
  };
}
